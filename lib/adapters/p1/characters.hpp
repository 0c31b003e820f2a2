#pragma once
// The characters of a telegram's header and lines.

namespace gridtap::p1 {

constexpr bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
constexpr bool is_flag_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}
constexpr bool is_break(char c) { return c == '\r' || c == '\n' || c == '\0'; }
constexpr bool is_plain(char c) { return (c >= 0x20 && c <= 0x7E) || c == '\r' || c == '\n'; }

}  // namespace gridtap::p1
