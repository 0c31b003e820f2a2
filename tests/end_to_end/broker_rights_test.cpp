#include <doctest/doctest.h>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

const std::string absent_meter = "  meter: {adapter: p1, line: \"tcp://127.0.0.1:9\"}\n";

// A gateway on a mosquitto with that ACL, speaking MQTT 5 or 3.1.1.
struct House {
  House(const std::string& acl, bool old) : world({.acl = acl, .old = old}) {
    world.start_broker();
    world.start_gridtap(absent_meter);
  }
  bool says(const std::string& words) const { return world.log().find(words) != std::string::npos; }
  World world;
};

constexpr auto promised = 10s;

}  // namespace

TEST_CASE("rights: topics that the broker denies are named, with the ACL to write") {
  for (const bool old : {false, true}) {
    CAPTURE(old);
    const House house("topic readwrite homeassistant/#\n", old);
    CHECK(eventually([&] { return house.says("`topic readwrite gridtap/#`"); }, promised));
    CHECK_FALSE(house.says("`topic readwrite homeassistant/#`"));
  }
}

TEST_CASE("rights: discovery that the broker denies is named, with the ACL to write") {
  for (const bool old : {false, true}) {
    CAPTURE(old);
    const House house("topic readwrite gridtap/#\n", old);
    CHECK(eventually([&] { return house.says("homeassistant/device/gridtap_gridtap/config"); },
                     promised));
    CHECK(house.says("`topic readwrite homeassistant/#`"));
    CHECK_FALSE(house.says("`topic readwrite gridtap/#`"));
  }
}

TEST_CASE("rights: commands that the broker keeps from us are named, with the ACL to write") {
  for (const bool old : {false, true}) {
    CAPTURE(old);
    const House house("topic write gridtap/#\ntopic readwrite homeassistant/#\n", old);
    CHECK(eventually([&] { return house.says("no command (gridtap/+/+/set) arrives"); }, promised));
    CHECK(house.says("`topic readwrite gridtap/#`"));
  }
}

TEST_CASE("rights: with all rights nothing is logged, and the diagnostic is `none`") {
  for (const bool old : {false, true}) {
    CAPTURE(old);
    House house("topic readwrite gridtap/#\ntopic readwrite homeassistant/#\n", old);
    house.world.subscribe();
    CHECK(eventually([&] { return house.world.topic("gridtap/gateway/broker_problem") == "none"; },
                     20s));
    CHECK_FALSE(eventually([&] { return house.says("WARNING gateway"); }, 10s));
  }
}

TEST_CASE("rights: the user is named, and what it may not do is in the diagnostic") {
  World world({.password = true, .acl = "user gridtap\ntopic readwrite gridtap/#\n"});
  world.start_broker();
  const std::string secret = world.file("password", "secret-1\n");
  world.start_gridtap(absent_meter, "", "  user: gridtap\n  password_file: " + secret + "\n");
  world.subscribe();
  CHECK(eventually(
      [&] {
        return world.topic("gridtap/gateway/broker_problem")
            .starts_with("the broker does not let user `gridtap` write homeassistant/");
      },
      promised));
}

TEST_CASE("rights: a second gateway on the same base topic is noticed by both") {
  World world;
  world.start_broker();
  world.start_gridtap(absent_meter);
  world.subscribe();
  REQUIRE(eventually([&] { return world.topic("gridtap/status") == "online"; }));
  const std::string other = world.file(
      "other.yaml", "state_dir: " + (world.directory() / "state2").string() +
                        "\nmqtt: {host: 127.0.0.1, port: " + std::to_string(world.port()) +
                        ", client_id: other}\ndevices:\n" + absent_meter);
  const Process second({GRIDTAP_BINARY, "run", "--config", other}, world.directory() / "tty.log");
  const std::string words = "another gateway uses the base topic `gridtap`";
  CHECK(eventually([&] { return world.log().find(words) != std::string::npos; }, 15s));
  CHECK(eventually([&] { return world.topic("gridtap/gateway/broker_problem").starts_with(words); },
                   15s));
}
