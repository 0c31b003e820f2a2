// The real daemon in a machine with GPIO chips, its broker outside: what reaches the kernel's line.
#include <doctest/doctest.h>

#include "vm/machine.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

constexpr unsigned pump = 0, boiler = 1;  // lines with those names
constexpr auto patience = 60s;            // all is slow inside

struct House {
  explicit House(const std::string& relays) {
    world.start_broker();
    world.subscribe();
    machine.start_gridtap(relays);
  }
  void send(const std::string& relay, const std::string& payload) {
    world.publish("gridtap/gateway/relay_" + relay + "/set", payload);
  }
  bool shows(const std::string& relay, const std::string& state) {
    return eventually([&] { return world.topic("gridtap/gateway/relay_" + relay) == state; },
                      patience);
  }
  bool explains(const std::string& relay, const std::string& words) {
    return eventually(
        [&] {
          return world.topic("gridtap/gateway/relay_" + relay + "/attributes").find(words) !=
                 std::string::npos;
        },
        patience);
  }
  bool logs(const std::string& words) {
    return eventually([&] { return machine.log().find(words) != std::string::npos; }, patience);
  }
  // The level of the line, while we hold it as an output.
  bool drives(unsigned offset, const std::string& value) {
    return eventually(
        [&] {
          const KernelLine line = machine.line(offset);
          return line.value == value && line.way == "out" && line.holder == "gridtap";
        },
        patience);
  }
  bool ends() {
    return eventually([&] { return !machine.gridtap_runs(); }, patience);
  }

  World world;
  Machine machine{world};
};

}  // namespace

TEST_CASE("vm: a command on the broker moves the line that the kernel shows, in both polarities") {
  House house(
      "  pump: {chip: relays, line: PUMP}\n"
      "  boiler: {chip: relays, line: 1, active_low: true}\n");
  REQUIRE(house.shows("pump", "OFF"));
  REQUIRE(house.shows("boiler", "OFF"));
  CHECK(house.drives(pump, "0"));
  CHECK(house.drives(boiler, "1"));
  house.send("pump", "ON");
  CHECK(house.shows("pump", "ON"));
  CHECK(house.drives(pump, "1"));
  CHECK(house.drives(boiler, "1"));
  house.send("boiler", "ON");
  CHECK(house.shows("boiler", "ON"));
  CHECK(house.drives(boiler, "0"));
  house.send("pump", "on");  // no payload of ours
  house.send("pump", "OFF");
  CHECK(house.shows("pump", "OFF"));
  CHECK(house.drives(pump, "0"));
}

TEST_CASE("vm: a busy line makes its relay unavailable with the holder's name, until it is free") {
  House house(
      "  pump: {chip: relays, line: PUMP}\n"
      "  boiler: {chip: relays, line: BOILER}\n");
  REQUIRE(house.shows("pump", "OFF"));
  house.machine.signal_gridtap("TERM");
  REQUIRE(house.ends());
  house.machine.hold(pump, true);
  house.machine.start_gridtap(
      "  pump: {chip: relays, line: PUMP, at_start: \"on\"}\n"
      "  boiler: {chip: relays, line: BOILER}\n");
  CHECK(house.logs("line PUMP of relays is busy: sysfs holds it: stop that"));
  CHECK(house.explains("pump", "busy: sysfs holds it"));
  house.send("boiler", "ON");  // not disturbed by it
  CHECK(house.drives(boiler, "1"));
  CHECK(house.machine.line(pump).holder == "sysfs");
  CHECK(house.machine.check().find("pump: line 0 (PUMP) of relays, ") != std::string::npos);
  house.machine.hold(pump, false);
  house.send("pump", "ON");
  CHECK(eventually(
      [&] {
        house.send("pump", "ON");
        return house.machine.line(pump).holder == "gridtap";
      },
      patience));
  CHECK(house.drives(pump, "1"));
  CHECK(house.shows("pump", "ON"));
}

TEST_CASE("vm: a chip that is not there is named with those that are, the others go on") {
  House house(
      "  pump: {chip: pinctrl-bcm2711, line: 17}\n"
      "  boiler: {chip: relays, line: BOILER}\n");
  CHECK(house.logs("no chip pinctrl-bcm2711: this machine has relays (/dev/gpiochip0)"));
  CHECK(house.explains("pump", "no chip pinctrl-bcm2711"));
  house.send("boiler", "ON");
  CHECK(house.drives(boiler, "1"));
}

TEST_CASE(
    "vm: a chip that is removed makes its relay unavailable, and it is used again when back") {
  House house("  pump: {chip: relays, line: PUMP}\n");
  REQUIRE(house.shows("pump", "OFF"));
  house.send("pump", "ON");
  REQUIRE(house.drives(pump, "1"));
  house.machine.unplug_chip();
  CHECK(house.explains("pump", "no chip relays"));
  house.machine.plug_chip();
  CHECK(eventually([&] { return house.machine.line(pump).holder == "gridtap"; }, patience));
  CHECK(eventually(
      [&] {
        house.send("pump", "ON");
        return house.machine.line(pump).value == "1";
      },
      patience));
  CHECK(house.shows("pump", "ON"));
}

TEST_CASE("vm: a broker that is lost for long takes the relay off at the line, or leaves it") {
  House house(
      "  pump: {chip: relays, line: PUMP, on_broker_loss: \"off\", on_broker_loss_after: 1s}\n"
      "  boiler: {chip: relays, line: BOILER}\n");
  REQUIRE(house.shows("pump", "OFF"));
  house.send("pump", "ON");
  house.send("boiler", "ON");
  REQUIRE(house.drives(pump, "1"));
  REQUIRE(house.drives(boiler, "1"));
  house.world.kill_broker();
  CHECK(house.drives(pump, "0"));
  CHECK(house.drives(boiler, "1"));
}

TEST_CASE("vm: SIGTERM gives the line the level of at_exit and ends within 2 s, broker or not") {
  for (const bool broker : {true, false}) {
    House house(
        "  pump: {chip: relays, line: PUMP}\n"
        "  boiler: {chip: relays, line: BOILER, at_exit: \"on\"}\n");
    REQUIRE(house.shows("pump", "OFF"));
    house.send("pump", "ON");
    REQUIRE(house.drives(pump, "1"));
    REQUIRE(house.drives(boiler, "0"));
    if (!broker) house.world.kill_broker();
    house.machine.trace();
    const double seconds = house.machine.seconds_to_end();
    CHECK(seconds <= 2.0);  // by the clock of the machine, which runs our code tens of times slower
    CHECK(house.machine.levels(pump) == "0\n");
    CHECK(house.machine.levels(boiler) == "1\n");
    MESSAGE("broker ", broker, ": ended after ", seconds, " s");
    CHECK(house.machine.line(pump).holder == "-");
  }
}

TEST_CASE("vm: after SIGKILL the first level of the next run is that of at_start") {
  House house(
      "  pump: {chip: relays, line: PUMP}\n"
      "  boiler: {chip: relays, line: BOILER, at_start: \"on\"}\n");
  REQUIRE(house.shows("boiler", "ON"));
  house.send("pump", "ON");
  house.send("boiler", "OFF");
  REQUIRE(house.drives(pump, "1"));
  REQUIRE(house.drives(boiler, "0"));
  house.machine.trace();
  house.machine.signal_gridtap("KILL");
  REQUIRE(house.ends());
  CHECK(house.machine.line(pump).holder == "-");
  house.machine.start_gridtap(
      "  pump: {chip: relays, line: PUMP}\n"
      "  boiler: {chip: relays, line: BOILER, at_start: \"on\"}\n");
  CHECK(house.drives(pump, "0"));
  CHECK(house.drives(boiler, "1"));
  CHECK(house.machine.levels(pump) == "0\n");
  CHECK(house.machine.levels(boiler) == "1\n");
}
