// Which meter behind the meter is which: known by its id, under a name that it keeps.

#include "adapters/p1/mbus.hpp"

#include <doctest/doctest.h>

#include "adapters/p1_mbus_lines.hpp"
#include "core/record.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

// "gas=4731;gas_2=4733", of the state.
std::string names_kept(HouseRig& house) {
  std::string text;
  for (const RecordRow& row : Record(house.adapter().state()).rows()) {
    if (row.name != "meter") continue;
    if (!text.empty()) text += ';';
    text.append(row.text(0).value_or("")).append("=").append(row.text(1).value_or(""));
  }
  return text;
}

}  // namespace

TEST_CASE("p1 mbus: two meters of one medium are both published, known by their ids") {
  HouseRig house;
  const Heard heard = hear(house, gas_meter(1, "4731", "1*m3") + gas_meter(3, "4733", "3*m3"));
  CHECK(heard.devices.ends_with("1/gas|Gas meter|G1|4731\n3/gas_2|Gas meter|G3|4733\n"));
  CHECK(names_kept(house) == "gas=4731;gas_2=4733");
  // Their names follow them to another channel.
  CHECK(names_of(hear(house, gas_meter(1, "4733", "3*m3") + gas_meter(3, "4731", "1*m3"))) ==
        "1/gas_2 3/gas ");
}

TEST_CASE("p1 mbus: heat and cold of one meter are two devices") {
  const std::string lines = type(1, "004") + id(1, "4831") + reading(1, "10*GJ") + type(2, "010") +
                            id(2, "4831") + reading(2, "5*GJ");
  HouseRig house;
  CHECK(names_of(hear(house, lines)) == "1/heat 2/cooling ");
  const Heard again = hear(house, lines);
  CHECK(again.held == "");
  CHECK(again.devices == "");
  // But twice the same medium under one id is one meter: its newer reading counts.
  const Heard twice =
      hear(gas_meter(1, "4731", "1*m3", "261120080000W") + gas_meter(2, "4731", "2*m3"));
  CHECK(twice.readings == "2/gas 2\n2/reading_time 2026-11-20T09:00:00+01:00\n");
}

TEST_CASE("p1 mbus: a device is reported once, and again when it changes") {
  HouseRig house;
  CHECK(names_of(hear(house, gas_meter(1, "4731", "1*m3"))) == "1/gas ");
  CHECK(hear(house, gas_meter(1, "4731", "2*m3")).devices == "");
  CHECK(hear(house, gas_meter(1, "4732", "2*m3")).devices == "1/gas|Gas meter|G2|4732\n");
}

TEST_CASE("p1 mbus: the one that replaces another takes its name, and starts from its own zero") {
  HouseRig house;
  hear(house, gas_meter(1, "4731", "2307*m3") + gas_meter(2, "4732", "5*m3"));
  CHECK(names_kept(house) == "gas=4731;gas_2=4732");
  const Heard heard = hear(house, gas_meter(1, "4733", "0*m3") + gas_meter(2, "4732", "5*m3"));
  CHECK(heard.readings.starts_with("1/gas 0\n"));
  CHECK(heard.held == "");
  CHECK(names_kept(house) == "gas_2=4732;gas=4733");
}

TEST_CASE("p1 mbus: names survive a restart") {
  HouseRig before;
  hear(before, gas_meter(1, "4731", "1*m3") + gas_meter(2, "4732", "2*m3"));
  HouseRig after;
  after.adapter().restore(before.adapter().state());
  CHECK(names_of(hear(after, gas_meter(1, "4732", "2*m3") + gas_meter(2, "4731", "1*m3"))) ==
        "1/gas_2 2/gas ");
  CHECK(after.adapter().state() == before.adapter().state());
}

TEST_CASE("p1 mbus: names that the version before has kept are kept, broken ones are none") {
  struct Case {
    std::string_view text, state;
  };
  for (const auto& [text, state] :
       {Case{"", ""}, Case{"gas", ""}, Case{"=47", ""}, Case{";;=;", ""}, Case{"a/b#=47", ""},
        Case{"gas_=47", ""}, Case{"gas_x=47", ""}, Case{"gas_2222=47", ""},
        Case{"gas=47;gas=48", "gas=47"}, Case{"hot_water=a=b", "hot_water=a=b"},
        Case{"heat_cost=1;heat_2=2", "heat_cost=1;heat_2=2"}}) {
    CAPTURE(text);
    HouseRig house;
    house.adapter().restore(text);
    CHECK(names_kept(house) == state);
  }
  std::string many;
  for (int n = 2; n < 40; ++n) many += "gas_" + std::to_string(n) + "=4" + ';';
  HouseRig house;
  house.adapter().restore(many);
  const Record kept(house.adapter().state());
  CHECK(kept.rows().size() == MBus::max_meters);
}

TEST_CASE("p1 mbus: a row that is no name is passed over") {
  HouseRig house;
  house.adapter().restore(RecordWriter()
                              .add("meter", "gas")
                              .add("other", "gas", "1")
                              .add("meter", "a/b#", "2")
                              .add("meter", "gas_2", "a=b;c")
                              .add("meter", "gas_2", "3")
                              .text());
  CHECK(names_kept(house) == "gas_2=a=b;c");
  HouseRig damaged;
  damaged.adapter().restore(house.adapter().state().substr(0, 20));
  CHECK(damaged.adapter().state() == "");
}

TEST_CASE("p1 mbus: without an id a meter is known by its medium and channel") {
  HouseRig house;
  const Heard heard = hear(house, gas_meter(1, "", "1*m3"));
  CHECK(heard.devices.ends_with("1/gas|Gas meter||\n"));
  CHECK(names_kept(house) == "gas=gas#1");
  CHECK(hear(house, gas_meter(1, "", "2*m3")).devices == "");
  CHECK(names_of(hear(house, gas_meter(1, "", "2*m3") + gas_meter(2, "", "5*m3"))) == "2/gas_2 ");
}
