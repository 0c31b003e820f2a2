// The hourly limit as a household sees it: set by MQTT, kept over a kill, with an alarm that comes
// and goes.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "end_to_end/world.hpp"
#include "io/state_file.hpp"
#include "rules/hours.hpp"

using namespace gridtap;
using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t limit_wh = 99'999;  // of the configuration: nothing comes near it
const std::string base = "gridtap/meter/";

struct Silent final : Effects {
  void operator()(const Effect&) override {}
};

Instant wall_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Instant begin_of_hour() { return std::chrono::floor<std::chrono::hours>(wall_now()); }

// A register that grows much right after the full hour belongs to the hour before, and an hour that
// ends takes its alarm along.
bool is_amid_the_hour() {
  const auto into = wall_now() - begin_of_hour();
  return into > 2min && into < 57min;
}

// What the rule remembers that has heard the meter since the hour began: 500 Wh until now.
std::string record_of_hour(Instant begin, Decimal register_now) {
  HoursOptions options;
  options.limit_wh = limit_wh;
  HoursRule rule(options);
  Silent effects;
  const auto time = wall_now() - begin;
  const Decimal now = rounded(shifted(register_now, 3), 0);
  for (auto into = -20s; begin + into < wall_now(); into += 10s) {
    const std::int64_t used = std::max<std::int64_t>(0, 500 * (into / 1ms) / (time / 1ms));
    const Now at{Mono{100h} + into, begin + into};
    const Decimal kilowatt_hours{now.digits - 500 + used, -3};
    rule.on_effect("meter", Reading{"", "power_import", "wire", Decimal{600, 0}}, at, effects);
    rule.on_effect("meter", Reading{"", "energy_import", "wire", kilowatt_hours}, at, effects);
    rule.on_effect("meter", Frame{100}, at, effects);
  }
  return rule.state();
}

struct House {
  House() {
    world.start_broker();
    device = "  meter: {adapter: p1, interval: 0s, hour_limit: " + std::to_string(limit_wh) +
             ", line: " + world.plug("tty", "dsmr5") + "}\n";
    world.subscribe();
    start();
  }
  void start() { world.start_gridtap(device); }
  std::string is(const std::string& key) const { return world.topic(base + key); }
  bool becomes(const std::string& key, const std::string& value) const {
    return eventually([&] { return is(key) == value; });
  }
  void set(const std::string& wh) { world.publish(base + "hour_limit/set", wh); }
  std::string reason(const std::string& command) const {
    const std::string text = world.topic(base + "hour_limit/rejected");
    if (text.empty()) return {};
    const auto json = nlohmann::json::parse(text);
    return json["command"] == command ? json["reason"].get<std::string>() : std::string{};
  }
  // The power is cut once the disk has the text.
  void kill_when_kept(const std::string& text) {
    REQUIRE(eventually([&] { return state().find(text) != std::string::npos; }));
    world.gridtap().signal(SIGKILL);
    world.gridtap().wait(10s);
    world.kill_broker();  // it knows nothing of before
    world.start_broker();
    world.subscribe();
    start();
  }
  std::string state() const {
    std::ifstream file(world.directory() / "state" / "state");
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
  }

  World world;
  std::string device;
};

}  // namespace

TEST_CASE("hours: a limit set by MQTT is there after the program was killed") {
  House house;
  REQUIRE(house.becomes("hour_limit", "99999"));
  house.set("7300");
  REQUIRE(house.becomes("hour_limit", "7300"));
  house.kill_when_kept("limit_wh 7300 ");
  CHECK(house.becomes("hour_limit", "7300"));
}

TEST_CASE("hours: a device whose id was changed keeps its limit and its month") {
  House house;
  REQUIRE(house.becomes("hour_limit", "99999"));
  house.set("7300");
  REQUIRE(house.becomes("hour_limit", "7300"));
  REQUIRE(eventually([&] { return house.state().find("limit_wh 7300 ") != std::string::npos; }));
  REQUIRE(house.world.stop_gridtap() == 0);
  house.device.replace(house.device.find("meter:"), 6, "cellar:");
  house.start();
  CHECK(eventually([&] { return house.world.topic("gridtap/cellar/hour_limit") == "7300"; }));
  CHECK(house.becomes("hour_limit", ""));
  REQUIRE(house.world.stop_gridtap() == 0);
  CHECK(house.state().find("cellar.hours") != std::string::npos);
  CHECK(house.state().find("meter.hours") == std::string::npos);
}

TEST_CASE("hours: a limit that is refused says why, and the old one stays") {
  House house;
  REQUIRE(house.becomes("hour_limit", "99999"));
  for (const char* wh : {"99", "100000", "-5"}) {
    CAPTURE(wh);
    house.set(wh);
    CHECK(eventually([&] { return house.reason(wh) == "outside 100 to 99999 Wh"; }));
  }
  house.set("5 kWh");
  CHECK(eventually([&] { return house.reason("5 kWh") == "not a plain decimal number"; }));
  house.set("500.5");
  CHECK(eventually([&] { return house.reason("500.5") == "expected whole Wh from 100 to 99999"; }));
  CHECK(house.is("hour_limit") == "99999");
}

TEST_CASE("hours: the alarm turns on when the limit falls below what was used, and off again") {
  if (!is_amid_the_hour()) {
    MESSAGE("skipped: an hour has just begun or is about to end");
    return;
  }
  House house;
  REQUIRE(eventually([&] { return !house.is("energy_import").empty(); }));
  REQUIRE(house.world.stop_gridtap() == 0);
  const auto meter = parse_decimal(house.is("energy_import"));
  REQUIRE(meter);
  const std::string directory = house.world.directory() / "state";
  REQUIRE(io::write_state(
              directory, directory + "/state",
              io::rows_of({{"meter.hours", record_of_hour(begin_of_hour(), *meter)}})) == "");
  house.start();
  REQUIRE(house.becomes("hour_limit_exceeded", "OFF"));
  CHECK(std::stoi(house.is("hour_energy")) >= 490);
  CHECK(std::stoi(house.is("hour_energy")) <= 700);

  house.set("100");
  CHECK(house.becomes("hour_limit_exceeded", "ON"));
  CHECK(house.world.log().find("this hour has used more than the limit of 100 Wh") !=
        std::string::npos);
  house.set("90000");
  REQUIRE(house.becomes("hour_limit", "90000"));
  CHECK(house.is("hour_limit_exceeded") == "ON");  // it is held for minutes
  house.kill_when_kept("limit_wh 90000 ");
  CHECK(house.becomes("hour_limit_exceeded", "OFF"));
  CHECK(house.becomes("hour_limit", "90000"));
}
