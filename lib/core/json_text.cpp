#include "core/json_text.hpp"

#include <cstdint>
#include <cstdio>

namespace gridtap {
namespace {

// One code point and the bytes it took; not valid: one byte that is no UTF-8.
struct Rune {
  std::uint32_t point;
  std::size_t size;
  bool valid;
};

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool well_formed(std::uint32_t point, std::size_t size) {
  static constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  return point >= least[size] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

Rune next_rune(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = length_of(lead);
  if (size == 1) return {lead, 1, true};
  if (size == 0 || size > text.size()) return {0, 1, false};
  std::uint32_t point = lead & (0x7Fu >> size);
  for (std::size_t n = 1; n < size; ++n) {
    const auto byte = static_cast<unsigned char>(text[n]);
    if ((byte & 0xC0) != 0x80) return {0, 1, false};
    point = point << 6 | (byte & 0x3Fu);
  }
  if (!well_formed(point, size)) return {0, 1, false};
  return {point, size, true};
}

bool is_control(std::uint32_t point) { return point < 0x20 || (point >= 0x7F && point < 0xA0); }

constexpr std::string_view replacement = "\xEF\xBF\xBD";

void append_escaped(std::string& out, std::uint32_t control) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(control & 0xFF));
  out += text;
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const Rune rune = next_rune(text);
    if (!rune.valid) {
      out += replacement;
    } else if (is_control(rune.point)) {
      append_escaped(out, rune.point);
    } else {
      if (rune.point == '"' || rune.point == '\\') out += '\\';
      out += text.substr(0, rune.size);
    }
    text.remove_prefix(rune.size);
  }
  out += '"';
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json(out, text);
  return out;
}

std::size_t valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Rune rune = next_rune(text.substr(at));
    if (!rune.valid) break;
    at += rune.size;
  }
  return at;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Rune rune = next_rune(text);
    if (!rune.valid) {
      out += replacement;
    } else if (is_control(rune.point)) {
      out += ' ';
    } else {
      out += text.substr(0, rune.size);
    }
    text.remove_prefix(rune.size);
  }
  return out;
}

}  // namespace gridtap
