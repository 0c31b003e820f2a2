// Where everything lies in a unit: devices, instances, prefixes, groups, what is read of a model.
#include "adapters/sunspec/layout.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;
using namespace gridtap::sunspec;

namespace {

struct Length {
  std::uint16_t id, length;
};

// Models one behind another, from 40002 on.
std::vector<FoundModel> chain(const std::vector<Length>& models) {
  std::vector<FoundModel> chain;
  std::uint16_t address = 40002;
  for (const auto& [id, length] : models) {
    chain.push_back({id, address, length});
    address = static_cast<std::uint16_t>(address + 2 + length);
  }
  return chain;
}

Layout laid(const std::vector<Length>& models, std::string_view channel = "",
            const std::vector<std::string>& experts = {}) {
  return lay_out(chain(models), channel, experts);
}

const Slot* find(const PlacedModel& placed, std::string_view key) {
  for (const Slot& slot : placed.slots) {
    if (slot.key == key) return &slot;
  }
  return nullptr;
}

std::string channels(const Layout& layout) {
  std::string text;
  for (const PlacedDevice& device : layout.devices) text += '[' + device.channel + ']';
  return text;
}

}  // namespace

TEST_CASE("sunspec layout: each further common model begins a device of its own") {
  const Layout layout = laid({{1, 65}, {103, 50}, {1, 65}, {203, 105}, {1, 65}, {203, 105}});
  CHECK(channels(layout) == "[][1][2]");
  CHECK(layout.models[1].device == 0);
  CHECK(layout.models[3].device == 1);
  CHECK(layout.models[5].device == 2);
  CHECK(layout.devices[0].has_inverter);
  CHECK_FALSE(layout.devices[1].has_inverter);
}

TEST_CASE("sunspec layout: devices behind a unit that has a channel are named after it") {
  CHECK(channels(laid({{1, 65}, {1, 65}, {1, 65}}, "7")) == "[7][7_1][7_2]");
  CHECK(channels(laid({{103, 50}})) == "[]");  // without any common model
}

TEST_CASE("sunspec layout: a device behind the first is called what its models say that it is") {
  const auto titles = [](const Layout& layout) {
    std::string text;
    for (const PlacedDevice& device : layout.devices) text += '[' + device.title + ']';
    return text;
  };
  CHECK(titles(laid({{1, 65}, {103, 50}, {1, 65}, {203, 105}, {1, 65}, {203, 105}})) ==
        "[][meter][meter 2]");
  CHECK(titles(laid({{1, 65}, {103, 50}, {1, 65}, {802, 62}, {1, 65}, {203, 105}})) ==
        "[][battery][meter]");
  CHECK(titles(laid({{1, 65}, {103, 50}, {1, 65}, {103, 50}})) == "[][inverter]");
  CHECK(titles(laid({{1, 65}, {103, 50}, {1, 65}, {64999, 9}})) == "[][]");  // nobody knows what
  CHECK(titles(laid({{1, 65}, {103, 50}, {1, 65}, {203, 105}}, "7")) == "[][7 meter]");
}

TEST_CASE(
    "sunspec layout: a meter alone has plain keys, beside an inverter they begin with meter") {
  const Layout alone = laid({{1, 65}, {203, 105}});
  CHECK(find(alone.models[1], "power_net") != nullptr);
  const Layout beside = laid({{1, 65}, {103, 50}, {203, 105}});
  CHECK(find(beside.models[2], "power_net") == nullptr);
  REQUIRE(find(beside.models[2], "meter_power_net") != nullptr);
  CHECK(find(beside.models[2], "meter_power_net")->source == "203.W");
}

TEST_CASE("sunspec layout: the second of a kind in one device has a number in key and source") {
  const Layout layout = laid({{1, 65}, {103, 50}, {103, 50}, {203, 105}, {203, 105}});
  CHECK(layout.models[2].instance == 1);
  REQUIRE(find(layout.models[2], "inverter2_power") != nullptr);
  CHECK(find(layout.models[2], "inverter2_power")->source == "103#2.W");
  CHECK(find(layout.models[3], "meter_power_net") != nullptr);
  REQUIRE(find(layout.models[4], "meter2_power_net") != nullptr);
  CHECK(find(layout.models[4], "meter2_power_net")->source == "203#2.W");
}

TEST_CASE("sunspec layout: behind another common model counting begins anew") {
  const Layout layout = laid({{1, 65}, {103, 50}, {1, 65}, {103, 50}});
  CHECK(layout.models[3].instance == 0);
  CHECK(find(layout.models[3], "power") != nullptr);
}

TEST_CASE("sunspec layout: points beyond the length that the device gives are not read") {
  const Layout layout = laid({{1, 65}, {103, 24}});
  const PlacedModel& inverter = layout.models[1];
  CHECK(find(inverter, "power") != nullptr);
  CHECK(find(inverter, "energy_produced") != nullptr);  // 24 and 25: the last two
  CHECK(find(inverter, "dc_current") == nullptr);
  CHECK(inverter.used == 26);
  CHECK(inverter.words.size() == inverter.used);
}

TEST_CASE("sunspec layout: a factor behind the last point is read with it") {
  // The factor of the currents lies behind them.
  const Layout layout = laid({{1, 65}, {103, 5}});
  CHECK(find(layout.models[1], "current_l3") != nullptr);
  CHECK(layout.models[1].used == 7);
}

TEST_CASE("sunspec layout: unknown, silent and empty models have nothing to read") {
  const Layout layout = laid({{1, 65}, {64777, 300}, {705, 60}, {103, 0}});
  for (const std::size_t n : {1U, 2U, 3U}) {
    CAPTURE(n);
    CHECK(layout.models[n].used <= 2);
    CHECK(layout.models[n].slots.empty());
  }
}

TEST_CASE("sunspec layout: a common model is read to the serial number, with pad or without") {
  CHECK(laid({{1, 65}}).models[0].used == 67);
  CHECK(laid({{1, 66}}).models[0].used == 68);
  CHECK(laid({{1, 200}}).models[0].used == 68);
  CHECK(laid({{1, 20}}).models[0].used == 22);
}

TEST_CASE("sunspec layout: expert points are published when the configuration names them") {
  const std::vector<std::string> experts = {"m704_wrmp", "m123_conn"};
  const Layout layout = laid({{1, 65}, {123, 24}, {704, 65}}, "", experts);
  REQUIRE(find(layout.models[2], "m704_wrmp") != nullptr);
  CHECK(find(layout.models[2], "m704_wrmp")->source == "704.WRmp");
  CHECK(find(laid({{1, 65}, {704, 65}}).models[1], "m704_wrmp") == nullptr);
}

TEST_CASE("sunspec layout: as many trackers as there is room for, as many ports as counted") {
  const Model &trackers = *find_model(160), &ports = *find_model(714);
  CHECK(group_count(trackers, 8, 0xFFFF) == 0);
  CHECK(group_count(trackers, 28, 0xFFFF) == 1);
  CHECK(group_count(trackers, 248, 3) == 12);
  CHECK(group_count(ports, 68, 1) == 1);
  CHECK(group_count(ports, 68, 5) == 2);       // cut down to the room
  CHECK(group_count(ports, 68, 0xFFFF) == 0);  // the count is not implemented
  CHECK(group_count(ports, 4, 9) == 0);
  CHECK(group_count(*find_model(103), 50, 9) == 0);  // it has no groups
}

TEST_CASE("sunspec layout: a counted group has no keys until it is counted, and then its own") {
  Layout layout = laid({{1, 65}, {714, 68}});
  PlacedModel& ports = layout.models[1];
  CHECK(ports.used == 70);  // all of it: the count is not known
  CHECK(find(ports, "port1_power") == nullptr);
  add_group_slots(layout, ports, 2);
  REQUIRE(find(ports, "port2_power") != nullptr);
  CHECK(find(ports, "port1_power")->source == "714.1.DCW");
  CHECK(find(ports, "port2_power")->at == find(ports, "port1_power")->at + 25);
  const std::size_t slots = ports.slots.size();
  add_group_slots(layout, ports, 2);  // a second time changes nothing
  CHECK(ports.slots.size() == slots);
}

TEST_CASE("sunspec layout: trackers of a second model go on counting") {
  const Layout layout = laid({{1, 65}, {160, 48}, {160, 28}});
  CHECK(find(layout.models[1], "mppt2_power") != nullptr);
  REQUIRE(find(layout.models[2], "mppt3_power") != nullptr);
  CHECK(find(layout.models[2], "mppt3_power")->source == "160#2.1.DCW");
}

TEST_CASE("sunspec layout: totals, states, powers and alarms are watched as what they are") {
  const Layout layout = laid({{1, 65}, {103, 50}, {203, 105}, {802, 62}});
  const PlacedModel& inverter = layout.models[1];
  CHECK(find(inverter, "energy_produced")->accumulates);
  CHECK_FALSE(find(inverter, "power")->accumulates);
  CHECK(find(inverter, "power")->watch == Watch::power);
  CHECK(find(inverter, "state")->watch == Watch::state);
  CHECK(find(inverter, "events_1")->watch == Watch::alarm);
  CHECK(find(inverter, "voltage_l1")->watch == Watch::none);
  CHECK(find(layout.models[2], "meter_power_net_l1")->watch == Watch::grid_power);
  CHECK(find(layout.models[3], "battery_power")->watch == Watch::battery_flow);
}

// ---- the models of an inverter behind its meter -------------------------------------------------

TEST_CASE("sunspec layout: DER models behind a meter are those of the inverter before it") {
  const Layout layout =
      laid({{1, 65}, {101, 50}, {1, 65}, {203, 105}, {701, 153}, {704, 65}, {713, 7}, {120, 26}});
  CHECK(channels(layout) == "[][1]");
  for (const std::size_t n : {4u, 5u, 6u, 7u}) CHECK(layout.models[n].device == 0);
  CHECK(layout.models[3].device == 1);
  CHECK(find(layout.models[3], "power_net") != nullptr);  // no prefix: no inverter is with it
  CHECK_FALSE(layout.devices[1].has_inverter);
  CHECK(layout.devices[1].title == "meter");
}

TEST_CASE("sunspec layout: of several inverters it is the nearest one before the meter") {
  const Layout layout = laid({{1, 65},
                              {103, 50},
                              {1, 65},
                              {103, 50},
                              {1, 65},
                              {203, 105},
                              {1, 65},
                              {203, 105},
                              {701, 153}});
  CHECK(layout.models[8].device == 1);
}

TEST_CASE("sunspec layout: where no inverter is before the meter everything stays") {
  CHECK(laid({{1, 65}, {203, 105}, {701, 153}}).models[2].device == 0);
  const Layout behind =
      laid({{1, 65}, {802, 62}, {1, 65}, {203, 105}, {701, 153}, {1, 65}, {103, 50}});
  CHECK(behind.models[4].device == 2 - 1);
  CHECK(behind.devices[1].has_inverter);
}

TEST_CASE("sunspec layout: beside an inverter of its own, or without a meter, nothing moves") {
  const Layout own = laid({{1, 65}, {103, 50}, {1, 65}, {101, 50}, {203, 105}, {701, 153}});
  CHECK(own.models[5].device == 1);
  const Layout battery = laid({{1, 65}, {103, 50}, {1, 65}, {802, 62}, {713, 7}});
  CHECK(battery.models[3].device == 1);
  CHECK(battery.models[4].device == 1);
}
