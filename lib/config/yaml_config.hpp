#pragma once
// The configuration file as a tree of settings with their places. YAML is a language in which one
// text has several readings; here only the plain part of it is let in: maps, lists and single
// values. What is refused names its line: keys twice, anchors and aliases, tags, several documents,
// deep nesting, control characters.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/setting.hpp"

namespace gridtap::config {

inline constexpr std::size_t max_file_bytes = 256 * 1024;
inline constexpr std::size_t max_depth = 16;
inline constexpr std::size_t max_settings = 10'000;

// The value of an environment variable, or nothing.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Reads the text of a file. Nothing where its form is beyond reading; problems say why, and all
// that can be found in one pass is found. A value `${NAME}` is taken from the environment.
std::optional<Setting> parse_yaml(std::string_view text, const Environment& environment,
                                  Problems& problems);

// The same from a file and the environment of this process. A missing or unreadable file is a
// problem without a place.
std::optional<Setting> load_yaml(const std::string& file, Problems& problems);

}  // namespace gridtap::config
