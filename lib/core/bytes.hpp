#pragma once
// Bytes as they come from a wire, and a cursor that reads them without ever passing their end.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gridtap {

using ByteView = std::span<const std::uint8_t>;

// The same bytes seen as text. The view lives as long as the bytes.
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Reads from the front; every read is checked. A failed read gives nothing and moves nothing.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : rest_(bytes) {}

  std::optional<std::uint8_t> u8();
  std::optional<std::uint16_t> u16();  // most significant byte first
  std::optional<std::uint32_t> u32();  // most significant byte first
  std::optional<ByteView> take(std::size_t count);

  ByteView rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  std::optional<std::uint32_t> big_endian(std::size_t count);

  ByteView rest_;
};

// Two upper-case digits a byte, nothing between them.
std::string to_hex(ByteView bytes);
// Digits in either case, an even number of them; nothing where the text is anything else.
std::optional<std::string> from_hex(std::string_view text);
// The value of one hexadecimal digit in either case, or -1.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace gridtap
