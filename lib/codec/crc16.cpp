#include "codec/crc16.hpp"

#include <array>

namespace gridtap {
namespace {

// Eight bytes a step (slicing-by-8): row k holds the checksum of a byte with k zeros behind it.
using Tables = std::array<std::array<std::uint16_t, 256>, 8>;

constexpr Tables make_tables(unsigned reflected_polynomial) {
  Tables tables{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ reflected_polynomial : crc >> 1;
    tables[0][byte] = static_cast<std::uint16_t>(crc);
  }
  for (std::size_t row = 1; row < 8; ++row) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const unsigned before = tables[row - 1][byte];
      tables[row][byte] = static_cast<std::uint16_t>(before >> 8 ^ tables[0][before & 0xFF]);
    }
  }
  return tables;
}

constexpr Tables arc = make_tables(0xA001);
constexpr Tables x25 = make_tables(0x8408);

std::uint16_t run(const Tables& t, ByteView bytes, unsigned crc) {
  const std::uint8_t* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8) {
    crc = t[7][(p[0] ^ crc) & 0xFF] ^ t[6][(p[1] ^ crc >> 8) & 0xFF] ^ t[5][p[2]] ^ t[4][p[3]] ^
          t[3][p[4]] ^ t[2][p[5]] ^ t[1][p[6]] ^ t[0][p[7]];
  }
  for (; left > 0; --left, ++p) crc = crc >> 8 ^ t[0][(crc ^ *p) & 0xFF];
  return static_cast<std::uint16_t>(crc);
}

}  // namespace

std::uint16_t crc16_arc(ByteView bytes) { return run(arc, bytes, 0); }

std::uint16_t crc16_arc(ByteView bytes, std::uint16_t so_far) { return run(arc, bytes, so_far); }

std::uint16_t crc16_x25(ByteView bytes) {
  return static_cast<std::uint16_t>(run(x25, bytes, x25_begin) ^ 0xFFFF);
}

std::uint16_t crc16_ccitt_false(ByteView bytes) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= unsigned{byte} << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
  }
  return static_cast<std::uint16_t>(crc);
}

std::uint16_t x25_register(ByteView bytes, std::uint16_t so_far) { return run(x25, bytes, so_far); }

}  // namespace gridtap
