// Which values have a history, and as what it is kept.
#include "history/series_choice.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace gridtap;
using namespace gridtap::history;

namespace {

SeriesHead head(std::string_view key) {
  const auto head = head_of("meter/" + std::string(key), *find_spec(key));
  REQUIRE(head);
  return *head;
}

}  // namespace

TEST_CASE("series choice: a pattern that could blow up takes no time") {
  const SeriesChoice hostile({std::string(200, '*') + "/" + std::string(200, '*') + "x"});
  CHECK_FALSE(hostile.takes(std::string(48, 'a'), std::string(48, 'a')));
}

TEST_CASE("series choice: the last pattern that fits decides") {
  const SeriesChoice choice({"default", "meter/voltage_*", "-meter/power_import*", "*/frequency",
                             "meter/power_import_l2"});
  CHECK(choice.takes("meter", "energy_import"));
  CHECK(choice.takes("meter", "voltage_l1"));
  CHECK_FALSE(choice.takes("solar", "voltage_l1"));
  CHECK_FALSE(choice.takes("meter", "power_import"));
  CHECK(choice.takes("solar", "power_import"));
  CHECK(choice.takes("meter", "power_import_l2"));
  CHECK(choice.takes("any", "frequency"));
  CHECK_FALSE(choice.takes("any", "frequency_2"));
}

TEST_CASE("series choice: without the default there is only what is named, without any nothing") {
  CHECK_FALSE(SeriesChoice({"meter/*"}).takes("solar", "energy_import"));
  CHECK(SeriesChoice({"meter/*"}).takes("meter", "current_l1"));
  CHECK_FALSE(SeriesChoice({}).takes("meter", "energy_import"));
  CHECK_FALSE(SeriesChoice({"default", "-default"}).takes("meter", "energy_import"));
}

TEST_CASE("series choice: the default is what people look at later") {
  for (const char* key :
       {"energy_import", "energy_export_t12", "power_import", "power_export", "power_net", "power",
        "gas", "water", "heat", "battery_level", "battery_power", "dc_power", "energy_produced",
        "energy_charged", "meter_power_net", "inverter2_power", "battery_energy_discharged",
        "price_now"}) {
    CAPTURE(key);
    CHECK(is_chosen_by_default(key));
  }
  for (const char* key : {"energy_import_l1", "power_l1", "power_import_l3", "voltage_l1",
                          "current", "frequency", "today_import", "hour_energy", "frames_ok",
                          "mppt1_power", "energy_import_live", "power_rated", "battery_health",
                          "temperature", "energy_import_tx", "energy_import_t", ""}) {
    CAPTURE(key);
    CHECK_FALSE(is_chosen_by_default(key));
  }
}

TEST_CASE("series choice: all that the default takes of the vocabulary makes quarter-hours") {
  std::set<std::string> taken;
  for (const auto& rows : vocabulary()) {
    for (const EntitySpec& spec : rows) {
      if (!is_chosen_by_default(spec.key)) continue;
      CAPTURE(spec.key);
      CHECK(head_of("meter/" + std::string(spec.key), spec));
      taken.emplace(spec.key);
    }
  }
  CHECK(taken.size() == 38);  // of all kinds of devices together
}

TEST_CASE("series choice: the kind is of the vocabulary, the exponent of the unit") {
  CHECK(head("energy_import") == SeriesHead{"meter/energy_import", "kWh", SeriesKind::growth, -3});
  CHECK(head("power_import") == SeriesHead{"meter/power_import", "W", SeriesKind::mean, -1});
  CHECK(head("connected") == SeriesHead{"meter/connected", "s", SeriesKind::time_on, 0});
  CHECK(head("relay_<name>").kind == SeriesKind::time_on);
  CHECK(head("gas").exponent == -3);
  CHECK(head("voltage_l1").exponent == -3);
  CHECK(head("temperature").exponent == -1);
  CHECK(head("battery_level").exponent == -1);
  CHECK(head("hour_energy").exponent == 0);
  CHECK(head("price_now").exponent == -4);
  CHECK(head("power_factor").exponent == -3);
  for (const char* key : {"version", "uptime", "hour_limit", "tariff_name", "power_rated", "tx"}) {
    CAPTURE(key);
    CHECK_FALSE(head_of(key, *find_spec(key)));
  }
}

TEST_CASE("series choice: a live total belongs to its register") {
  CHECK(register_of_live("energy_import_live") == "energy_import");
  CHECK(register_of_live("energy_import").empty());
}
