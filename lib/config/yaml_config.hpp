#pragma once
// The configuration file as a tree of settings with their places. YAML is a language in which one
// text has several readings; here only the plain part of it is let in: maps, lists and single
// values. What is refused names its line: keys twice, anchors, aliases and merge keys, tags,
// several documents, deep nesting, control characters, bytes that are no UTF-8.
//
//   devices:                 line 1, column 1: a key; its value is a map
//     meter:
//       line: ${METER}       a scalar, `substituted`: the environment's METER, as plain text
//       name: "NO"           a scalar, `quoted`
//
// Whatever the input, reading ends within a second and needs less than 64 MB.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "config/source_text.hpp"
#include "core/setting.hpp"

namespace gridtap::config {

inline constexpr std::size_t max_settings = 10'000;  // keys and values together
inline constexpr std::size_t max_key = 128;
inline constexpr std::size_t max_problems = 200;

// The value of an environment variable, or nothing.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Reads the text of a file. Nothing where its form is beyond reading; problems say why, and all
// that can be found in one pass is found. A value `${NAME}` is taken from the environment: it is
// then a plain scalar, whatever it holds, and no problem shows it.
std::optional<Setting> parse_yaml(std::string_view text, const Environment& environment,
                                  Problems& problems);

// The same from a file and the environment of this process. A missing or unreadable file is a
// problem without a place.
std::optional<Setting> load_yaml(const std::string& file, Problems& problems);

}  // namespace gridtap::config
