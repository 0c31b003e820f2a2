// What the fields of a coulometer mean, and what it can be told.
#include "adapters/kgf/fields.hpp"

#include <doctest/doctest.h>

#include "core/vocabulary.hpp"

using namespace gridtap;
using namespace gridtap::kgf;

namespace {

std::string raw(std::string_view key, std::string_view value) {
  const auto found = find_write(key)->raw(*parse_decimal(value));
  return found ? std::to_string(*found) : "refused";
}

}  // namespace

TEST_CASE("kgf fields: every key is in the vocabulary, and every command has a write") {
  for (const std::size_t count : {fields_of_kg, fields_of_kh}) {
    for (const Field& field : measured(count)) CHECK(find_spec(field.key) != nullptr);
  }
  for (const Field& field : setting_fields()) CHECK(find_spec(field.key) != nullptr);
  for (const Write& write : writes()) {
    CAPTURE(write.key);
    const EntitySpec* const row = find_spec(write.key);
    REQUIRE(row != nullptr);
    const bool commanded = row->platform == Platform::number || row->platform == Platform::toggle ||
                           row->platform == Platform::button;
    CHECK(commanded);
    if (write.proof == Proof::setting)
      CHECK(setting_fields()[write.field() > 11 ? 12 : write.field()].key == write.key);
  }
}

TEST_CASE("kgf fields: a value becomes the nearest step, halves away from zero") {
  CHECK(raw("over_voltage", "56.8") == "5680");
  CHECK(raw("over_voltage", "56.805") == "5681");
  CHECK(raw("over_voltage", "56.8049") == "5680");
  CHECK(raw("capacity_nominal", "200") == "2000");
  CHECK(raw("capacity_nominal", "0.05") == "1");
  CHECK(raw("over_temperature", "-0.5") == "99");
  CHECK(raw("temperature_calibration", "-2") == "98");
  CHECK(raw("battery_level_set", "49.5") == "50");
}

TEST_CASE("kgf fields: what is outside the limits of the meter is refused") {
  CHECK(raw("over_voltage", "120") == "12000");
  CHECK(raw("over_voltage", "120.01") == "refused");
  CHECK(raw("over_voltage", "-0.01") == "refused");
  CHECK(raw("capacity_nominal", "0.04") == "refused");
  CHECK(raw("capacity_nominal", "9999.9") == "99999");
  CHECK(raw("over_temperature", "120") == "220");
  CHECK(raw("over_temperature", "121") == "refused");
  CHECK(raw("over_temperature", "-100.5") == "refused");
  CHECK(raw("delay_time", "100") == "refused");
  CHECK(raw("battery_level_set", "101") == "refused");
  CHECK(raw("over_power", "999999999999999") == "refused");
}

TEST_CASE("kgf fields: the limits and steps of the meter are announced") {
  const EntitySpec power = find_write("over_power")->spec();
  CHECK(power.min == Decimal{0, 0});
  CHECK(power.max == Decimal{78000, 0});
  CHECK(power.step == Decimal{1, -2});
  const EntitySpec heat = find_write("over_temperature")->spec();
  CHECK(heat.min == Decimal{-100, 0});
  CHECK(heat.max == Decimal{120, 0});
}

TEST_CASE("kgf fields: a state is its protection, off, or a code") {
  CHECK(state_text(0) == "on");
  CHECK(state_text(3) == "lvp");
  CHECK(state_text(99) == "off");
  CHECK(state_text(255) == "off");
  CHECK(state_text(7) == "code7");
}
