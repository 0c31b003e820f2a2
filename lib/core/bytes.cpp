#include "core/bytes.hpp"

namespace gridtap {

std::optional<ByteView> Cursor::take(std::size_t count) {
  if (count > rest_.size()) return {};
  const ByteView taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::optional<std::uint32_t> Cursor::big_endian(std::size_t count) {
  const auto bytes = take(count);
  if (!bytes) return {};
  std::uint32_t value = 0;
  for (const std::uint8_t byte : *bytes) value = value << 8 | byte;
  return value;
}

std::optional<std::uint8_t> Cursor::u8() {
  const auto value = big_endian(1);
  if (!value) return {};
  return static_cast<std::uint8_t>(*value);
}

std::optional<std::uint16_t> Cursor::u16() {
  const auto value = big_endian(2);
  if (!value) return {};
  return static_cast<std::uint16_t>(*value);
}

std::optional<std::uint32_t> Cursor::u32() { return big_endian(4); }

std::string to_hex(ByteView bytes) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return {};
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t n = 0; n < text.size(); n += 2) {
    const int high = hex_digit(text[n]);
    const int low = hex_digit(text[n + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace gridtap
