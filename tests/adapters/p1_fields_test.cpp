// The table of objects and the vocabulary fit together.

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/fields.hpp"
#include "core/vocabulary.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

std::string_view unit_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::energy:
      return "kWh";
    case Quantity::reactive_energy:
      return "kvarh";
    case Quantity::power:
      return "W";
    case Quantity::reactive_power:
      return "var";
    case Quantity::apparent_power:
      return "VA";
    case Quantity::voltage:
      return "V";
    case Quantity::current:
      return "A";
    case Quantity::frequency:
      return "Hz";
    default:
      return "";
  }
}

const Field* find(std::string_view line) {
  Object object;
  REQUIRE(parse_object(line, object));
  return find_field(object);
}

std::string key_of(std::string_view line) {
  const Field* field = find(line);
  return field == nullptr ? "none" : std::string(field->key);
}

}  // namespace

TEST_CASE("p1 fields: no code appears twice") {
  std::set<std::uint32_t> codes;
  for (const Field& field : fields()) {
    CAPTURE(field.key);
    CAPTURE(field.code);
    CHECK(codes.insert(field.code).second);
  }
}

TEST_CASE("p1 fields: every key is in the vocabulary, with the unit that is published") {
  for (const Field& field : fields()) {
    CAPTURE(field.key);
    const bool silent = field.form == Form::identity || field.form == Form::ignored;
    CHECK(field.key.empty() == silent);
    if (silent) continue;
    const EntitySpec* spec = find_spec(field.key);
    REQUIRE(spec != nullptr);
    if (field.form == Form::number) CHECK(spec->unit == unit_of(field.quantity));
    if (field.form == Form::count || field.form == Form::power_factor) CHECK(spec->unit == "");
    if (field.form == Form::peak || field.form == Form::peaks) CHECK(spec->unit == "W");
    if (field.form == Form::fuse) CHECK(spec->unit == "A");
    if (field.form == Form::power_failures) CHECK(spec->device_class == "timestamp");
    CHECK(field.total ==
          (spec->statistics == Statistics::total_increasing && field.form == Form::number));
  }
}

TEST_CASE("p1 fields: keys without a row of their own are in the vocabulary, too") {
  for (const std::string_view key : {"meter_clock",
                                     "meter_relay_1",
                                     "meter_relay_4",
                                     "limiter_apparent",
                                     "fuse_threshold_export",
                                     "current_avg_l1",
                                     "current_avg_l3",
                                     "current_signed_l2",
                                     "power_net_l1",
                                     "power_net_l3",
                                     "tariff_name",
                                     "demand_import_month_peak_time",
                                     "demand_export_month_peak_time",
                                     "gas",
                                     "gas_energy",
                                     "heat",
                                     "cooling",
                                     "water",
                                     "hot_water",
                                     "heat_cost",
                                     "mbus_electricity",
                                     "reading_time",
                                     "valve",
                                     "ean"}) {
    CAPTURE(key);
    CHECK(find_spec(key) != nullptr);
  }
}

TEST_CASE("p1 fields: voltages, frequencies and thresholds are never multiplied") {
  for (const Field& field : fields()) {
    CAPTURE(field.key);
    const bool flows = field.form == Form::peak || field.form == Form::peaks ||
                       (field.form == Form::number && field.quantity != Quantity::voltage &&
                        field.quantity != Quantity::frequency);
    CHECK(field.factor == flows);
  }
}

TEST_CASE("p1 fields: a code is found by its medium, its channel and its last part") {
  struct Case {
    std::string_view line, key;
  };
  const Case cases[] = {
      {"1-0:1.8.1(1*kWh)", "energy_import_t1"},
      {"1-1:1.8.0(1*kWh)", "energy_import"},
      {"1-0:1.8.1.255(1*kWh)", "energy_import_t1"},
      {"1-0:1.8.1*255(1*kWh)", "energy_import_t1"},
      {"1-0:1.8.1*01(1*kWh)", "none"},  // a register of a past period
      {"1-2:1.8.1(1*kWh)", "none"},
      {"0-0:1.8.1(1*kWh)", "none"},
      {"7-0:23.1.0(1*m3)", "none"},
      {"1-0:1.8.6(1*kWh)", "none"},
      {"1-0:13.3.0(1)", "none"},
      {"1-3:0.2.8(50)", "p1_version"},
      {"1-3:1.8.0(1*kWh)", "none"},
      {"0-0:96.1.4(50217)", "p1_version"},
      {"0-1:96.1.4(50217)", "none"},
      {"0-0:96.14.1(03)", "tariff"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.line);
    CHECK(key_of(one.line) == one.key);
  }
}

TEST_CASE("p1 fields: 0.2.8 is a version under channel 3, and a checksum of the firmware else") {
  CHECK(find("1-3:0.2.8(50)")->form == Form::version);
  CHECK(find("1-0:0.2.8(A1B2)")->form == Form::ignored);
  CHECK(find("1-1:0.2.8(A1B2)")->form == Form::ignored);
}

TEST_CASE("p1 fields: rows with one key are one entity") {
  CHECK(find("0-0:96.14.0(1)")->entity == find("0-0:96.14.1(1)")->entity);
  CHECK(find("1-0:31.4.0(1)")->entity == find("1-0:71.4.0(1)")->entity);
  CHECK(find("1-0:1.8.1(1)")->entity != find("1-0:1.8.2(1)")->entity);
  CHECK(entity_of("energy_import_t2") == find("1-0:1.8.2(1)")->entity);
  CHECK(entity_of("no_such_key") == fields().size());
}
