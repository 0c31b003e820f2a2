#include "model/slug.hpp"

#include <cstdint>

#include "core/letter_case.hpp"

namespace gridtap::model {
namespace {

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

// U+00C0 to U+017F without their marks, a space between two: Latin-1 and Latin Extended-A. A dot
// is a sign that is not a letter.
constexpr std::string_view plain_letters =
    "a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th ss "  // U+00C0
    "a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th y "   // U+00E0
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "     // U+0100
    "g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l "   // U+0120
    "l l l n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s "   // U+0140
    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";    // U+0160

std::string_view plain_letter(std::uint32_t point) {
  if (point == 0xB0) return "deg";
  if (point == 0xB2) return "2";
  if (point == 0xB3) return "3";
  if (point < 0xC0 || point > 0x17F) return "";
  std::string_view rest = plain_letters;
  for (std::uint32_t n = 0xC0; n < point; ++n) rest.remove_prefix(rest.find(' ') + 1);
  const std::string_view letter = rest.substr(0, rest.find(' '));
  return letter == "." ? "" : letter;
}

// The code point at the front of UTF-8 text of at most two bytes a sign; 0 for any other. Moves on.
std::uint32_t take_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (first < 0x80) return first;
  std::uint32_t second = 0;
  std::size_t count = 0;
  while (!text.empty() && is_continuation(text.front())) {
    second = static_cast<unsigned char>(text.front()) & 0x3FU;
    text.remove_prefix(1);
    ++count;
  }
  return (first & 0xE0U) == 0xC0 && count == 1 ? (first & 0x1FU) << 6U | second : 0;
}

}  // namespace

std::string slug(std::string_view text) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    const std::uint32_t point = take_point(text);
    const char ascii = point < 0x80 ? lower(static_cast<char>(point)) : '\0';
    std::string_view letters = is_word(ascii) ? std::string_view(&ascii, 1) : plain_letter(point);
    if (letters.empty()) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += '_';
    gap = false;
    out += letters;
  }
  return out;
}

}  // namespace gridtap::model
