#pragma once
// Small files with passwords and keys. Only regular files are opened, so that a FIFO in the wrong
// place never blocks the start; errors name the file, never its content.

#include <string>

#include "core/result.hpp"

namespace gridtap::io {

inline constexpr std::size_t max_small_file = 64 * 1024;

Result<std::string> read_file(const std::string& path);

// Whether others than owner and group may read it.
bool readable_by_all(const std::string& path);

}  // namespace gridtap::io
