// The table of HAN objects: one row per code, one code per meaning.

#include <set>

#include <doctest/doctest.h>

#include "adapters/han/fields.hpp"
#include "core/vocabulary.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::han;

namespace {

std::string_view key_of(const std::string& obis_hex) {
  const std::string obis = hex(obis_hex);
  const Field* field = find_field(as_bytes(obis));
  return field == nullptr ? "none" : field->key;
}

std::string text_of(const std::string& obis_hex) {
  const std::string obis = hex(obis_hex);
  ObisText text;
  return std::string(obis_text(as_bytes(obis), text));
}

// The unit that each quantity is published in.
std::string_view unit_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::power:
      return "W";
    case Quantity::reactive_power:
      return "var";
    case Quantity::current:
      return "A";
    case Quantity::voltage:
      return "V";
    case Quantity::energy:
      return "kWh";
    case Quantity::reactive_energy:
      return "kvarh";
    default:
      return "";
  }
}

}  // namespace

TEST_CASE("han fields: every key is in the vocabulary, in its unit, and appears once") {
  std::set<std::string_view> keys;
  for (const Field& field : fields()) {
    if (field.key.empty()) continue;
    CAPTURE(field.key);
    const EntitySpec* spec = find_spec(field.key);
    REQUIRE(spec != nullptr);
    CHECK(keys.insert(field.key).second);
    if (field.is_number()) CHECK(spec->unit == unit_of(field.quantity));
  }
}

TEST_CASE("han fields: every row is found by its code, and knows its place") {
  std::size_t index = 0;
  for (const Field& field : fields()) {
    const std::string obis = {1,
                              0,
                              static_cast<char>(field.c),
                              static_cast<char>(field.d),
                              static_cast<char>(field.e),
                              static_cast<char>(255)};
    CHECK(find_field(as_bytes(obis)) == &field);
    CHECK(field.index == index);
    if (!field.key.empty()) CHECK(field_index(field.key) == index);
    ++index;
  }
}

TEST_CASE("han fields: the channel does not count, medium and period do") {
  CHECK(key_of("0100010700FF") == "power_import");
  CHECK(key_of("0101010700FF") == "power_import");
  CHECK(key_of("0001010000FF") == "meter_clock");
  CHECK(key_of("0700010700FF") == "none");  // gas
  CHECK(key_of("010001070000") == "none");  // of the last billing period
  CHECK(key_of("0100010705FF") == "none");
}

TEST_CASE("han fields: a code as text, without its last byte") {
  CHECK(text_of("0100010700FF") == "1-0:1.7.0");
  CHECK(text_of("0101000281FF") == "1-1:0.2.129");
  CHECK(text_of("FFFFFFFFFFFF") == "255-255:255.255.255");
  CHECK(text_of("000A64630A00") == "0-10:100.99.10");
}

TEST_CASE("han fields: Kaifa's lists have an order of their own") {
  struct Case {
    std::size_t count;
    std::string_view last;
  };
  for (const auto& [count, last] :
       {Case{1, "1-0:1.7.0"}, Case{9, "1-0:32.7.0"}, Case{13, "1-0:72.7.0"}, Case{14, "1-0:4.8.0"},
        Case{18, "1-0:4.8.0"}}) {
    CAPTURE(count);
    const auto positions = kaifa_positions(count);
    REQUIRE(positions.size() == count);
    CHECK(positions.back().source == last);
    for (const Position& position : positions) CHECK(position.field != nullptr);
  }
  for (const std::size_t count : {0u, 2u, 8u, 10u, 12u, 15u, 17u, 19u, 36u}) {
    CHECK(kaifa_positions(count).empty());
  }
}
