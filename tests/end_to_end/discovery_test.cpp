#include <doctest/doctest.h>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

std::string all_meters(World& world) {
  const std::string key = world.file("key", "000102030405060708090A0B0C0D0E0F\n");
  std::string devices;
  for (const std::string meter : {"dsmr22", "dsmr30", "dsmr42", "dsmr5", "dsmr5_1ph", "belgium",
                                  "luxembourg", "austria", "sweden", "lithuania", "hungary"}) {
    devices += "  " + meter +
               ":\n    adapter: p1\n    line: " + world.plug("tty_" + meter, meter, 10) + "\n";
    if (meter == "luxembourg" || meter == "austria") devices += "    key_file: " + key + "\n";
  }
  return devices;
}

bool all_online(const World& world) {
  std::size_t online = 0;
  for (const auto& [topic, payload] : world.topics()) {
    const bool status = topic.starts_with("gridtap/") && topic.ends_with("/status");
    online += status && payload == "online";
  }
  return online >= 12;  // eleven meters and the gateway; sub-meters come on top
}

}  // namespace

TEST_CASE("discovery: what all the played meters announce keeps Home Assistant's rules") {
  World world;
  world.start_broker();
  SUBCASE("one message per device") { world.start_gridtap(all_meters(world)); }
  SUBCASE("one message per entity") {
    world.start_gridtap(all_meters(world), "home_assistant: {discovery: entity}\n");
  }
  world.subscribe();
  REQUIRE(eventually([&] { return all_online(world); }, 60s));
  const auto found = world.discovery_findings();
  if (found) {
    CHECK(*found == "");
  } else {
    MESSAGE("skipped: no ha_discovery_check beside this checkout");
  }
}

TEST_CASE("discovery: `off` announces nothing, and the topics are there all the same") {
  World world;
  world.start_broker();
  world.start_gridtap("  meter: {adapter: p1, line: " + world.plug("tty", "dsmr5") + "}\n",
                      "home_assistant: {discovery: \"off\"}\n");
  world.subscribe();
  REQUIRE(eventually([&] { return world.topic("gridtap/meter/status") == "online"; }));
  for (const auto& [topic, payload] : world.topics())
    CHECK_FALSE(topic.starts_with("homeassistant/"));
}

TEST_CASE("discovery: a device taken out of the configuration is taken out of Home Assistant") {
  World world;
  world.start_broker();
  const std::string one = "  one: {adapter: p1, line: " + world.plug("tty1", "dsmr5") + "}\n";
  const std::string two = "  two: {adapter: p1, line: " + world.plug("tty2", "belgium") + "}\n";
  world.start_gridtap(one + two);
  world.subscribe();
  // Both: beside a device that is new, one that is gone may be the same under another name, and
  // waits for that.
  REQUIRE(eventually([&] { return !world.config("one").empty() && !world.config("two").empty(); }));
  REQUIRE(world.stop_gridtap() == 0);
  world.start_gridtap(one);
  CHECK(eventually([&] { return world.config("two").empty(); }));
}

TEST_CASE("commands: the button announces everything again") {
  World world;
  world.start_broker();
  world.start_gridtap("  meter: {adapter: p1, line: " + world.plug("tty", "dsmr5") + "}\n");
  world.subscribe();
  REQUIRE(eventually([&] { return world.topic("gridtap/meter/status") == "online"; }));
  const std::size_t before = world.messages().size();
  world.publish("gridtap/gateway/announce_again/set", "PRESS");
  CHECK(eventually([&] {
    const auto messages = world.messages();
    for (std::size_t n = before; n < messages.size(); ++n) {
      if (messages[n].find("\"gridtap/meter/status\"") != std::string::npos) return true;
    }
    return false;
  }));
}

TEST_CASE("commands: an old one that the broker kept is not obeyed") {
  World world;
  world.start_broker();
  world.publish("gridtap/gateway/announce_again/set", "not a command", true);
  world.start_gridtap("  meter: {adapter: p1, line: " + world.plug("tty", "dsmr5") + "}\n");
  world.subscribe();
  REQUIRE(eventually([&] { return world.topic("gridtap/meter/status") == "online"; }));
  CHECK_FALSE(eventually(
      [&] { return !world.topic("gridtap/gateway/announce_again/rejected").empty(); }, 2s));
}

TEST_CASE("commands: a bad one is answered with the reason") {
  World world;
  world.start_broker();
  world.start_gridtap("  meter: {adapter: p1, line: " + world.plug("tty", "dsmr5") + "}\n");
  world.subscribe();
  REQUIRE(eventually([&] { return world.topic("gridtap/meter/status") == "online"; }));
  world.publish("gridtap/gateway/announce_again/set", "press please");
  const std::string rejected = "gridtap/gateway/announce_again/rejected";
  REQUIRE(eventually([&] { return !world.topic(rejected).empty(); }));
  CHECK(world.topic(rejected).find("\"command\":\"press please\"") != std::string::npos);
  CHECK(world.topic(rejected).find("PRESS") != std::string::npos);
}
