#pragma once
// The text of a configuration before YAML sees it: read from a plain file within limits, and free
// of bytes that no editor shows.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/setting.hpp"

namespace gridtap::config {

inline constexpr std::size_t max_file_bytes = 256 * 1024;
inline constexpr std::size_t max_depth = 16;  // maps and lists in each other

// The bytes of a regular file. Nothing else is opened for long: a pipe would wait for its writer.
// Errors say what is wrong without the file's name.
Result<std::string> read_source(const std::string& file);

// The text behind a byte order mark.
std::string_view without_mark(std::string_view text);

// Reports what YAML would answer with an obscure error: invalid UTF-8, control characters, tabs in
// the indentation; and a row of brackets that would only cost its memory. One problem a line at
// most; false where there is any.
bool check_characters(std::string_view text, Problems& problems);

// Holds a control character, a line end or bytes that are no UTF-8?
bool is_odd_text(std::string_view text);

}  // namespace gridtap::config
