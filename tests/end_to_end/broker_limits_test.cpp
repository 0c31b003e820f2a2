#include <doctest/doctest.h>

#include <algorithm>

#include "end_to_end/world.hpp"
#include "support/raw_broker.hpp"

using namespace gridtap;
using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

// A meter beside a broker with limits: values have to arrive under any of them.
struct House {
  explicit House(RawBroker::Script script) : broker(std::move(script)) {
    world.use_broker(broker.port());
    world.start_gridtap("  meter:\n    adapter: p1\n    line: " + world.plug("tty", "dsmr5") +
                        "\n    interval: 0s\n");
  }
  bool reads() const { return broker.has("gridtap/meter/power_import", 1); }
  bool says(const std::string& words) const { return world.log().find(words) != std::string::npos; }

  RawBroker broker;
  World world;
};

RawBroker::Script with(std::string properties) {
  RawBroker::Script script;
  script.properties = std::move(properties);
  return script;
}

constexpr std::size_t two_kilobytes = 2048;

bool announces_the_meter(const RawBroker& broker) {
  const auto all = broker.published();
  return std::any_of(all.begin(), all.end(), [](const auto& each) {
    return each.topic.starts_with("homeassistant/device/") &&
           each.topic != "homeassistant/device/gridtap_gridtap/config";
  });
}

}  // namespace

TEST_CASE("limits: what is larger than the broker's Maximum Packet Size is left out and named") {
  const House house(with(std::string("\x27\0\0\x08\0", 5)));
  REQUIRE(eventually([&] { return house.reads(); }));
  REQUIRE(eventually([&] { return house.says("homeassistant/device/gridtap_"); }));
  CHECK(house.says("takes packets up to 2048 bytes"));
  CHECK(house.says("max_packet_size"));
  for (const auto& each : house.broker.published()) CHECK(each.size <= two_kilobytes);
  CHECK(house.broker.connections() == 1);
}

TEST_CASE("limits: what is left out stays a problem in the next connection") {
  RawBroker::Script script = with(std::string("\x27\0\0\x08\0", 5));
  script.deed = [](int connection, std::chrono::milliseconds age) -> RawBroker::Deed {
    if (connection == 1 && age > 3s) return {RawBroker::Deed::Kind::reset, {}};
    return {};
  };
  const House house(script);
  const auto newest_problem = [&] {
    std::string problem;
    for (const auto& each : house.broker.published()) {
      const bool it = each.connection == 2 && each.topic == "gridtap/gateway/broker_problem";
      if (it) problem = each.payload;
    }
    return problem;
  };
  REQUIRE(eventually([&] { return house.broker.connections() == 2; }));
  CHECK(eventually([&] { return newest_problem().find("is left out") != std::string::npos; }));
  CHECK_FALSE(eventually([&] { return newest_problem() == "none"; }, 12s));
}

TEST_CASE("limits: a broker with QoS 0 only gets nothing else, and stays connected") {
  const House house(with(std::string("\x24\0", 2)));
  REQUIRE(eventually([&] { return house.reads(); }));
  CHECK(house.says("supports QoS 0 only"));
  CHECK_FALSE(eventually([&] { return house.broker.connections() > 1; }, 25s));
  for (const auto& each : house.broker.published()) CHECK(each.qos == 0);
}

TEST_CASE("limits: a broker that keeps nothing gets nothing retained") {
  const House house(with(std::string("\x25\0", 2)));
  REQUIRE(eventually([&] { return house.reads(); }));
  CHECK(house.says("keeps no retained messages"));
  for (const auto& each : house.broker.published()) CHECK_FALSE(each.retain);
}

TEST_CASE("limits: a broker that refuses the last will gets another one") {
  RawBroker::Script script;
  script.connack = 0x9A;
  const House house(script);
  CHECK(eventually([&] { return house.broker.connections() > 1; }));
  CHECK(house.says("accepts no retained last will"));
}

TEST_CASE("limits: a Server Keep Alive of 3 s gets a sign of life in time") {
  const House house(with(std::string("\x13\0\3", 3)));
  REQUIRE(eventually([&] { return house.reads(); }));
  CHECK_FALSE(eventually([&] { return house.broker.connections() > 1; }, 12s));
  CHECK(house.broker.longest_pause() < 4500ms);  // one and a half of it ends the connection
}

TEST_CASE("limits: never more messages without acknowledgement than Receive Maximum allows") {
  for (const int maximum : {1, 2, 20}) {
    CAPTURE(maximum);
    RawBroker::Script script = with(std::string("\x21\0", 2) + static_cast<char>(maximum));
    script.acknowledged_after = 30ms;
    const House house(script);
    REQUIRE(eventually([&] { return house.reads(); }));
    REQUIRE(eventually([&] { return announces_the_meter(house.broker); }));
    CHECK(house.broker.most_unacknowledged() >= 1);
    CHECK(house.broker.most_unacknowledged() <= static_cast<std::size_t>(maximum));
  }
}

// Its Receive Maximum is 20. One of the devices lives, the others are absent.
TEST_CASE("limits: with three hundred devices no value waits in a default mosquitto") {
  World world;
  world.start_broker();
  std::string devices =
      "  meter:\n    adapter: p1\n    line: " + world.plug("tty", "dsmr5") + "\n    interval: 0s\n";
  for (int n = 1; n < 300; ++n) {
    devices += "  m" + std::to_string(n) + ": {adapter: p1, line: \"tcp://127.0.1." +
               std::to_string(n % 250 + 1) + ':' + std::to_string(n / 250 + 1) + "\"}\n";
  }
  world.subscribe();
  world.start_gridtap(devices);
  const auto all_told = [&] {
    const auto topics = world.topics();
    return std::count_if(topics.begin(), topics.end(), [](const auto& each) {
             return each.first.starts_with("gridtap/m") && each.first.ends_with("/status") &&
                    each.second == "offline";
           }) == 299;
  };
  REQUIRE(eventually(all_told, 60s));
  CHECK(eventually([&] { return !world.topic("gridtap/meter/power_import").empty(); }, 60s));
  const std::string log = world.log();
  CHECK(log.find("connection to the broker") == std::string::npos);
}
