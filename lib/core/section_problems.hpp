#pragma once
// The text of a problem: which value was found instead of the expected one, and what to write.
// Values of the environment and of keys that may be secrets are never shown.

#include <string>
#include <string_view>

#include "core/section.hpp"

namespace gridtap {

std::string marked(std::string_view text);  // `text`
std::string listed(const Words& words);
std::string did_you_mean(std::string_view word, const Words& known);  // empty where none is near
std::string found(const Setting& setting);
std::string want(std::string_view wanted, Setting::Kind kind);
std::string between(std::string_view least, std::string_view most);

// "adapter" of "adapter:p1", which YAML takes for one word; empty if it is not of this form.
std::string joined_key(const Setting& setting);
std::string no_space_behind(std::string_view key);

// Why a scalar is no value of the type, and what to write. `number`: it is one, in quotes.
std::string no_integer(const Setting& setting);
std::string no_number(const Setting& setting, bool number);
std::string no_duration(const Setting& setting);
std::string no_flag(const Setting& setting);

// 16 bytes in hex.
inline constexpr std::size_t key_digits = 32;
std::string no_key(std::string_view digits);

}  // namespace gridtap
