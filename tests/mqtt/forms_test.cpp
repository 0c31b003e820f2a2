// The forms of discovery, and the ways from one to the other.
#include <doctest/doctest.h>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

using Payloads = std::vector<std::string>;
using Form = BridgeOptions::Discovery;

constexpr const char* meter_config = "homeassistant/device/gridtap_E1/config";
constexpr const char* power_config = "homeassistant/sensor/gridtap_E1/power_import/config";
constexpr const char* migrate = R"({"migrate_discovery":true})";

BridgeOptions in_form(Form form) {
  BridgeOptions options = bridge_options();
  options.discovery = form;
  return options;
}

}  // namespace

TEST_CASE("forms: one message per entity, for programs that know only that form") {
  BridgeRig rig(in_form(Form::entity));
  rig.connect();
  rig.telegram(1);
  CHECK(rig.broker.held(meter_config) == "(nothing)");
  const auto payload = nlohmann::json::parse(rig.broker.held(power_config));
  CHECK(payload["uniq_id"] == "gridtap_E1_power_import");
  CHECK(payload["dev"]["ids"][0] == "gridtap_E1");
  CHECK(payload["o"]["name"] == "gridtap");
  CHECK(payload["avty"].size() == 2);
  CHECK_FALSE(payload.contains("p"));
}

TEST_CASE("forms: without discovery states and availability are published all the same") {
  BridgeRig rig(in_form(Form::off));
  rig.connect();
  rig.read("meter", "power_import", Decimal{5, 0});
  rig.end_frame("meter");
  CHECK(rig.broker.held("gridtap/meter/power_import") == "5");
  CHECK(rig.broker.held("gridtap/meter/status") == "online");
  for (const auto& each : rig.broker.published) {
    CHECK(each.topic.find("homeassistant") == std::string::npos);
  }
}

TEST_CASE(
    "announcer: from one form to the other by the handshake that keeps entities and history") {
  BridgeRig rig(in_form(Form::entity));
  rig.connect();
  rig.telegram(1);
  rig.bridge->stop();
  rig.restart(in_form(Form::device));
  rig.connect();
  rig.telegram(1);
  CHECK(rig.broker.on(power_config) == Payloads{migrate, ""});
  CHECK_FALSE(rig.broker.published[rig.broker.position(power_config)].retain);
  CHECK(rig.component("meter", "power_import")["uniq_id"] == "gridtap_E1_power_import");
  CHECK(rig.broker.position(power_config) < rig.broker.position(meter_config));
  rig.bridge->stop();
  rig.restart(in_form(Form::entity));
  rig.connect();
  rig.telegram(1);
  CHECK(rig.broker.on(meter_config) == Payloads{migrate, ""});
  CHECK(rig.broker.held(power_config).find("gridtap_E1_power_import") != std::string::npos);
}

TEST_CASE("forms: discovery turned off removes what was announced") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  rig.restart(in_form(Form::off));
  rig.connect();
  CHECK(rig.broker.on(meter_config) == Payloads{""});
  rig.restart(in_form(Form::off));
  rig.connect();
  CHECK(rig.broker.on(meter_config).empty());
}

TEST_CASE("forms: another prefix takes the announcements along") {
  BridgeRig rig;
  rig.connect();
  rig.telegram(1);
  BridgeOptions options = bridge_options();
  options.prefix = "ha";
  rig.restart(options);
  rig.connect();
  rig.telegram(1);
  CHECK(rig.broker.held(meter_config) == "(nothing)");
  CHECK(rig.broker.held("ha/device/gridtap_E1/config") != "(nothing)");
}
