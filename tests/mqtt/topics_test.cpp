#include "mqtt/topics.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace gridtap::mqtt;

TEST_CASE("topics: a slug is what Home Assistant makes of a name") {
  const std::pair<std::string, std::string> cases[] = {
      {"House meter_Power import L1", "house_meter_power_import_l1"},
      {"K\xc3\xbc"
       "che",
       "kuche"},
      {"Stra\xc3\x9f"
       "e \xc3\xa6\xc3\xb8\xc3\xa5",
       "strasse_aeoa"},
      {"\xc5\x81\xc3\xb3"
       "d\xc5\xba",
       "lodz"},
      {"20 \xc2\xb0"
       "C",
       "20_degc"},
      {"m\xc2\xb3", "m3"},
      {"  --a--  ", "a"},
      {"\xc3\x97", ""},
      {"\xe6\xb0\xb4", ""},
      {"\xc3", ""},
      {"\xff"
       "a\x80",
       "a"},
  };
  for (const auto& [text, wanted] : cases) {
    CAPTURE(text);
    CHECK(slug(text) == wanted);
  }
}

TEST_CASE("topics: every topic stands below the base, discovery below the prefix") {
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
  CHECK(topics.device_config("meter") == "ha/device/home_meter/config");
  CHECK(topics.entity_config("sensor", "meter", "power") == "ha/sensor/home_meter/power/config");
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
