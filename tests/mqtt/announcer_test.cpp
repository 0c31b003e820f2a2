// Identity, removal and memory: what Home Assistant is told over restarts and changes.
#include "mqtt/announcer.hpp"

#include <doctest/doctest.h>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

using Payloads = std::vector<std::string>;

constexpr const char* meter_config = "homeassistant/device/gridtap_E1/config";

std::string config_of(std::string_view identity) {
  return "homeassistant/device/gridtap_" + std::string(identity) + "/config";
}

std::string identity(const BridgeRig& rig, std::string_view device = "meter") {
  const auto config = rig.config(device);
  return config.is_discarded() ? "" : config["dev"]["ids"][0].get<std::string>();
}

void declare(BridgeRig& rig, std::string_view key) { rig.say("meter", Entity{"", find_spec(key)}); }

// A meter with an hourly alarm, as one of its first frames leaves it.
void telegram_with_alarm(BridgeRig& rig) {
  rig.identify("meter", "E1");
  declare(rig, "hour_limit");
  rig.say("meter", Reading{"", "hour_limit", "rule", Decimal{5000, 0}});
  rig.say("meter", Reading{"", "hour_energy", "rule", Decimal{12, 0}});
  rig.telegram(1);
}

}  // namespace

// ---- identity -----------------------------------------------------------------------------------

TEST_CASE("announcer: nothing is announced before the device is identified") {
  BridgeRig rig;
  rig.connect();
  rig.read("meter", "power_import", Decimal{1, 0});
  rig.end_frame("meter");
  rig.turn(29s);
  CHECK(rig.broker.held(meter_config) == "(nothing)");
  CHECK(rig.broker.on("gridtap/meter/power_import").empty());
}

TEST_CASE("announcer: a serial number is waited for, and makes the identity") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1, "");
  rig.turn(59s);
  CHECK(rig.broker.held(meter_config) == "(nothing)");
  rig.telegram(2, "6970631401234567");
  CHECK(identity(rig) == "gridtap_6970631401234567");
  CHECK(rig.component("meter", "power_import")["uniq_id"] ==
        "gridtap_6970631401234567_power_import");
  CHECK(rig.broker.on("gridtap/meter/power_import") == Payloads{"2"});
}

TEST_CASE("announcer: a device without serial number is identified by the configured id") {
  BridgeOptions options = bridge_options();
  options.devices[0].identity_wait = 15s;
  BridgeRig rig(options);
  rig.connect();
  rig.telegram(1, "");
  rig.turn(15s);
  CHECK(identity(rig) == "gridtap_gridtap_meter");
  rig.turn(1min);
  rig.telegram(2, "LATE");  // changes nothing but what is shown of the device
  rig.turn(1min);
  CHECK(identity(rig) == "gridtap_gridtap_meter");
  CHECK(rig.config("meter")["dev"]["sn"] == "LATE");
  rig.restart();
  rig.connect();
  rig.telegram(3, "LATE");
  CHECK(identity(rig) == "gridtap_gridtap_meter");
}

TEST_CASE("announcer: an adapter that waits for nothing is announced at once") {
  BridgeOptions options = bridge_options();
  options.devices[0].identity_wait = 0s;
  BridgeRig rig(options);
  rig.connect();
  rig.telegram(1, "");
  CHECK(identity(rig) == "gridtap_gridtap_meter");
}

TEST_CASE("announcer: a device that never sent anything has its line health announced") {
  BridgeRig rig;
  rig.connect();
  rig.read("meter", "connected", false);
  rig.read("meter", "cause", std::string_view("no_bytes"));
  rig.turn(0ms);
  CHECK(rig.broker.held("gridtap/meter/connected") == "OFF");
  CHECK(rig.broker.held("gridtap/meter/cause") == "no_bytes");
  rig.turn(60s);
  CHECK(identity(rig) == "gridtap_gridtap_meter");
  const auto connected = rig.component("meter", "connected");
  CHECK(connected["avty"] == nlohmann::json::parse(R"([{"t":"gridtap/status"}])"));
  rig.telegram(1, "E1");  // it comes at last, and stays who it is
  rig.turn(5s);
  CHECK(identity(rig) == "gridtap_gridtap_meter");
}

TEST_CASE("announcer: a late serial number is remembered, and a different one is a new device") {
  BridgeRig rig;
  rig.connect();
  rig.turn(60s);
  rig.telegram(1, "E1");
  rig.turn(10s);
  rig.telegram(1, "E2");
  rig.turn(10s);
  CHECK(identity(rig) == "gridtap_E2");
}

TEST_CASE("announcer: another serial number removes the old device before the new one comes") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "OLD");
  rig.read("meter", "voltage_l3", Decimal{2301, -1});
  rig.telegram(100, "OLD");
  rig.turn(10s);
  rig.broker.clear();
  rig.telegram(7, "NEW");
  CHECK(rig.broker.on(config_of("OLD")) == Payloads{""});
  CHECK(rig.broker.on("gridtap/meter/voltage_l3") == Payloads{""});  // the new one has no phase 3
  CHECK(rig.broker.on("gridtap/meter/power_import").empty());
  CHECK(rig.broker.on(config_of("NEW")).empty());  // its entity ids are those of the old one
  rig.turn(2s);
  REQUIRE(rig.broker.on(config_of("NEW")).size() == 1);
  CHECK(identity(rig) == "gridtap_NEW");
  CHECK_FALSE(rig.config("meter")["cmps"].contains("voltage_l3"));
  CHECK(rig.broker.on("gridtap/meter/power_import") == Payloads{"7"});
}

TEST_CASE(
    "announcer: what takes the place of another is announced once more, half a minute later") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(100, "OLD");
  rig.turn(10s);
  rig.telegram(7, "NEW");
  rig.turn(2s);
  REQUIRE(rig.broker.on(config_of("NEW")).size() == 1);
  rig.turn(27s);
  CHECK(rig.broker.on(config_of("NEW")).size() == 1);
  rig.turn(1s);
  REQUIRE(rig.broker.on(config_of("NEW")).size() == 2);
  CHECK(rig.broker.on(config_of("NEW"))[0] == rig.broker.on(config_of("NEW"))[1]);
  rig.turn(1h);
  CHECK(rig.broker.on(config_of("NEW")).size() == 2);
}

TEST_CASE("announcer: a new meter that begins above the old one's end is reported with both") {
  BridgeRig rig;
  rig.connect();
  const auto telegram = [&](std::string_view serial, std::int64_t wh) {
    rig.identify("meter", serial);
    rig.read("meter", "energy_import", Decimal{wh, -3});
    rig.read("meter", "energy_export", Decimal{1, 0});
    rig.end_frame("meter");
    rig.turn(5s);
  };
  const auto warnings = [&] {
    Payloads found;
    for (const std::string& line : rig.log.lines) {
      if (line.find("counts the difference") != std::string::npos) found.push_back(line);
    }
    return found;
  };
  telegram("OLD", 300'000);
  telegram("NEW", 5'000'000);
  REQUIRE(warnings().size() == 1);  // the other begins where the old one ended
  CHECK(warnings()[0].find("energy_import of the new meter begins at 5000.000, that of the old "
                           "one ended at 300.000") != std::string::npos);
  CHECK(warnings()[0].find("Developer tools, Statistics") != std::string::npos);
  telegram("NEW", 5'000'001);
  telegram("NEWER", 0);  // from zero, as usual
  CHECK(warnings().size() == 1);
}

TEST_CASE("announcer: a meter swapped while the gateway was off is a new device as well") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(100, "OLD");
  rig.bridge->stop();
  rig.restart();
  rig.connect();
  rig.telegram(7, "NEW");
  rig.turn(2s);
  CHECK(rig.broker.on(config_of("OLD")).back() == "");
  CHECK(identity(rig) == "gridtap_NEW");
}

TEST_CASE("announcer: a swap while the broker is away is announced when it is back") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(100, "OLD");
  rig.broker.lose();
  rig.turn(10s);
  rig.telegram(7, "NEW");
  rig.turn(10s);
  rig.broker.clear();
  rig.connect();
  CHECK(rig.broker.on(config_of("OLD")) == Payloads{""});
  rig.turn(2s);
  CHECK(identity(rig) == "gridtap_NEW");
}

TEST_CASE("announcer: two lines to one meter are two devices with ids of their own") {
  BridgeRig rig(bridge_options({device_options("p1"), device_options("han")}));
  rig.connect();
  for (const char* id : {"p1", "han"}) {
    rig.identify(id, "SAME");
    rig.read(id, "power_import", Decimal{1, 0});
    rig.end_frame(id);
  }
  CHECK(identity(rig, "p1") == "gridtap_SAME");
  CHECK(identity(rig, "han") == "gridtap_SAME_han");
}

TEST_CASE("announcer: a serial number cannot bring strange characters into an id") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1, "A/+#\x01 b-1_\xff");
  CHECK(identity(rig) == "gridtap_Ab-1_");
}

// ---- what is gone -------------------------------------------------------------------------------

TEST_CASE("announcer: a device that left the configuration leaves broker and Home Assistant") {
  BridgeRig rig(bridge_options({device_options("meter"), device_options("battery")}));
  rig.connect();
  rig.telegram(1);
  rig.identify("battery", "B1");
  rig.read("battery", "voltage", Decimal{13, 0}, R"({"a":1})");
  rig.end_frame("battery");
  rig.identify_child("battery", "1", "node", "N1");
  rig.read_child("battery", "1", "temperature", Decimal{20, 0});
  rig.turn(5s);
  rig.bridge->stop();
  rig.restart(bridge_options());
  rig.connect();
  for (const auto& [topic, payload] : rig.broker.retained) {
    CAPTURE(topic);
    CHECK(topic.find("battery") == std::string::npos);
  }
  CHECK(rig.broker.held("gridtap/meter/power_import") == "1");
  rig.restart();
  rig.connect();
  CHECK(rig.broker.on("homeassistant/device/gridtap_B1/config").empty());  // once is enough
}

TEST_CASE("announcer: a removal that the broker did not hear is made up for in the next run") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.restart(bridge_options({}));  // never connects
  rig.restart(bridge_options({}));
  rig.connect();
  CHECK(rig.broker.held(meter_config) == "(nothing)");
}

TEST_CASE("announcer: a setting that is gone is removed with its rule's values, others stay") {
  BridgeRig rig;
  rig.connect();
  telegram_with_alarm(rig);
  rig.read("meter", "gas", Decimal{1, 0});
  rig.turn(5s);
  CHECK(rig.component("meter", "hour_limit")["p"] == "number");
  rig.restart();
  rig.connect();
  rig.broker.clear();
  rig.telegram(1);
  CHECK_FALSE(rig.config("meter")["cmps"].contains("hour_limit"));
  CHECK(rig.config("meter")["cmps"].contains("hour_energy"));
  CHECK(rig.config("meter")["cmps"].contains("gas"));  // comes hourly: nothing is known against it
  rig.turn(30s);
  const auto removing = nlohmann::json::parse(rig.broker.on(meter_config)[1]);
  CHECK(removing["cmps"]["hour_limit"] == nlohmann::json::parse(R"({"p":"number"})"));
  CHECK(removing["cmps"]["hour_energy"] == nlohmann::json::parse(R"({"p":"sensor"})"));
  rig.turn(2s);
  CHECK(rig.broker.held("gridtap/meter/hour_energy") == "(nothing)");
  CHECK_FALSE(rig.config("meter")["cmps"].contains("hour_limit"));
  CHECK_FALSE(rig.config("meter")["cmps"].contains("hour_energy"));
  CHECK(rig.config("meter")["cmps"].contains("gas"));
}

TEST_CASE("announcer: a relay that left the configuration is removed at once") {
  BridgeRig rig;
  const auto start = [&](bool relay) {
    rig.say("gateway", Identified{"", {"", "", "gridtap", "gridtap", "MQTT gateway", "1"}});
    EntitySpec spec = *find_spec("relay_boiler");
    spec.key = "relay_boiler";
    if (relay) rig.say("gateway", Entity{"", &spec});
    rig.read("gateway", "version", std::string_view("1"));
    if (relay) rig.read("gateway", "relay_boiler", false);
    rig.say("gateway", Frame{0});
  };
  start(true);
  rig.connect();
  CHECK(rig.component("gateway", "relay_boiler")["p"] == "switch");
  rig.restart();
  start(false);
  rig.connect();
  CHECK(rig.component("gateway", "relay_boiler") == nlohmann::json::parse(R"({"p":"switch"})"));
  rig.turn(2s);
  CHECK_FALSE(rig.config("gateway")["cmps"].contains("relay_boiler"));
  CHECK(rig.config("gateway")["cmps"].contains("version"));
  CHECK(rig.broker.held("gridtap/gateway/relay_boiler") == "(nothing)");
}

TEST_CASE("announcer: what a day did not bring is given up") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "voltage_l3", Decimal{1, 0});
  rig.telegram(1);
  rig.restart();
  rig.connect();
  rig.telegram(1);
  CHECK(rig.config("meter")["cmps"].contains("voltage_l3"));
  rig.turn(26h);
  CHECK_FALSE(rig.config("meter")["cmps"].contains("voltage_l3"));
  CHECK(rig.config("meter")["cmps"].contains("power_import"));
  rig.read("meter", "voltage_l3", Decimal{2, 0});  // and welcome back
  rig.turn(5s);
  CHECK(rig.config("meter")["cmps"].contains("voltage_l3"));
}

TEST_CASE("announcer: another platform is announced after the old one was removed") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  declare(rig, "power_limit");
  rig.read("meter", "power_limit", Decimal{80, 0});
  rig.end_frame("meter");
  CHECK(rig.component("meter", "power_limit")["p"] == "number");
  rig.restart();
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "power_limit", Decimal{80, 0});  // `writes` was turned off
  rig.end_frame("meter");
  CHECK(rig.component("meter", "power_limit") == nlohmann::json::parse(R"({"p":"number"})"));
  rig.turn(2s);
  CHECK(rig.component("meter", "power_limit")["p"] == "sensor");
  CHECK(rig.broker.held("gridtap/meter/power_limit") == "80");
}

TEST_CASE("announcer: a restart announces what earlier runs knew, with the same ids") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "breaker", std::string_view("code7"));
  rig.read("meter", "message", std::string_view("hi"), R"({"text":"hi"})");
  rig.telegram(1);
  const auto before = rig.config("meter")["cmps"];
  rig.restart();
  rig.broker.forget();
  rig.connect();
  rig.telegram(1);
  CHECK(rig.config("meter")["cmps"] == before);
}

TEST_CASE("announcer: children of an earlier run are offline until they come") {
  BridgeRig rig;
  rig.connect();
  rig.identify_child("meter", "1", "gas", "G1");
  rig.read_child("meter", "1", "gas", Decimal{1, 0});
  rig.say("meter", Alive{"1", 1h});
  rig.telegram(1);
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "online");
  rig.restart();  // as after a kill: nobody said offline
  rig.connect();
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "offline");
  rig.telegram(1);
  rig.identify_child("meter", "1", "gas", "G1");
  rig.say("meter", Alive{"1", 1h});
  rig.turn(0ms);
  CHECK(rig.broker.held("gridtap/meter_gas/status") == "online");
  CHECK(rig.config("meter_gas")["cmps"].contains("gas"));
}

TEST_CASE("announcer: a damaged store costs nothing but the memory of what is gone") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  for (auto& [key, text] : rig.store.texts) text = "rubbish\n\t\xff" + text;
  rig.restart();
  rig.connect();
  rig.telegram(2);
  CHECK(identity(rig) == "gridtap_E1");
}
