#pragma once
// Values in A-XDR, as DLMS sends them (IEC 61334-6; IEC 62056-6-2, 4.1.5): a tag, then
//
//   00           null-data        nothing
//   01 02        array, structure count, then that many values
//   03 0D 16     boolean, bcd, enum                 1 byte
//   04           bit-string       count of bits, then ceil(bits / 8) bytes
//   05 06        int32, uint32                      4 bytes
//   09 0A 0C     octet-, visible-, utf8-string      count, then that many bytes
//   0F 11        int8, uint8                        1 byte
//   10 12        int16, uint16                      2 bytes
//   14 15        int64, uint64                      8 bytes
//   17 18        float32, float64                   4, 8 bytes
//   19 1A 1B     date-time, date, time              12, 5, 4 bytes
//
// Numbers are big endian. A count is one byte below 80, else 81, 82 or 84 and 1, 2 or 4 bytes.
//
//   02 02 09 06 01 00 01 07 00 FF 06 00 00 01 2C      structure of an OBIS code and the number 300

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace gridtap {

enum class AxdrTag : std::uint8_t {
  null_data = 0x00,
  array = 0x01,
  structure = 0x02,
  boolean = 0x03,
  bit_string = 0x04,
  int32 = 0x05,
  uint32 = 0x06,
  octet_string = 0x09,
  visible_string = 0x0A,
  utf8_string = 0x0C,
  bcd = 0x0D,
  int8 = 0x0F,
  int16 = 0x10,
  uint8 = 0x11,
  uint16 = 0x12,
  int64 = 0x14,
  uint64 = 0x15,
  enumeration = 0x16,
  float32 = 0x17,
  float64 = 0x18,
  date_time = 0x19,
  date = 0x1A,
  time = 0x1B,
};

// One value of a tree that is laid out in the order of the wire: what is inside an array or
// structure follows it.
struct AxdrNode {
  const std::uint8_t* data = nullptr;  // content of a value that holds no others
  std::uint32_t size = 0;              // in bytes; of an array or structure: values in it
  std::uint32_t end = 0;               // index of the node behind this one and all inside it
  AxdrTag tag = AxdrTag::null_data;

  ByteView content() const { return {data, data == nullptr ? 0 : size}; }
  bool holds_others() const { return tag == AxdrTag::array || tag == AxdrTag::structure; }
};

inline constexpr int max_axdr_depth = 8;  // arrays and structures inside one another
inline constexpr std::size_t max_axdr_nodes = 4096;

// The nodes of one value; its memory is taken once and used again.
class AxdrTree {
 public:
  // Reads one value with all inside it from the front; returns how many bytes it took. The views in
  // the nodes live as long as `bytes`. Errors: truncated (a count or length beyond the end),
  // overlong (deeper or more than the limits above), unsupported (a tag that is not listed: its
  // length cannot be known), bad_syntax (a count in another form). The tree is empty then.
  Result<std::size_t> parse(ByteView bytes);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const AxdrNode& operator[](std::size_t index) const { return nodes_[index]; }
  const AxdrNode* data() const { return nodes_.data(); }

 private:
  std::vector<AxdrNode> nodes_ = std::vector<AxdrNode>(max_axdr_nodes);
  std::size_t size_ = 0;
};

// The count at the cursor.
std::optional<std::uint32_t> take_axdr_count(Cursor& cursor);

// The number of an integer type; nothing for other types, and for what 63 bits do not hold.
std::optional<std::int64_t> axdr_rarer_integer(const AxdrNode& node);
inline std::optional<std::int64_t> axdr_integer(const AxdrNode& node) {
  if (node.tag != AxdrTag::uint32) return axdr_rarer_integer(node);
  const std::uint8_t* const b = node.data;
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

}  // namespace gridtap
