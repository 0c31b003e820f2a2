// The table from keys to slots, against a plain one.
#include "model/key_index.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::model;

namespace {

struct Table {
  auto key_of() const {
    return [this](std::uint16_t slot) { return std::string_view(keys[slot]); };
  }
  std::uint16_t find(std::string_view key) const { return index.find(key, key_of()); }
  std::uint16_t add(std::string key) {
    keys.push_back(std::move(key));
    const auto slot = static_cast<std::uint16_t>(keys.size() - 1);
    index.add(slot, key_of());
    return slot;
  }
  std::vector<std::string> keys;
  KeyIndex index;
};

}  // namespace

TEST_CASE("key index: in an empty one nothing is found, and the search ends") {
  const Table table;
  CHECK(table.find("") == KeyIndex::none);
  CHECK(table.find("power") == KeyIndex::none);
}

TEST_CASE("key index: each key is found at its slot, and none that only looks like it") {
  Table table;
  for (const char* key : {"power", "power_", "powe", "POWER", "", "p"}) {
    CAPTURE(key);
    CHECK(table.find(key) == KeyIndex::none);
    const std::uint16_t slot = table.add(key);
    CHECK(table.find(key) == slot);
  }
  CHECK(table.find("power") == 0);
  CHECK(table.find("other") == KeyIndex::none);
}

TEST_CASE("key index: it grows with its keys, and loses none of them on the way") {
  Table table;
  for (std::size_t count = 0; count < 2000; ++count) {
    table.add("key_" + std::to_string(count));
    for (const std::size_t old : {std::size_t{0}, count / 2, count}) {
      REQUIRE(table.find("key_" + std::to_string(old)) == old);
    }
    REQUIRE(table.find("key_" + std::to_string(count + 1)) == KeyIndex::none);
  }
}

TEST_CASE("key index: filled exactly to where it grows, a search for what is missing ends") {
  for (std::size_t count = 1; count < 100; ++count) {
    Table table;
    for (std::size_t n = 0; n < count; ++n) table.add(std::to_string(n));
    for (int n = 0; n < 200; ++n) {
      REQUIRE(table.find("missing_" + std::to_string(n)) == KeyIndex::none);
    }
  }
}

TEST_CASE("key index: cleared it is empty, and can be filled anew with other slots") {
  Table table;
  for (int n = 0; n < 50; ++n) table.add(std::to_string(n));
  table.index.clear();
  for (int n = 0; n < 50; ++n) CHECK(table.find(std::to_string(n)) == KeyIndex::none);
  for (std::uint16_t slot = 49; slot > 10; --slot) table.index.add(slot, table.key_of());
  for (std::uint16_t slot = 0; slot < 50; ++slot) {
    CHECK(table.find(std::to_string(slot)) == (slot > 10 ? slot : KeyIndex::none));
  }
}

TEST_CASE("key index: thousands of random keys agree with a plain table") {
  Dice dice(9);
  Table table;
  std::map<std::string, std::uint16_t> plain;
  for (int n = 0; n < 20'000; ++n) {
    std::string key;
    for (std::uint32_t length = dice(4); length > 0; --length) {
      key += static_cast<char>('a' + dice(8));
    }
    const auto known = plain.find(key);
    CHECK(table.find(key) == (known == plain.end() ? KeyIndex::none : known->second));
    if (known == plain.end()) plain[key] = table.add(key);
  }
  CHECK(plain.size() == table.keys.size());
}
