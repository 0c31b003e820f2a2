#include "mqtt/topics.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>

using namespace gridtap::mqtt;

TEST_CASE("topics: every topic is below the base, discovery below the prefix") {
  const Topics topics("home", "ha");
  CHECK(topics.status() == "home/status");
  CHECK(topics.status("meter") == "home/meter/status");
  CHECK(topics.status("gateway") == "home/status");
  CHECK(topics.state("meter", "power") == "home/meter/power");
  CHECK(topics.attributes("meter", "message") == "home/meter/message/attributes");
  CHECK(topics.set("gateway", "relay_x") == "home/gateway/relay_x/set");
  CHECK(topics.rejected("gateway", "relay_x") == "home/gateway/relay_x/rejected");
  CHECK(topics.every_set() == "home/+/+/set");
  CHECK(topics.birth() == "ha/status");
  CHECK(topics.device_config("gridtap_E1") == "ha/device/gridtap_E1/config");
  CHECK(topics.entity_config("sensor", "gridtap_E1", "power") ==
        "ha/sensor/gridtap_E1/power/config");
}

TEST_CASE("topics: a node has only what Home Assistant takes, whatever the base is") {
  CHECK(Topics::node("E0042-1_a") == "gridtap_E0042-1_a");
  CHECK(Topics::node("My house.1_meter") == "gridtap_My_house_1_meter");
}

TEST_CASE("topics: a command topic names its device and entity, and nothing else passes for one") {
  const Topics topics("home", "ha");
  const auto target = topics.target("home/gateway/relay_x/set");
  REQUIRE(target);
  CHECK(target->device == "gateway");
  CHECK(target->entity == "relay_x");
  for (const char* bad : {"home/gateway/set", "home/a/b/c/set", "homes/a/b/set", "home/a/b/sets",
                          "home/a/b", "other/a/b/set", "home/set", "/set", "", "homea/b/set"}) {
    CAPTURE(bad);
    CHECK_FALSE(topics.target(bad));
  }
  CHECK(topics.target("home/../passwd/set")->device == "..");  // known to nobody, so harmless
}

TEST_CASE("topics: the command topic of every device and entity leads back to them") {
  const Topics topics("home", "ha");
  for (const char* device : {"gateway", "meter", "meter_gas", "a", "set"}) {
    for (const char* entity : {"power", "set", "status", "x_1", "attributes"}) {
      const std::string topic = topics.set(device, entity);
      CAPTURE(topic);
      const auto target = topics.target(topic);
      REQUIRE(target);
      CHECK(target->device == device);
      CHECK(target->entity == entity);
      CHECK_FALSE(topics.target(topics.rejected(device, entity)));
      CHECK_FALSE(topics.target(topics.state(device, entity)));
      CHECK_FALSE(topics.target(topics.attributes(device, entity)));
    }
  }
}

TEST_CASE("topics: gateways whose bases begin alike do not hear each other's commands") {
  const Topics one("home", "ha"), longer("home2", "ha");
  CHECK_FALSE(one.target(longer.set("meter", "power")));
  CHECK_FALSE(longer.target(one.set("meter", "power")));
}

TEST_CASE("topics: no topic of one kind is one of another kind") {
  const Topics topics("home", "ha");
  std::set<std::string> all;
  std::size_t made = 0;
  const auto add = [&](const std::string& topic) {
    all.insert(topic);
    ++made;
  };
  for (const char* device : {"meter", "meter_gas"}) {
    add(topics.status(device));
    add(topics.device_config(device));
    for (const char* entity : {"power", "gas"}) {
      add(topics.state(device, entity));
      add(topics.attributes(device, entity));
      add(topics.set(device, entity));
      add(topics.rejected(device, entity));
      add(topics.entity_config("sensor", device, entity));
    }
  }
  add(topics.status());
  add(topics.birth());
  CHECK(all.size() == made);
}
