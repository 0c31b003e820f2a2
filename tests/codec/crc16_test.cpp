#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "codec/crc16.hpp"

using namespace gridtap;

namespace {

constexpr std::string_view telegram = "/TST5demo\r\n\r\n1-0:1.7.0(00.123*kW)\r\n!";

std::uint16_t bit_by_bit(std::string_view text, std::uint16_t polynomial, std::uint16_t begin) {
  std::uint16_t crc = begin;
  for (const std::uint8_t byte : as_bytes(text)) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (crc & 1) != 0;
      crc = static_cast<std::uint16_t>(crc >> 1);
      if (carry) crc = static_cast<std::uint16_t>(crc ^ polynomial);
    }
  }
  return crc;
}

}  // namespace

TEST_CASE("crc16 arc: a flipped bit always changes the checksum, wherever it is") {
  const std::uint16_t right = crc16_arc(as_bytes(telegram));
  for (std::size_t at = 0; at < telegram.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped(telegram);
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      CHECK(crc16_arc(as_bytes(flipped)) != right);
    }
  }
}

TEST_CASE("crc16 arc: the known texts have the known checksums") {
  struct Row {
    std::string_view text;
    std::uint16_t crc;
  };
  const Row rows[] = {
      {"", 0x0000},       {"123456789", 0xBB3D},
      {"/", 0xDC41},      {"/TST5demo\r\n\r\n!", 0x0FB0},
      {telegram, 0xF40F}, {"/TST5demo\n\n1-0:1.7.0(00.123*kW)\n!", 0x10EF},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    CHECK(crc16_arc(as_bytes(row.text)) == row.crc);
  }
}

TEST_CASE("crc16 arc: a text in two pieces has the checksum of the whole, wherever it is cut") {
  for (std::size_t cut = 0; cut <= telegram.size(); ++cut) {
    const std::uint16_t front = crc16_arc(as_bytes(telegram.substr(0, cut)));
    CHECK(crc16_arc(as_bytes(telegram.substr(cut)), front) == 0xF40F);
  }
}

TEST_CASE("crc16: both agree with the division of one bit after the other, for every byte value") {
  std::string bytes;
  for (int value = 0; value < 256; ++value) {
    bytes += static_cast<char>(value);
    CHECK(crc16_arc(as_bytes(bytes)) == bit_by_bit(bytes, 0xA001, 0));
    CHECK(crc16_x25(as_bytes(bytes)) == (bit_by_bit(bytes, 0x8408, 0xFFFF) ^ 0xFFFF));
  }
}

TEST_CASE("crc16 x25: the check value is 906E, and of nothing it is 0000") {
  CHECK(crc16_x25(as_bytes("123456789")) == 0x906E);
  CHECK(crc16_x25({}) == 0x0000);
}

TEST_CASE("crc16 x25: behind its own checksum a frame leaves the residue F0B8") {
  std::string frame = "\xA0\x08\x03\x21\x93";
  const std::uint16_t crc = crc16_x25(as_bytes(frame));
  frame += static_cast<char>(crc & 0xFF);
  frame += static_cast<char>(crc >> 8);
  CHECK((crc16_x25(as_bytes(frame)) ^ 0xFFFF) == 0xF0B8);
}

TEST_CASE("crc16 ccitt-false: the check value, the frames of the document, and the empty text") {
  CHECK(crc16_ccitt_false(as_bytes("123456789")) == 0x29B1);
  CHECK(crc16_ccitt_false(as_bytes("g1,t=21.5,h=48")) == 0x03E3);
  CHECK(crc16_ccitt_false({}) == 0xFFFF);
}
