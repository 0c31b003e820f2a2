// The whole of the broker side: order, reconnects, births, children, commands, the end.
#include "mqtt/bridge.hpp"

#include <doctest/doctest.h>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

using Payloads = std::vector<std::string>;

constexpr const char* meter_config = "homeassistant/device/gridtap_E1/config";
constexpr const char* gateway_config = "homeassistant/device/gridtap_gridtap/config";

}  // namespace

TEST_CASE("bridge: availability, then config, then states, without a pause") {
  BridgeRig rig;
  rig.start_gateway();
  rig.telegram(244);
  rig.connect();
  CHECK(rig.broker.published[0].topic == "gridtap/status");
  CHECK(rig.broker.published[0].payload == "online");
  const auto status = rig.broker.position("gridtap/meter/status");
  const auto gateway = rig.broker.position(gateway_config);
  const auto meter = rig.broker.position(meter_config);
  const auto relay = rig.broker.position("gridtap/gateway/relay_boiler");
  const auto power = rig.broker.position("gridtap/meter/power_import");
  REQUIRE(power != std::string::npos);
  CHECK(status < gateway);
  CHECK(gateway < meter);  // the device that others are behind is known first
  CHECK(meter < relay);
  CHECK(meter < power);
}

TEST_CASE("bridge: a device that has not come yet is offline") {
  BridgeRig rig;
  rig.connect();
  CHECK(rig.broker.held("gridtap/meter/status") == "offline");
  CHECK(rig.broker.held("gridtap/status") == "online");
  CHECK(rig.broker.held(meter_config) == "(nothing)");
}

TEST_CASE("bridge: the entities of the first telegram are in one config") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (const char* key : {"power_import", "power_export", "energy_import_t1", "voltage_l1"}) {
    rig.read("meter", key, Decimal{1, 0});
  }
  rig.end_frame("meter");
  CHECK(rig.broker.on(meter_config).size() == 1);
  CHECK(rig.config("meter")["cmps"].size() == 4);
}

TEST_CASE("bridge: where unknown keys are not announced they have a topic and nothing more") {
  DeviceOptions modem = device_options("meter");
  modem.announce_unknown_keys = false;
  BridgeRig rig(bridge_options({modem}));
  constexpr EntitySpec soil{.key = "soil", .unit = "%"};
  rig.connect();
  rig.identify("meter", "E1");
  rig.say("meter", Entity{"", &soil});
  rig.read("meter", "soil", Decimal{48, 0});
  rig.read("meter", "x7", Decimal{3, 0});
  rig.read("meter", "temperature", Decimal{21, 0});
  rig.end_frame("meter");
  CHECK(rig.broker.held("gridtap/meter/x7") == "3");
  CHECK(rig.config("meter")["cmps"].size() == 2);
  CHECK(rig.component("meter", "soil")["unit_of_meas"] == "%");
  CHECK(rig.component("meter", "temperature")["dev_cla"] == "temperature");
}

TEST_CASE("bridge: later entities are collected, and configs are two seconds apart") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.turn(500ms);
  rig.read("meter", "power_export", Decimal{1, 0});
  rig.turn(500ms);
  rig.read("meter", "voltage_l1", Decimal{1, 0});
  rig.turn(900ms);
  CHECK(rig.broker.on(meter_config).size() == 1);
  CHECK(rig.broker.on("gridtap/meter/voltage_l1").empty());
  rig.turn(100ms);
  CHECK(rig.broker.on(meter_config).size() == 2);
  CHECK(rig.broker.on("gridtap/meter/voltage_l1") == Payloads{"1"});
  rig.turn(1h);
  CHECK(rig.broker.on(meter_config).size() == 2);
}

TEST_CASE("bridge: a broker that lost its messages gets everything again, in order") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.telegram(244);
  const auto before = rig.broker.retained;
  rig.broker.lose();
  rig.broker.forget();
  rig.broker.clear();
  rig.turn(30s);
  rig.connect();
  CHECK(rig.broker.retained == before);
  CHECK(rig.broker.published[0].topic == "gridtap/status");
  CHECK(rig.broker_seen == std::vector<bool>{true, false, true});
}

TEST_CASE("bridge: it listens to commands, to Home Assistant's birth and to its own status") {
  BridgeRig rig;
  rig.connect();
  CHECK(rig.broker.filters ==
        std::vector<std::string>{"gridtap/+/+/set", "gridtap/status", "homeassistant/status"});
}

TEST_CASE("bridge: a birth is answered once, one to ten seconds later") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(244);
  rig.turn(20s);
  rig.broker.clear();
  for (int n = 0; n < 5; ++n) rig.broker.send("homeassistant/status", "online");
  rig.turn(999ms);
  CHECK(rig.broker.published.empty());
  rig.turn(9001ms);
  CHECK(rig.broker.on("gridtap/status") == Payloads{"online"});
  CHECK(rig.broker.on("gridtap/meter/status") == Payloads{"online"});
  CHECK(rig.broker.on(meter_config).size() == 1);
  CHECK(rig.broker.on("gridtap/meter/power_import") == Payloads{"244"});
  rig.broker.clear();
  rig.broker.send("homeassistant/status", "offline");
  rig.turn(20s);
  CHECK(rig.broker.published.empty());
}

TEST_CASE("bridge: gateways of different seeds answer a birth at different times") {
  const auto answer_time = [](std::uint32_t seed) {
    io::ManualClock clock;
    FakeBroker broker;
    MemoryStore store;
    MemoryLog log;
    AnnouncementStore announcements(store);
    model::Model known(model_options(bridge_options()), clock, announcements, log);
    Bridge bridge(
        bridge_options(), known, clock, broker, announcements, log, seed,
        [](std::string_view, const Command&) {}, [](bool) {});
    bridge.start();
    broker.connect();
    broker.clear();
    broker.send("homeassistant/status", "online");
    int waited = 0;
    for (; broker.published.empty() && waited < 20'000; ++waited) clock.advance(1ms);
    return waited;
  };
  const int one = answer_time(1), two = answer_time(99);
  CHECK(one >= 1000);
  CHECK(one <= 10'001);
  CHECK(one != two);
}

TEST_CASE("bridge: the button announces everything again") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.telegram(1);
  rig.turn(10s);
  rig.broker.clear();
  rig.bridge->announce_again();
  rig.turn(0ms);
  CHECK(rig.broker.on(gateway_config).size() == 1);
  CHECK(rig.broker.on(meter_config).size() == 1);
  CHECK(rig.broker.on("gridtap/meter/status") == Payloads{"online"});
  CHECK(rig.broker.on("gridtap/meter/power_import") == Payloads{"1"});
}

TEST_CASE("bridge: at the end every status is offline, the gateway's first") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.identify_child("meter", "1", "gas", "G1");
  rig.say("meter", Alive{"1", 1h});
  rig.turn(0ms);
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "online");
  rig.broker.clear();
  rig.bridge->stop();
  CHECK(rig.broker.held("gridtap/meter/status") == "offline");
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "offline");
  CHECK(rig.broker.published.front().topic == "gridtap/status");
  CHECK(rig.broker.on("gridtap/status") == Payloads{"offline"});
  CHECK(rig.broker.stopped == 1);
  rig.broker.clear();
  rig.telegram(2);
  rig.turn(1h);
  CHECK(rig.broker.published.empty());
}

TEST_CASE("bridge: the level in which a relay is left goes out before the end, each status once") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.telegram(1);
  rig.read("gateway", "relay_boiler", true);
  rig.turn(5s);
  CHECK(rig.broker.held("gridtap/gateway/relay_boiler") == "ON");
  rig.broker.clear();
  rig.read("gateway", "relay_boiler", false);
  rig.say("meter", Alive{"", 0ms});
  rig.bridge->stop();
  CHECK(rig.broker.on("gridtap/gateway/relay_boiler") == Payloads{"OFF"});
  CHECK(rig.broker.on("gridtap/meter/status") == Payloads{"offline"});
  CHECK(rig.broker.on("gridtap/status") == Payloads{"offline"});
}

TEST_CASE("bridge: at the end no status waits for an answer, which nobody reads any more") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.turn(5s);
  rig.broker.clear();
  rig.bridge->stop();
  CHECK(rig.broker.on("gridtap/meter/status") == Payloads{"offline"});
  CHECK(rig.broker.on("gridtap/status") == Payloads{"offline"});
  for (const auto& each : rig.broker.published) {
    if (each.topic.ends_with("/status")) CHECK(each.qos == 0);
  }
}

TEST_CASE("bridge: another's `offline` on our own status is answered with `online`") {
  BridgeRig rig;
  rig.connect();
  rig.turn(5s);
  rig.broker.clear();
  rig.broker.send("gridtap/status", "offline");  // the last will of the connection before this one
  rig.turn(0ms);
  CHECK(rig.broker.on("gridtap/status") == Payloads{"online"});
  CHECK(rig.log.lines.empty());
  rig.broker.send("gridtap/status", "online");
  rig.turn(10min);
  CHECK(rig.broker.on("gridtap/status") == Payloads{"online"});
  rig.broker.send("gridtap/status", "offline");
  CHECK(rig.log.lines.size() == 1);
  CHECK(rig.log.lines[0].find("second gateway") != std::string::npos);
}

// ---- devices behind a device --------------------------------------------------------------------

TEST_CASE("bridge: a meter behind a meter is a device of its own, offline when the first one is") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.identify_child("meter", "1", "gas", "G77");
  rig.read_child("meter", "1", "gas", Decimal{12345, -3});
  rig.say("meter", Alive{"1", 4h});
  rig.end_frame("meter");
  CHECK(rig.broker.held("gridtap/meter_gas/gas") == "12.345");
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "online");
  const auto config = rig.config("meter_gas");
  CHECK(config["dev"]["ids"][0] == "gridtap_G77");
  CHECK(config["dev"]["name"] == "Meter gas");
  CHECK(config["dev"]["via_device"] == "gridtap_E1");
  rig.say("meter", Alive{"", 0ms});
  rig.turn(0ms);
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "offline");
  rig.say("meter", Alive{"", 30s});
  rig.turn(0ms);
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "online");
}

TEST_CASE("bridge: two nodes whose names fall together: the later one is not published") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.identify_child("meter", "A.1", "A.1", "");
  rig.identify_child("meter", "a_1", "a_1", "");
  rig.identify_child("meter", "a_1", "a_1", "");
  rig.read_child("meter", "A.1", "temperature", Decimal{21, 0});
  rig.read_child("meter", "a_1", "temperature", Decimal{99, 0});
  rig.say("meter", Alive{"A.1", 1h});
  rig.say("meter", Alive{"a_1", 0ms});  // nor can it set the other one offline
  rig.end_frame("meter");
  rig.turn(150s);  // the first minute waits for a serial number
  CHECK(rig.broker.on("gridtap/meter_a_1/temperature") == Payloads{"21", "21"});
  CHECK(rig.broker.held("gridtap/meter_a_1/status") == "online");
  CHECK(rig.known->counters().name_collisions == 1);
}

TEST_CASE("bridge: a child cannot take the topics of a configured device") {
  BridgeRig rig(bridge_options({device_options("meter"), device_options("meter_gas")}));
  rig.connect();
  rig.identify("meter", "E1");
  rig.identify_child("meter", "1", "gas", "G1");
  rig.read_child("meter", "1", "gas", Decimal{1, 0});
  rig.end_frame("meter");
  CHECK(rig.broker.on("gridtap/meter_gas/gas").empty());
  CHECK(rig.known->counters().name_collisions == 1);
}

TEST_CASE("bridge: the gas meter that replaces a dead one takes over its name") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.identify_child("meter", "1", "gas", "OLD");
  rig.read_child("meter", "1", "gas", Decimal{9000, 0});
  rig.say("meter", Alive{"1", 4h});
  rig.end_frame("meter");
  rig.turn(10s);
  rig.say("meter", Alive{"1", 0ms});
  rig.turn(5s);
  rig.broker.clear();
  rig.identify_child("meter", "2", "gas", "NEW");
  rig.read_child("meter", "2", "gas", Decimal{1, 0});
  rig.say("meter", Alive{"2", 4h});
  rig.end_frame("meter");
  CHECK(rig.broker.on("homeassistant/device/gridtap_OLD/config") == Payloads{""});
  CHECK(rig.broker.on("homeassistant/device/gridtap_NEW/config").empty());
  rig.turn(2s);
  CHECK(rig.broker.on("homeassistant/device/gridtap_NEW/config").size() == 1);
  CHECK(rig.config("meter_gas")["dev"]["ids"][0] == "gridtap_NEW");
  CHECK(rig.broker.held("gridtap/meter_gas/gas") == "1");
}

TEST_CASE("bridge: a silent device on a shared line does not delay others") {
  BridgeRig rig;
  rig.connect();
  rig.read("meter", "connected", true);
  rig.identify_child("meter", "7", "7", "S7");
  rig.read_child("meter", "7", "power", Decimal{5, 0});
  rig.say("meter", Alive{"7", 30s});
  rig.say("meter", Frame{10});
  rig.turn(0ms);
  CHECK(rig.broker.held("gridtap/meter_7/power") == "5");
  CHECK(rig.broker.held("gridtap/meter_7/status") == "online");
  CHECK(rig.config("meter_7")["dev"]["via_device"] == "gridtap_gridtap_meter");
  CHECK(rig.config("meter")["cmps"].contains("connected"));
}
