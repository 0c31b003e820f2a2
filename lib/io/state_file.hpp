#pragma once
// How the state file (state_form.hpp) gets to the disk and back: written beside, synchronised and
// renamed, so that a power cut leaves the old or the new one, and the generation before it as
// `.old`.

#include <optional>
#include <string>
#include <system_error>

#include "io/disk.hpp"
#include "io/state_form.hpp"

namespace gridtap::io {

inline constexpr std::size_t max_state_file = 16 * 1024 * 1024;  // a larger one is not read

// Of a file of at most that size; nothing with `error` set where it cannot be read.
std::optional<std::string> content_of(const std::string& path, std::error_code& error);
// The first line and the rows, to `path` in `directory`. Empty where it was written, else why not.
// May take as long as the disk likes, from any thread.
std::string write_state(const std::string& directory, const std::string& path,
                        const std::string& rows);
std::string write_state_on(Disk& disk, const std::string& directory, const std::string& path,
                           const std::string& rows);

}  // namespace gridtap::io
