#pragma once
// Names that become levels of a topic: what they may be, and what to say where they are not.

#include <optional>
#include <string>
#include <string_view>

namespace gridtap {

inline constexpr std::size_t max_id = 48;
// The id of the gateway's own device.
inline constexpr std::string_view gateway_device = "gateway";

// `[a-z0-9_]{1,48}`
bool is_id(std::string_view text);

// What is wrong with the id of a device; nothing where it is good. `gateway` is the gateway's own.
std::optional<std::string> device_id_problem(std::string_view id);

// A name from a wire as one topic level: lower case, `_` for every other character, at most
// max_level long. Empty only where the name is.
inline constexpr std::size_t max_level = 48;
std::string topic_level(std::string_view wire_name);

// What is wrong with one level of a topic (`base`): no `/`, `+`, `#`, space or control character.
std::optional<std::string> topic_level_problem(std::string_view level);
// The same of a topic of one or more levels (`prefix`).
std::optional<std::string> topic_problem(std::string_view topic);

// What a meter sends as its id and is none: nothing but spaces, dashes, zeros, NUL or FF.
bool is_unset_id(std::string_view id);
// Printable, with at least five digits: what the number of a meter looks like. An `x` counts as a
// digit: recordings that were made public have it in place of one.
bool is_number_id(std::string_view id);
// Printable, with letters and fewer digits: the type of a meter.
bool is_type_id(std::string_view id);

}  // namespace gridtap
