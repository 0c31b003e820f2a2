#pragma once
// Text as a JSON string, for code that builds small JSON by hand (JSON lines, attributes): quotes
// added, controls and what is not UTF-8 made harmless, so that whatever a wire sends is safe to
// print and to parse.

#include <string>
#include <string_view>

namespace gridtap {

// Appends `"text"`. Control characters (C0, DEL, C1) become \u00XX, bytes that are no UTF-8 become
// U+FFFD, everything else stays.
void append_json(std::string& out, std::string_view text);
std::string json_quoted(std::string_view text);

// Returns the position of the first byte that is not valid UTF-8; the size of the text if all is.
std::size_t valid_utf8(std::string_view text);

// The same replacement of bad bytes without quotes and escapes, for payloads and logs: controls
// become spaces.
std::string printable(std::string_view text);

}  // namespace gridtap
