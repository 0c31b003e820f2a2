#include "core/bytes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace gridtap;

namespace {

constexpr std::array<std::uint8_t, 8> wire = {0x00, 0x01, 0xAB, 0xCD, 0xFF, 0xFE, 0xFD, 0xFC};

}  // namespace

TEST_CASE("bytes: a cursor reads most significant byte first") {
  Cursor cursor(wire);
  CHECK(cursor.u8() == 0x00);
  CHECK(cursor.u8() == 0x01);
  CHECK(cursor.u16() == 0xABCD);
  CHECK(cursor.u32() == 0xFFFEFDFC);
  CHECK(cursor.empty());
}

TEST_CASE("bytes: a read past the end gives nothing and moves nothing") {
  for (std::size_t length = 0; length < 4; ++length) {
    Cursor cursor(ByteView(wire).first(length));
    CHECK_FALSE(cursor.u32());
    CHECK_FALSE(cursor.take(length + 1));
    CHECK_FALSE(cursor.take(SIZE_MAX));
    if (length < 2) CHECK_FALSE(cursor.u16());
    if (length < 1) CHECK_FALSE(cursor.u8());
    CHECK(cursor.rest().size() == length);
  }
}

TEST_CASE("bytes: take hands out the bytes in front, also none") {
  Cursor cursor(wire);
  CHECK(cursor.take(0)->empty());
  CHECK(to_hex(*cursor.take(3)) == "0001AB");
  CHECK(to_hex(cursor.rest()) == "CDFFFEFDFC");
  CHECK(cursor.take(5).has_value());
  CHECK(cursor.take(0).has_value());
  CHECK_FALSE(cursor.take(1));
}

TEST_CASE("bytes: text and bytes are two views of the same thing") {
  const std::string text("a\0\xff", 3);
  CHECK(as_text(as_bytes(text)) == text);
  CHECK(to_hex(as_bytes(text)) == "6100FF");
  CHECK(as_bytes("").empty());
}

TEST_CASE("bytes: hex comes back as it went, in either case") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(from_hex(to_hex(as_bytes(all))) == all);
  CHECK(from_hex("aBcD") == "\xAB\xCD");
  CHECK(from_hex("") == "");
}

TEST_CASE("bytes: a text that is not hex throughout is refused") {
  for (const char* text : {"A", "ABC", "0G", "G0", "0x", " 0", "0 ", "AB CD", "-1", "\xff\xff"}) {
    CHECK_FALSE(from_hex(text));
  }
}

TEST_CASE("bytes: a hex digit has its value, everything else has none") {
  int digits = 0;
  for (int c = -128; c < 128; ++c) digits += hex_digit(static_cast<char>(c)) >= 0 ? 1 : 0;
  CHECK(digits == 22);
  CHECK(hex_digit('0') == 0);
  CHECK(hex_digit('9') == 9);
  CHECK(hex_digit('a') == 10);
  CHECK(hex_digit('F') == 15);
}
