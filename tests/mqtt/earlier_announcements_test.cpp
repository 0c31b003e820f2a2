// Another name, base or version: Home Assistant keeps its entities, and the broker nothing else.
#include "mqtt/earlier_announcements.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "bridge_rig.hpp"
#include "core/record.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

using Payloads = std::vector<std::string>;
using Form = BridgeOptions::Discovery;

constexpr const char* meter_config = "homeassistant/device/gridtap_E1/config";
constexpr const char* migrate = R"({"migrate_discovery":true})";

BridgeOptions with_base(const char* base) {
  BridgeOptions options = bridge_options();
  options.base = base;
  return options;
}

Payloads topics_below(const BridgeRig& rig, std::string_view level) {
  Payloads found;
  for (const auto& [topic, payload] : rig.broker.retained) {
    if (topic.starts_with(level)) found.push_back(topic);
  }
  return found;
}

// One with a gas meter behind it, and a value with attributes.
void telegram(BridgeRig& rig, std::string_view id, std::int64_t power) {
  rig.identify(id, "E1");
  rig.read(id, "power_import", Decimal{power, 0});
  rig.read(id, "message", std::string_view("hi"), R"({"text":"hi"})");
  rig.identify_child(id, "1", "gas", "G1");
  rig.read_child(id, "1", "gas", Decimal{5, 0});
  rig.end_frame(id);
}

// A run below `gridtap`, and the next one below `house`.
void change_base(BridgeRig& rig) {
  rig.connect();
  telegram(rig, "meter", 1);
  rig.turn(5s);
  rig.restart(with_base("house"));
  rig.connect();
}

// As the version before kept it: no node, and the id as the identity where there is no serial.
void rewrite_as_before(BridgeRig& rig, std::string_view handle, std::string_view identity,
                       std::string_view serial) {
  rig.store.texts["mqtt.device." + std::string(handle)] =
      RecordWriter()
          .add("device", handle == "meter_gas" ? "meter" : handle)
          .add("identity", identity, serial)
          .add("announced", "device", "gridtap", "homeassistant")
          .add("component", "power_import", "sensor", "", 0, "")
          .text();
}

}  // namespace

// ---- a version in which topics had base and id --------------------------------------------------

TEST_CASE("earlier: what was announced below base and id moves once, and keeps its entities") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.bridge->stop();
  rewrite_as_before(rig, "meter", "E1", "E1");
  rewrite_as_before(rig, "gateway", "gridtap", "");
  rig.restart();
  rig.connect();
  rig.telegram(2);
  for (const char* old : {"homeassistant/device/gridtap_meter/config",
                          "homeassistant/device/gridtap_gateway/config"}) {
    CHECK(rig.broker.on(old) == Payloads{migrate, ""});
    CHECK_FALSE(rig.broker.published[rig.broker.position(old)].retain);
    CHECK(rig.broker.position(old) < rig.broker.position(meter_config));
  }
  CHECK(rig.component("meter", "power_import")["uniq_id"] == "gridtap_E1_power_import");
  rig.bridge->stop();
  rig.restart();
  rig.connect();
  rig.telegram(3);
  CHECK(rig.broker.on("homeassistant/device/gridtap_meter/config").empty());
}

TEST_CASE("earlier: an identity that was the id alone gets the base in front, after a pause") {
  BridgeRig rig;
  rewrite_as_before(rig, "meter", "meter", "");
  rig.store.texts["mqtt.devices"] = RecordWriter().add("topic", "meter").text();
  rig.restart();
  rig.connect();
  rig.telegram(1, "");
  // Without the handshake: entities with the old unique ids would stay behind.
  CHECK(rig.broker.on("homeassistant/device/gridtap_meter/config") == Payloads{""});
  CHECK(rig.broker.on("homeassistant/device/gridtap_gridtap_meter/config").empty());
  rig.turn(5s);
  CHECK(rig.component("meter", "power_import")["uniq_id"] == "gridtap_gridtap_meter_power_import");
  rig.telegram(2, "LATE");
  rig.turn(5s);
  CHECK(rig.config("meter")["dev"]["ids"][0] == "gridtap_gridtap_meter");
}

TEST_CASE("earlier: a move that the broker did not hear is made up for in the next run") {
  BridgeRig rig;
  rewrite_as_before(rig, "meter", "E1", "E1");
  rig.store.texts["mqtt.devices"] = RecordWriter().add("topic", "meter").text();
  rig.restart();
  rig.telegram(1);
  rig.bridge->stop();
  rewrite_as_before(rig, "meter", "E1", "E1");
  rig.restart();
  rig.connect();
  CHECK(rig.broker.on("homeassistant/device/gridtap_meter/config") == Payloads{migrate, ""});
}

// ---- another base -------------------------------------------------------------------------------

TEST_CASE("earlier: another base updates the same entities and leaves nothing of the old one") {
  BridgeRig rig;
  rig.connect();
  rig.start_gateway();
  telegram(rig, "meter", 1);
  rig.turn(5s);
  REQUIRE_FALSE(topics_below(rig, "gridtap/").empty());
  rig.bridge->stop();
  rig.restart(with_base("house"));
  rig.connect();
  rig.start_gateway();
  telegram(rig, "meter", 2);
  rig.turn(5s);
  CHECK(topics_below(rig, "gridtap/") == Payloads{});
  for (const std::string& payload : rig.broker.on(meter_config)) {
    CHECK(nlohmann::json::parse(payload)["dev"]["ids"][0] == "gridtap_E1");  // never emptied
  }
  CHECK(rig.component("meter", "power_import")["stat_t"] == "house/meter/power_import");
  CHECK(rig.broker.held("house/meter_gas/gas") == "5");
  CHECK(rig.config("gateway")["dev"]["ids"][0] == "gridtap_gridtap");  // it stays who it was
  CHECK(rig.component("gateway", "relay_boiler")["stat_t"] == "house/gateway/relay_boiler");
}

TEST_CASE("earlier: old topics are emptied when Home Assistant reads the new ones") {
  BridgeRig rig;
  rig.connect();
  telegram(rig, "meter", 1);
  rig.turn(5s);
  rig.bridge->stop();
  rig.restart(with_base("house"));
  rig.connect();
  CHECK(rig.broker.held("gridtap/meter/power_import") == "1");
  telegram(rig, "meter", 2);
  rig.turn(5s);
  CHECK(rig.broker.held("gridtap/meter/power_import") == "(nothing)");
  CHECK(rig.broker.position(meter_config) < rig.broker.position("gridtap/meter/power_import"));
}

TEST_CASE("earlier: old topics of a device that is not heard any more are emptied after a while") {
  BridgeRig rig;
  change_base(rig);
  rig.turn(10s);
  CHECK(rig.broker.held("gridtap/meter_gas/gas") == "5");  // it may come
  rig.turn(70s);
  CHECK(topics_below(rig, "gridtap/meter") == Payloads{});
}

TEST_CASE("earlier: old topics are emptied by the next run, where this one is killed") {
  BridgeRig rig;
  change_base(rig);
  telegram(rig, "meter", 2);  // announced, and what is old not emptied yet
  rig.restart(with_base("house"));
  rig.connect();
  rig.turn(80s);
  CHECK(topics_below(rig, "gridtap/meter") == Payloads{});
  rig.restart(with_base("house"));
  CHECK(rig.announcements.leftovers().empty());
}

TEST_CASE("earlier: a base that is the old one again keeps its topics") {
  BridgeRig rig;
  change_base(rig);
  rig.restart(bridge_options());
  rig.connect();
  telegram(rig, "meter", 2);
  rig.turn(80s);
  CHECK(rig.broker.held("gridtap/meter/power_import") == "2");
  CHECK(rig.broker.held("gridtap/meter/status") == "online");
  CHECK(rig.broker.held("gridtap/status") == "online");
  CHECK(topics_below(rig, "house/meter") == Payloads{});
}

TEST_CASE("earlier: a device without a serial number keeps its identity under another base") {
  BridgeRig rig;
  rig.connect();
  rig.turn(60s);
  rig.telegram(1, "");
  rig.restart(with_base("house"));
  rig.connect();
  rig.telegram(1, "");
  rig.turn(5s);
  CHECK(rig.config("meter")["dev"]["ids"][0] == "gridtap_gridtap_meter");
  CHECK(rig.component("meter", "power_import")["stat_t"] == "house/meter/power_import");
}

// ---- another id ---------------------------------------------------------------------------------

TEST_CASE("earlier: a device under another id is the same one to Home Assistant") {
  BridgeRig rig;
  rig.connect();
  telegram(rig, "meter", 1);
  rig.read("meter", "voltage_l3", Decimal{230, 0});  // comes seldom: not in the next telegram
  rig.turn(15s);
  rig.bridge->stop();
  rig.restart(bridge_options({device_options("house")}));
  rig.connect();
  rig.turn(10s);
  CHECK(rig.broker.on(meter_config).empty());  // the new one has not said who it is
  telegram(rig, "house", 2);
  rig.turn(5s);
  for (const std::string& payload : rig.broker.on(meter_config)) CHECK(payload != "");
  CHECK(rig.component("house", "power_import")["uniq_id"] == "gridtap_E1_power_import");
  CHECK(rig.component("house", "power_import")["stat_t"] == "gridtap/house/power_import");
  CHECK(rig.component("house", "voltage_l3")["stat_t"] == "gridtap/house/voltage_l3");
  CHECK(rig.config("house_gas")["dev"]["ids"][0] == "gridtap_G1");
  CHECK(topics_below(rig, "gridtap/meter") == Payloads{});
  CHECK(std::any_of(rig.log.lines.begin(), rig.log.lines.end(), [](const std::string& line) {
    return line.find("was called meter before") != std::string::npos;
  }));
  rig.bridge->stop();
  rig.restart(bridge_options({device_options("house")}));
  rig.connect();
  rig.turn(5s);
  CHECK(rig.component("house", "voltage_l3")["p"] == "sensor");  // handed over, and kept
}

TEST_CASE("earlier: a device that no new one turns out to be leaves after a wait") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.bridge->stop();
  rig.restart(bridge_options({device_options("battery")}));
  rig.connect();
  rig.turn(70s);
  CHECK(rig.broker.on(meter_config).empty());
  rig.turn(5s);
  CHECK(rig.broker.on(meter_config) == Payloads{""});
  CHECK(topics_below(rig, "gridtap/meter") == Payloads{});
}

TEST_CASE(
    "earlier: a device without a serial number leaves at once, before a new one is announced") {
  BridgeRig rig;
  rig.connect();
  rig.turn(60s);
  rig.telegram(1, "");
  rig.bridge->stop();
  rig.restart(bridge_options({device_options("house")}));
  rig.connect();
  CHECK(rig.broker.on("homeassistant/device/gridtap_gridtap_meter/config") == Payloads{""});
}

TEST_CASE("earlier: the wait for a new device goes on while the broker is away") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.restart(bridge_options({device_options("battery")}));
  rig.turn(200s);  // nothing to send it to
  rig.connect();
  CHECK(rig.broker.on(meter_config) == Payloads{""});
}

TEST_CASE("earlier: a meter that is on another known line now keeps the config it has there") {
  BridgeRig rig(bridge_options({device_options("a"), device_options("b")}));
  rig.connect();
  rig.identify("a", "E1");
  rig.read("a", "power_import", Decimal{1, 0});
  rig.end_frame("a");
  rig.identify("b", "B1");
  rig.read("b", "power_import", Decimal{1, 0});
  rig.end_frame("b");
  rig.turn(5s);
  rig.restart(bridge_options({device_options("b"), device_options("new")}));
  rig.connect();
  rig.identify("b", "E1");  // the meter of `a`, which is no longer configured
  rig.read("b", "power_import", Decimal{2, 0});
  rig.end_frame("b");
  rig.turn(200s);
  CHECK(rig.config("b")["dev"]["ids"][0] == "gridtap_E1");
  CHECK(rig.component("b", "power_import")["stat_t"] == "gridtap/b/power_import");
}

TEST_CASE("earlier: another id and another form of discovery at once") {
  BridgeOptions entity_form = bridge_options();
  entity_form.discovery = Form::entity;
  BridgeRig rig(entity_form);
  rig.connect();
  rig.telegram(1);
  rig.restart(bridge_options({device_options("house")}));
  rig.connect();
  telegram(rig, "house", 2);
  rig.turn(5s);
  CHECK(rig.broker.on("homeassistant/sensor/gridtap_E1/power_import/config") ==
        Payloads{migrate, ""});
  CHECK(rig.component("house", "power_import")["uniq_id"] == "gridtap_E1_power_import");
}

// ---- what is known is shown soon ----------------------------------------------------------------

TEST_CASE("earlier: a known device that sends nothing itself is announced seconds after a start") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.read("meter", "connected", true);
  rig.turn(5s);
  rig.bridge->stop();
  rig.restart();
  rig.broker.forget();
  rig.connect();
  rig.turn(5s);
  const auto config = rig.config("meter");
  CHECK(config["dev"]["mf"] == "Maker");
  CHECK(config["dev"]["mdl"] == "M1");
  CHECK(config["dev"]["sn"] == "E1");
  CHECK(config["cmps"].contains("connected"));
  CHECK(config["cmps"].contains("power_import"));
}
