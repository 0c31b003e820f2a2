// What goes out at once, what every ten seconds, what every minute.
#include "mqtt/pace.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

using Payloads = std::vector<std::string>;

}  // namespace

TEST_CASE("pace: powers and currents are fast, other numbers slow, what is no number at once") {
  const auto pace = [](std::string_view key, const Value& value) {
    const EntitySpec* const spec = find_spec(key);
    REQUIRE_MESSAGE(spec != nullptr, key);
    return pace_of(*spec, value);
  };
  for (const char* key : {"power_import", "power_net", "current", "battery_power"}) {
    CHECK(pace(key, Decimal{1, 0}) == Pace::fast);
  }
  for (const char* key :
       {"power_net_l1", "current_l3", "apparent_power", "reactive_power_import", "mppt2_power"}) {
    CHECK(pace(key, Decimal{1, 0}) == Pace::marked);
  }
  for (const char* key : {"energy_import", "voltage_l1", "frequency", "temperature", "gas",
                          "frames_ok", "battery_level", "power_factor", "capacity_remaining"}) {
    CHECK(pace(key, Decimal{1, 0}) == Pace::slow);
  }
  // Clocks change with every telegram.
  CHECK(pace("meter_clock", std::string_view("12:00:01")) == Pace::slow);
  CHECK(pace("meter_time", Value{}) == Pace::slow);
  for (const char* key : {"output_state", "cause", "alarms", "output_on", "hour_limit"}) {
    CHECK(pace(key, std::string_view("word")) == Pace::at_once);
  }
  EntitySpec own{.key = "count"};  // of a node that the configuration does not describe
  CHECK(pace_of(own, Decimal{1, 0}) == Pace::fast);
  CHECK(pace_of(own, std::string_view("open")) == Pace::at_once);
}

TEST_CASE("states: what moves slowly goes out once a minute, powers every ten seconds") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (int second = 0; second <= 120; ++second) {
    rig.read("meter", "power_import", Decimal{500 + second, 0});
    rig.read("meter", "energy_import", Decimal{1000 + second, -3});
    rig.read("meter", "voltage_l1", Decimal{2300 + second, -1});
    rig.end_frame("meter");
    rig.turn(1s);
  }
  CHECK(rig.broker.on("gridtap/meter/power_import").size() == 13);
  CHECK(rig.broker.on("gridtap/meter/energy_import").size() == 3);
  CHECK(rig.broker.on("gridtap/meter/voltage_l1").size() == 3);
}

TEST_CASE("pace: a change is marked by a tenth of what is published, and more than noise") {
  const auto marked = [](std::string_view key, Decimal published, Decimal value) {
    return is_marked(*find_spec(key), tenths_of(published), value);
  };
  CHECK_FALSE(marked("power_net_l1", {2000, 0}, {2199, 0}));
  CHECK(marked("power_net_l1", {2000, 0}, {2200, 0}));
  CHECK(marked("power_net_l1", {2000, 0}, {1800, 0}));
  CHECK_FALSE(marked("power_net_l1", {50, 0}, {149, 0}));
  CHECK(marked("power_net_l1", {50, 0}, {-50, 0}));
  CHECK_FALSE(marked("current_l1", {10, -1}, {14, -1}));
  CHECK(marked("current_l1", {10, -1}, {15, -1}));
  CHECK_FALSE(marked("current_l1", {160, -1}, {17, 0}));
  CHECK(marked("current_l1", {160, -1}, {18, 0}));
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(marked("power_net_l1", {most, 0}, {-most, 0}));  // no overflow
  CHECK(marked("power_net_l1", {1, 0}, {-most, 9}));
  CHECK(marked("power_net_l1", {1, 0}, {-most - 1, -3}));
}

TEST_CASE(
    "states: of a phase, what matters goes out every ten seconds, what moves a little later") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  const auto seconds = [&](int count, std::int64_t watts) {
    for (int second = 0; second < count; ++second) {
      rig.read("meter", "power_net_l1", Decimal{watts + second % 5, 0});
      rig.end_frame("meter");
      rig.turn(1s);
    }
  };
  seconds(118, 500);
  const auto& said = rig.broker.on("gridtap/meter/power_net_l1");
  CHECK(said.size() == 2);
  CHECK(said.front() == "500");
  seconds(30, 2800);  // a kettle
  REQUIRE(rig.broker.on("gridtap/meter/power_net_l1").size() == 3);
  CHECK(rig.broker.on("gridtap/meter/power_net_l1").back().starts_with("280"));
  seconds(11, 500);
  CHECK(rig.broker.on("gridtap/meter/power_net_l1").back().starts_with("50"));
}

TEST_CASE("states: a phase that was unknown is known again as soon as any power") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  const auto read = [&](const Value& value) {
    rig.read("meter", "power_net_l1", value);
    rig.end_frame("meter");
    rig.turn(11s);
  };
  read(Decimal{500, 0});
  read(Value{});
  read(Decimal{501, 0});
  CHECK(rig.broker.on("gridtap/meter/power_net_l1") == Payloads{"500", "None", "501"});
}

TEST_CASE("states: a slow interval below the other makes no change wait for less") {
  BridgeOptions options = bridge_options();
  options.devices[0].interval = 10s;
  options.devices[0].slow_interval = 1s;
  BridgeRig rig(options);
  rig.connect();
  rig.identify("meter", "E1");
  for (int second = 0; second < 20; ++second) {
    rig.read("meter", "power_net_l1", Decimal{second == 12 ? 3000 : 1000 + second % 2, 0});
    rig.end_frame("meter");
    rig.turn(1s);
  }
  CHECK(rig.broker.on("gridtap/meter/power_net_l1").size() <= 3);
}

TEST_CASE("states: a state of several words goes out at once, each time") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (const char* state : {"on", "ovp", "on", "off"}) {
    rig.read("meter", "output_state", std::string_view(state));
    rig.end_frame("meter");
    rig.turn(1s);
  }
  CHECK(rig.broker.on("gridtap/meter/output_state") == Payloads{"on", "ovp", "on", "off"});
}

TEST_CASE("states: an interval of zero is one for all, unless the slow one says otherwise") {
  for (const bool says : {false, true}) {
    BridgeOptions options = bridge_options();
    options.devices[0].interval = 0s;
    if (says) options.devices[0].slow_interval = 60s;
    BridgeRig rig(options);
    rig.connect();
    rig.identify("meter", "E1");
    for (int n = 0; n < 3; ++n) {
      rig.read("meter", "energy_import", Decimal{1000 + n, -3});
      rig.end_frame("meter");
      rig.turn(1s);
    }
    CHECK(rig.broker.on("gridtap/meter/energy_import").size() == (says ? 1 : 3));
  }
}
