#pragma once
// The form of the state file, and how it gets to the disk: written beside, synchronised and
// renamed, so that a power cut leaves the old or the new one, and the generation before it as
// `.old`.
//
//   gridtap-state 1 CBF29CE484222325         version, FNV-1a of all that follows
//   meter.line=115200 8N1                    one line a key; \n, \r, \\ and, as \e, = escaped

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace gridtap::io {

inline constexpr std::size_t max_state_file = 16 * 1024 * 1024;  // a larger one is not read

using StateTexts = std::map<std::string, std::string, std::less<>>;

// What follows the first line.
std::string rows_of(const StateTexts& texts);
// Nothing where the text is not a whole state file of this version.
std::optional<StateTexts> parse_state(std::string_view text);
// Of a file of at most that size; nothing with `error` set where it cannot be read.
std::optional<std::string> content_of(const std::string& path, std::error_code& error);
// The first line and the rows, to `path` in `directory`. Empty where it was written, else why not.
// May take as long as the disk likes, from any thread.
std::string write_state(const std::string& directory, const std::string& path,
                        const std::string& rows);

}  // namespace gridtap::io
