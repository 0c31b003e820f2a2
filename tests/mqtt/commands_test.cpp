// From a message on a command topic to a device, or to the reason why not.
#include <doctest/doctest.h>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

using Payloads = std::vector<std::string>;

nlohmann::json last_rejection(const BridgeRig& rig, const std::string& topic) {
  const auto* message = rig.broker.last(topic);
  if (message == nullptr) return {};
  CHECK_FALSE(message->retain);
  return nlohmann::json::parse(message->payload);
}

}  // namespace

TEST_CASE("commands: a command reaches its device as a checked value") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.broker.send("gridtap/gateway/relay_boiler/set", "ON");
  REQUIRE(rig.commands.size() == 1);
  CHECK(rig.commands[0].device == "gateway");
  CHECK(rig.commands[0].channel == "");
  CHECK(rig.commands[0].key == "relay_boiler");
  CHECK(rig.commands[0].value == "ON");
  CHECK(rig.broker.on("gridtap/gateway/relay_boiler/rejected").empty());
}

TEST_CASE("commands: a command to a node goes to its channel, by the names on the line") {
  BridgeRig rig;
  rig.connect();
  EntitySpec lamp = *find_spec("output_on");
  lamp.key = "Lamp.1";
  rig.identify_child("meter", "Node 3", "Node 3", "");
  rig.say("meter", Entity{"Node 3", &lamp});
  rig.broker.send("gridtap/meter_node_3/lamp_1/set", "OFF");
  REQUIRE(rig.commands.size() == 1);
  CHECK(rig.commands[0].device == "meter");
  CHECK(rig.commands[0].channel == "Node 3");
  CHECK(rig.commands[0].key == "Lamp.1");
}

TEST_CASE("commands: a malformed command is refused with its reason, and the state published") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.broker.clear();
  rig.broker.send("gridtap/gateway/relay_boiler/set", "on");
  rig.turn(0ms);
  const auto rejection = last_rejection(rig, "gridtap/gateway/relay_boiler/rejected");
  CHECK(rejection["command"] == "on");
  CHECK(rejection["reason"] == "a switch takes ON or OFF");
  CHECK(rig.broker.on("gridtap/gateway/relay_boiler") == Payloads{"OFF"});
  CHECK(rig.commands.empty());
  CHECK(rig.known->counters().rejected_commands == 1);
}

TEST_CASE("commands: the last refusal is an entity, there while its device is offline") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  CHECK(rig.broker.held("gridtap/gateway/last_refusal") == "None");
  const auto component = rig.component("gateway", "last_refusal");
  CHECK(component["p"] == "sensor");
  CHECK(component["ent_cat"] == "diagnostic");
  rig.broker.send("gridtap/gateway/relay_boiler/set", "on");
  rig.turn(2s);  // with attributes it is announced once more
  CHECK(rig.broker.held("gridtap/gateway/last_refusal") == "a switch takes ON or OFF");
  const auto attributes =
      nlohmann::json::parse(rig.broker.held("gridtap/gateway/last_refusal/attributes"));
  CHECK(attributes["entity"] == "relay_boiler");
  CHECK(attributes["command"] == "on");
  CHECK(attributes["at"] == "2026-11-20T00:00:00+00:00");
  CHECK(rig.component("gateway", "last_refusal")["json_attr_t"] ==
        "gridtap/gateway/last_refusal/attributes");
}

TEST_CASE("commands: a retained command is refused, and the broom that removes it is not") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.broker.send("gridtap/gateway/relay_boiler/set", "ON", true);
  CHECK(rig.commands.empty());
  const auto rejection = last_rejection(rig, "gridtap/gateway/relay_boiler/rejected");
  CHECK(rejection["reason"].get<std::string>().find("retained") != std::string::npos);
  rig.broker.send("gridtap/gateway/relay_boiler/set", "", true);
  CHECK(rig.broker.on("gridtap/gateway/relay_boiler/rejected").size() == 1);
}

TEST_CASE("commands: a command that expired on its way is refused, one that has time left is not") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  const Mono now = rig.clock.now().mono;
  rig.broker.send("gridtap/gateway/relay_boiler/set", "ON", false, now);
  CHECK(rig.commands.empty());
  CHECK(last_rejection(rig, "gridtap/gateway/relay_boiler/rejected")["reason"] ==
        "it expired on its way (message expiry interval)");
  rig.broker.send("gridtap/gateway/relay_boiler/set", "OFF", false, now + 1s);
  REQUIRE(rig.commands.size() == 1);
  CHECK(rig.commands[0].expires == now + 1s);
  rig.broker.send("gridtap/gateway/relay_boiler/set", "ON");
  CHECK_FALSE(rig.commands[1].expires);
}

TEST_CASE("commands: what a device refuses later is reported in the same way") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.broker.clear();
  rig.say("gateway",
          Rejected{"", "relay_boiler", "ON", {Fault::refused, "min_off: 20 s are left"}});
  rig.turn(0ms);
  const auto rejection = last_rejection(rig, "gridtap/gateway/relay_boiler/rejected");
  CHECK(rejection["command"] == "ON");
  CHECK(rejection["reason"] == "min_off: 20 s are left");
  CHECK(rig.broker.on("gridtap/gateway/relay_boiler") == Payloads{"OFF"});
}

TEST_CASE(
    "commands: a command for an unknown device is counted and logged once, and nothing is "
    "published") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.broker.clear();
  for (int n = 0; n < 1000; ++n) {
    rig.broker.send("gridtap/gateway/relay_other/set", "ON");
    rig.broker.send("gridtap/nobody/relay/set", "ON");
    rig.broker.send("gridtap/../../etc/set", "ON");
    rig.broker.send("gridtap/gateway/status/set", "ON");
  }
  CHECK(rig.broker.published.empty());
  CHECK(rig.bridge->counters().unknown_commands == 4000);
  CHECK(rig.log.lines.size() == 1);
  rig.turn(2min);
  rig.broker.send("gridtap/nobody/x/set", "ON");
  REQUIRE(rig.log.lines.size() == 2);
  CHECK(rig.log.lines[1].find("and 3999 more") != std::string::npos);
}

TEST_CASE("commands: a flood of bad commands has ten answers a second, and costs two log lines") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  const std::string rejected = "gridtap/gateway/relay_boiler/rejected";
  for (int n = 0; n < 10'000; ++n) rig.broker.send("gridtap/gateway/relay_boiler/set", "maybe");
  CHECK(rig.broker.on(rejected).size() == 10);
  CHECK(rig.known->counters().rejected_commands == 10'000);
  REQUIRE(rig.log.lines.size() == 2);
  CHECK(rig.log.lines[1].find("more than 10 commands a second were refused") != std::string::npos);
  rig.turn(1s);
  for (int n = 0; n < 100; ++n) rig.broker.send("gridtap/gateway/relay_boiler/set", "maybe");
  CHECK(rig.broker.on(rejected).size() == 20);
  CHECK(rig.log.lines.size() == 2);
  SUBCASE("the state is published again, whether there was an answer or not") {
    rig.broker.clear();
    rig.turn(0ms);
    CHECK(rig.broker.on("gridtap/gateway/relay_boiler") == Payloads{"OFF"});
  }
}

TEST_CASE("commands: a flood to one device leaves the answers of another alone") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.telegram(244);
  for (int n = 0; n < 100; ++n) rig.broker.send("gridtap/gateway/relay_boiler/set", "maybe");
  rig.broker.send("gridtap/meter/power_import/set", "5");
  CHECK(rig.broker.on("gridtap/meter/power_import/rejected").size() == 1);
}

TEST_CASE("commands: a full broker takes no answers, and they are not kept for it") {
  BridgeRig rig;
  rig.start_gateway();
  rig.connect();
  rig.broker.room = 4;
  for (int n = 0; n < 10'000; ++n) rig.broker.send("gridtap/gateway/relay_boiler/set", "maybe");
  CHECK(rig.broker.on("gridtap/gateway/relay_boiler/rejected").size() == 4);
  rig.broker.make_room(FakeBroker::endless);
  rig.turn(1min);
  CHECK(rig.broker.on("gridtap/gateway/relay_boiler/rejected").size() == 4);
}

TEST_CASE("commands: an entity that only reports values is refused as read-only") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "power_limit", Decimal{80, 0});
  rig.read("meter", "power_limit_enabled", true);
  rig.end_frame("meter");
  CHECK(rig.component("meter", "power_limit")["p"] == "sensor");
  CHECK(rig.component("meter", "power_limit_enabled")["p"] == "binary_sensor");
  rig.broker.send("gridtap/meter/power_limit/set", "50");
  CHECK(rig.commands.empty());
  CHECK(last_rejection(rig, "gridtap/meter/power_limit/rejected")["reason"] == "takes no commands");
}

TEST_CASE(
    "commands: messages that came too fast to be read are counted, and logged once a minute") {
  BridgeRig rig;
  rig.connect();
  rig.broker.drop(300);
  rig.broker.drop(50);
  CHECK(rig.bridge->counters().unknown_commands == 350);
  REQUIRE(rig.log.lines.size() == 1);
  CHECK(rig.log.lines[0].find("300 messages arrived faster") != std::string::npos);
  CHECK(rig.log.lines[0].find("gridtap/+/+/set") != std::string::npos);
}
