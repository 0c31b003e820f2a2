// What goes out when: intervals, heartbeats, back-pressure, limits.
#include "mqtt/states.hpp"

#include <doctest/doctest.h>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

using Payloads = std::vector<std::string>;

BridgeOptions with_interval(std::chrono::milliseconds interval,
                            std::chrono::milliseconds heartbeat = 60s) {
  BridgeOptions options = bridge_options();
  options.devices[0].interval = interval;
  options.devices[0].heartbeat = heartbeat;
  return options;
}

constexpr const char* power_topic = "gridtap/meter/power_import";

}  // namespace

TEST_CASE("states: the first value goes out at once, the next at the end of the interval") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(100);
  CHECK(rig.broker.on(power_topic) == Payloads{"100"});
  for (int second = 1; second < 10; ++second) {
    rig.turn(1s);
    rig.telegram(100 + second);
  }
  CHECK(rig.broker.on(power_topic) == Payloads{"100"});
  rig.turn(1s);
  CHECK(rig.broker.on(power_topic) == Payloads{"100", "109"});
}

TEST_CASE("states: no two values of one entity are nearer than the interval") {
  BridgeRig rig;
  rig.connect();
  Mono last{};
  std::size_t seen = 0;
  for (int n = 0; n < 400; ++n) {
    rig.telegram(n);
    rig.turn(std::chrono::milliseconds(370 + n % 7));
    const std::size_t now_seen = rig.broker.on(power_topic).size();
    CHECK(now_seen - seen <= 1);
    if (now_seen > seen && seen > 0) CHECK(rig.clock.now().mono - last >= 10s - 377ms);
    if (now_seen > seen) last = rig.clock.now().mono;
    seen = now_seen;
  }
  CHECK(seen >= 14);
}

TEST_CASE("states: an unchanged value comes again with the heartbeat only") {
  BridgeRig rig;
  rig.connect();
  for (int second = 0; second <= 125; ++second) {
    rig.telegram(100);
    rig.turn(1s);
  }
  CHECK(rig.broker.on(power_topic) == Payloads{"100", "100", "100"});
}

TEST_CASE("states: the heartbeat is never late") {
  BridgeRig rig(with_interval(10s, 7300ms));
  rig.connect();
  rig.telegram(100);
  for (int n = 1; n < 20; ++n) {
    rig.turn(7300ms);
    CHECK(rig.broker.on(power_topic).size() >= static_cast<std::size_t>(n) + 1);
    rig.telegram(100);
  }
}

TEST_CASE("states: an interval of zero publishes every telegram") {
  BridgeRig rig(with_interval(0s));
  rig.connect();
  for (const int power : {1, 2, 2, 2, 3}) {
    rig.telegram(power);
    rig.turn(1s);
  }
  CHECK(rig.broker.on(power_topic) == Payloads{"1", "2", "2", "2", "3"});
}

TEST_CASE("states: an interval of zero publishes a switch when it moves, and with the heartbeat") {
  BridgeRig rig(with_interval(0s));
  rig.connect();
  rig.say("meter", Entity{"", find_spec("output_on")});
  for (const bool on : {true, true, false, false, false, true}) {
    rig.read("meter", "output_on", on);
    rig.telegram(1);
    rig.turn(1s);
  }
  CHECK(rig.broker.on("gridtap/meter/output_on") == Payloads{"ON", "OFF", "ON"});
  for (int second = 0; second < 60; ++second) {
    rig.telegram(1);
    rig.turn(1s);
  }
  CHECK(rig.broker.on("gridtap/meter/output_on") == Payloads{"ON", "OFF", "ON", "ON"});
}

TEST_CASE("states: energy totals wait as measurements do") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (int n = 0; n < 10; ++n) {
    rig.read("meter", "energy_import", Decimal{1000 + n, -3});
    rig.end_frame("meter");
    rig.turn(500ms);
  }
  CHECK(rig.broker.on("gridtap/meter/energy_import") == Payloads{"1.000"});
}

TEST_CASE("states: alarms, relays and settings are published at once, every time") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  EntitySpec limit = *find_spec("hour_limit");
  rig.say("meter", Entity{"", &limit});
  rig.telegram(1);
  for (int n = 0; n < 4; ++n) {
    rig.read("meter", "hour_limit_exceeded", n % 2 == 0);
    rig.read("meter", "hour_limit", Decimal{5000 + n, 0});
    rig.turn(2s);
    rig.read("meter", "hour_limit_exceeded", n % 2 != 0);
    rig.turn(0ms);
  }
  CHECK(rig.broker.on("gridtap/meter/hour_limit_exceeded") ==
        Payloads{"ON", "OFF", "ON", "OFF", "ON"});
  CHECK(rig.broker.on("gridtap/meter/hour_limit") == Payloads{"5000", "5001", "5002", "5003"});
}

TEST_CASE("states: alarms and relays are acknowledged, measurements are not; all are retained") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.read("meter", "hour_limit_exceeded", true);
  rig.turn(2s);
  CHECK(rig.broker.last(power_topic)->qos == 0);
  CHECK(rig.broker.last("gridtap/meter/hour_limit_exceeded")->qos == 1);
  CHECK(rig.broker.last("gridtap/meter/status")->qos == 1);
  CHECK(rig.broker.last("homeassistant/device/gridtap_E1/config")->qos == 1);
  for (const auto& each : rig.broker.published)
    CHECK((each.retain || each.topic.ends_with("/set")));
}

TEST_CASE("states: an unknown value is None, and no value at all announces nothing") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.read("meter", "limiter", Value{});
  rig.turn(5s);
  CHECK(rig.broker.on("gridtap/meter/limiter").empty());
  CHECK(rig.component("meter", "limiter").is_null());
  rig.read("meter", "limiter", Decimal{3000, 0});
  rig.turn(20s);
  rig.read("meter", "limiter", Value{});
  rig.turn(20s);
  CHECK(rig.broker.on("gridtap/meter/limiter") == Payloads{"3000", "None"});
}

TEST_CASE("states: attributes are published before their state") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "message", std::string_view("hello"), R"({"text":"hello world"})");
  rig.end_frame("meter");
  CHECK(rig.broker.held("gridtap/meter/message/attributes") == R"({"text":"hello world"})");
  CHECK(rig.broker.position("gridtap/meter/message/attributes") <
        rig.broker.position("gridtap/meter/message"));
  CHECK(rig.component("meter", "message")["json_attr_t"] == "gridtap/meter/message/attributes");
}

TEST_CASE("states: attributes that are gone do not stay on the broker") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "message", std::string_view("hello"), R"({"text":"hello"})");
  rig.end_frame("meter");
  rig.turn(10s);
  rig.read("meter", "message", std::string_view(""));
  rig.turn(10s);
  CHECK(rig.broker.held("gridtap/meter/message") == "None");
  CHECK(rig.broker.held("gridtap/meter/message/attributes") == "{}");
  rig.broker.clear();
  for (const std::string& attributes : {std::string(), std::string(20'000, 'x')}) {
    rig.read("meter", "message", std::string_view(""), attributes);
    rig.turn(10s);
    CHECK(rig.broker.on("gridtap/meter/message").empty());
    CHECK(rig.broker.on("gridtap/meter/message/attributes").empty());
  }
}

TEST_CASE("states: text where a number was promised is not published, and counted") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(5);
  rig.turn(20s);
  for (int n = 0; n < 100; ++n) rig.read("meter", "power_import", std::string_view("abc"));
  rig.turn(20s);
  CHECK(rig.broker.held(power_topic) == "5");
  CHECK(rig.known->counters().unfit_readings == 100);
  CHECK(rig.log.lines.size() == 1);
}

TEST_CASE("states: a new option is announced before it is published") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "breaker", std::string_view("connected"));
  rig.end_frame("meter");
  rig.turn(20s);
  rig.broker.clear();
  rig.read("meter", "breaker", std::string_view("code9"));
  rig.turn(20s);
  const auto config = rig.broker.position("homeassistant/device/gridtap_E1/config");
  const auto state = rig.broker.position("gridtap/meter/breaker");
  REQUIRE(config != std::string::npos);
  REQUIRE(state != std::string::npos);
  CHECK(config < state);
  CHECK(rig.broker.held("gridtap/meter/breaker") == "code9");
  const auto options = rig.component("meter", "breaker")["ops"].get<Payloads>();
  CHECK(options == Payloads{"disconnected", "connected", "ready", "code9"});
}

TEST_CASE("states: a wire that makes up options without end is bounded") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (int n = 0; n < 500; ++n) {
    const std::string word = "code" + std::to_string(n);
    rig.read("meter", "breaker", std::string_view(word));
  }
  rig.end_frame("meter");
  rig.turn(30s);
  CHECK(rig.component("meter", "breaker")["ops"].size() <= model::max_options);
  CHECK(rig.broker.held("gridtap/meter/breaker") == "None");
}

TEST_CASE("states: a full broker loses nothing: the newest value goes out when there is room") {
  BridgeRig rig;
  rig.broker.room = 3;  // gateway status, device status, and the config of the gateway or meter
  rig.broker.connected = true;
  rig.connect();
  rig.telegram(1);
  rig.telegram(2);
  rig.turn(60s);
  CHECK(rig.broker.on(power_topic).empty());
  rig.broker.make_room(FakeBroker::endless);
  CHECK(rig.broker.on(power_topic) == Payloads{"2"});
  CHECK(rig.broker.held("gridtap/meter/status") == "online");
}

TEST_CASE("states: with room for one message at a time everything still arrives, in order") {
  BridgeRig rig;
  rig.broker.room = 0;
  rig.connect();
  rig.telegram(7);
  for (int n = 0; n < 20; ++n) rig.broker.make_room(1);
  CHECK(rig.broker.held("gridtap/status") == "online");
  CHECK(rig.broker.held("gridtap/meter/status") == "online");
  CHECK(rig.broker.held(power_topic) == "7");
  CHECK(rig.broker.position("homeassistant/device/gridtap_E1/config") <
        rig.broker.position(power_topic));
}

TEST_CASE("states: with room for one message at a time attributes go out once, then the state") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.read("meter", "message", std::string_view("a"), R"({"text":"a"})");
  rig.end_frame("meter");
  rig.turn(5min);
  rig.broker.clear();
  rig.broker.room = 0;
  rig.read("meter", "message", std::string_view("b"), R"({"text":"b"})");
  rig.end_frame("meter");
  rig.turn(5min);
  for (int n = 0; n < 20; ++n) rig.broker.make_room(1);
  CHECK(rig.broker.on("gridtap/meter/message/attributes") == Payloads{R"({"text":"b"})"});
  CHECK(rig.broker.held("gridtap/meter/message") == "b");
}

TEST_CASE("states: nothing queues while the broker is away; then the newest is published once") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.broker.lose();
  rig.broker.clear();
  for (int n = 0; n < 3600; ++n) {
    rig.turn(1s);
    rig.telegram(n);
  }
  CHECK(rig.broker.published.empty());
  rig.connect();
  CHECK(rig.broker.on(power_topic) == Payloads{"3599"});
}

TEST_CASE("states: a silent device does not repeat old values; its line health is published") {
  BridgeRig rig;
  rig.connect();
  rig.read("meter", "connected", true);
  rig.telegram(1);
  rig.turn(1s);
  rig.say("meter", Alive{"", 0ms});
  rig.turn(0ms);
  CHECK(rig.broker.held("gridtap/meter/status") == "offline");
  rig.broker.clear();
  rig.turn(5min);
  CHECK(rig.broker.on(power_topic).empty());
  CHECK(rig.broker.on("gridtap/meter/connected").size() == 5);
}

TEST_CASE("states: an idle house wakes the process no more than once a second") {
  BridgeOptions options = bridge_options();
  for (int n = 0; n < 20; ++n) options.devices.push_back(device_options("d" + std::to_string(n)));
  BridgeRig rig(options);
  rig.connect();
  for (int n = 0; n < 20; ++n) {
    const std::string id = "d" + std::to_string(n);
    rig.identify(id, "S" + std::to_string(n));
    rig.read(id, "power_import", Decimal{n, 0});
    rig.end_frame(id);
    rig.turn(137ms);
  }
  rig.turn(60s);
  int bursts = 0;
  for (int tick = 0; tick < 60'000 / 50; ++tick) {
    rig.broker.clear();
    rig.turn(50ms);
    if (!rig.broker.published.empty()) ++bursts;
  }
  CHECK(bursts <= 60);
  CHECK(bursts >= 1);
}

TEST_CASE("states: of one device no more than the limit of entities is published") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (std::size_t n = 0; n < model::max_entities + 50; ++n) {
    const std::string key = "made_up_" + std::to_string(n);
    rig.read("meter", key, Decimal{1, 0});
    rig.read("meter", key, Decimal{2, 0});
  }
  rig.end_frame("meter");
  CHECK(rig.config("meter")["cmps"].size() == model::max_entities);
  CHECK(rig.known->counters().name_collisions == 50);
  CHECK(rig.log.lines.size() == 1);
}

TEST_CASE("states: two keys that fall on one topic: the later is counted, named and left out") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "Temp.1", Decimal{1, 0});
  rig.read("meter", "temp 1", Decimal{2, 0});
  rig.read("meter", "temp 1", Decimal{3, 0});
  rig.read("meter", "status", Decimal{4, 0});  // the device's own status is no entity
  rig.end_frame("meter");
  CHECK(rig.broker.on("gridtap/meter/temp_1") == Payloads{"1"});
  CHECK(rig.broker.held("gridtap/meter/status") == "online");
  CHECK(rig.known->counters().name_collisions == 2);
  REQUIRE(rig.log.lines.size() == 1);
  CHECK(rig.log.lines[0].find("`temp 1` is not published") != std::string::npos);
}
