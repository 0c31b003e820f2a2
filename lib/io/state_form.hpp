#pragma once
// The form of the state file: the texts that survive a restart, each below its key.
//
//   gridtap-state 2 CBF29CE484222325         version, FNV-1a of all that follows
//   [meter.p1]                               a key: `\` and line ends in it are escaped
//    record 2 1B60E395                       its text, a space before each line
//    counter 1017
//   [other]
//   -115200 8N1                              a last line that does not end
//
// A file is whole or worth nothing: what does not fit the checksum is not read. Version 1 had a
// line a key and is still read.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gridtap::io {

using StateTexts = std::map<std::string, std::string, std::less<>>;

// What follows the first line; it takes no more memory than it is long.
std::string rows_of(const StateTexts& texts);
// The line above those rows.
std::string first_line_of(std::string_view rows);

struct ParsedState {
  StateTexts texts;
  bool current = true;  // in the form that rows_of() writes; else of the version before
};
// Nothing where the text is not a whole state file of one of the two versions.
std::optional<ParsedState> parse_state(std::string_view text);

}  // namespace gridtap::io
