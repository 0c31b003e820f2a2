// A-XDR values: a tree laid out in the order of the wire, with limits that nothing passes.

#include <string>

#include <doctest/doctest.h>

#include "codec/axdr.hpp"

using namespace gridtap;

namespace {

std::string bytes(std::string_view hex) { return from_hex(hex).value_or(""); }

// What is wrong with the value, or nothing.
std::optional<Fault> fault_of(std::string_view hex) {
  AxdrTree tree;
  const std::string text = bytes(hex);
  const auto used = tree.parse(as_bytes(text));
  if (!used) CHECK(tree.empty());
  return used ? std::nullopt : std::optional(used.error().fault);
}

std::optional<std::int64_t> integer(std::string_view hex) {
  AxdrTree tree;
  const std::string text = bytes(hex);
  REQUIRE(tree.parse(as_bytes(text)));
  return axdr_integer(tree[0]);
}

}  // namespace

TEST_CASE("axdr: a value cut anywhere is truncated") {
  const std::string whole = bytes("020209060100010700FF060000012C");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    AxdrTree tree;
    const auto used = tree.parse(as_bytes(whole.substr(0, size)));
    REQUIRE_FALSE(used);
    CHECK(used.error().fault == Fault::truncated);
    CHECK(tree.empty());
  }
}

TEST_CASE("axdr: a structure, what is in it, and where it ends") {
  AxdrTree tree;
  const std::string text = bytes("020209060100010700FF060000012C") + "rest";
  REQUIRE(tree.parse(as_bytes(text)).value_or(0) == text.size() - 4);
  REQUIRE(tree.size() == 3);
  CHECK(tree[0].holds_others());
  CHECK(tree[0].size == 2);
  CHECK(tree[0].end == 3);
  CHECK(tree[0].content().empty());
  CHECK(to_hex(tree[1].content()) == "0100010700FF");
  CHECK(tree[1].tag == AxdrTag::octet_string);
  CHECK(axdr_integer(tree[2]) == 300);
}

TEST_CASE("axdr: arrays and structures inside one another close where they are full") {
  AxdrTree tree;
  // array of 3: structure of (u8 1, structure of nothing), null, array of (u8 2)
  const std::string text = bytes(
      "0103"
      "0202"
      "1101"
      "0200"
      "00"
      "0101"
      "1102");
  REQUIRE(tree.parse(as_bytes(text)).value_or(0) == text.size());
  REQUIRE(tree.size() == 7);
  const std::size_t ends[] = {7, 4, 3, 4, 5, 7, 7};
  for (std::size_t n = 0; n < 7; ++n) {
    CAPTURE(n);
    CHECK(tree[n].end == ends[n]);
  }
}

TEST_CASE("axdr: every tag has its length") {
  for (const char* hex : {"00",
                          "0301",
                          "040800",
                          "0409FFFF",
                          "0500000001",
                          "0600000001",
                          "0900",
                          "0901AA",
                          "0A0141",
                          "0C0141",
                          "0D10",
                          "0F01",
                          "100001",
                          "1101",
                          "120001",
                          "140000000000000001",
                          "150000000000000001",
                          "1601",
                          "1700000000",
                          "180000000000000000",
                          "1907EA0B140508000AFF800000",
                          "1A07EA0B1405",
                          "1B08000AFF",
                          "0100",
                          "0200"}) {
    CAPTURE(hex);
    AxdrTree tree;
    const std::string text = bytes(hex);
    CHECK(tree.parse(as_bytes(text + "more")).value_or(0) == text.size());
  }
}

TEST_CASE("axdr: integers are big endian, signed or unsigned by their tag") {
  CHECK(integer("0FFF") == -1);
  CHECK(integer("11FF") == 255);
  CHECK(integer("10FFFE") == -2);
  CHECK(integer("12FFFE") == 65534);
  CHECK(integer("05FFFFFFFF") == -1);
  CHECK(integer("06FFFFFFFF") == 4294967295);
  CHECK(integer("14FFFFFFFFFFFFFFFF") == -1);
  CHECK(integer("157FFFFFFFFFFFFFFF") == 9223372036854775807);
  CHECK(integer("15FFFFFFFFFFFFFFFF") == std::nullopt);
  CHECK(integer("090101") == std::nullopt);
  CHECK(integer("00") == std::nullopt);
}

TEST_CASE("axdr: counts may be long, in the forms of the standard alone") {
  const std::string content(200, 'x');
  for (const char* count : {"81C8", "8200C8", "84000000C8"}) {
    CAPTURE(count);
    AxdrTree tree;
    const std::string text = bytes(std::string("09") + count) + content;
    CHECK(tree.parse(as_bytes(text)).value_or(0) == text.size());
    CHECK(tree[0].size == 200);
  }
  for (const char* bad : {"0980", "09830000C8", "09850000000001", "09FF"}) {
    CAPTURE(bad);
    CHECK(fault_of(bad) == Fault::bad_syntax);
  }
  CHECK(fault_of("0982") == Fault::truncated);
}

TEST_CASE("axdr: what cannot be is refused by its name, however large it claims to be") {
  CHECK(fault_of("07") == Fault::unsupported);
  CHECK(fault_of("FF") == Fault::unsupported);
  CHECK(fault_of("0984FFFFFFFF00") == Fault::truncated);
  CHECK(fault_of("0184FFFFFFFF00") == Fault::truncated);
  CHECK(fault_of("0484FFFFFFFF00") == Fault::truncated);
}

TEST_CASE("axdr: depth and number of values have limits") {
  std::string deep, wide;
  for (int n = 0; n < max_axdr_depth; ++n) deep += "0101";
  CHECK(fault_of(deep + "00") == std::nullopt);
  CHECK(fault_of("0101" + deep + "00") == Fault::overlong);
  AxdrTree tree;
  wide = bytes("01820FFF") + std::string(4095, '\0');
  CHECK(tree.parse(as_bytes(wide)).has_value());
  CHECK(tree.size() == max_axdr_nodes);
  wide = bytes("01821000") + std::string(4096, '\0');
  const auto used = tree.parse(as_bytes(wide));
  REQUIRE_FALSE(used);
  CHECK(used.error().fault == Fault::overlong);
}

TEST_CASE("axdr: a tree is used again, and forgets what it held") {
  AxdrTree tree;
  const std::string one = bytes("010211011102"), two = bytes("1103");
  REQUIRE(tree.parse(as_bytes(one)));
  REQUIRE(tree.parse(as_bytes(two)));
  CHECK(tree.size() == 1);
  CHECK(axdr_integer(tree[0]) == 3);
}
