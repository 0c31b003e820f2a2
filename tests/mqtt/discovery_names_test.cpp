// What a person reads of an entity: its name beside that of its device, words for states, digits.
#include <doctest/doctest.h>

#include <algorithm>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;
using nlohmann::json;

namespace {

BridgeOptions house_options() {
  BridgeOptions options = bridge_options();
  options.devices[0].name = "House meter";
  return options;
}

}  // namespace

TEST_CASE("discovery: an entity does not repeat the name of its device") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (const char* key : {"meter_clock", "meter_relay_1", "metered", "meter_count", "meter_on"}) {
    rig.read("meter", key, std::string_view("connected"));
  }
  rig.end_frame("meter");
  CHECK(rig.component("meter", "meter_clock")["name"] == "Clock");
  CHECK(rig.component("meter", "meter_relay_1")["name"] == "Relay 1");
  CHECK(rig.component("meter", "metered")["name"] == "Metered");
  // Where nobody would know what is left, it does.
  CHECK(rig.component("meter", "meter_count")["name"] == "Meter count");
  CHECK(rig.component("meter", "meter_on")["name"] == "Meter on");
}

TEST_CASE("discovery: nor the last words of that name") {
  BridgeOptions options = bridge_options();
  options.devices[0].name = "Old house meter";
  options.devices[0].entities = {{.key = "message", .name = "House Meter message"},
                                 {.key = "ean", .name = "Old code"}};
  BridgeRig rig(options);
  rig.connect();
  rig.identify("meter", "E1");
  for (const char* key : {"meter_clock", "meter_2_text", "message", "ean"}) {
    rig.read("meter", key, std::string_view("text"));
  }
  rig.end_frame("meter");
  CHECK(rig.component("meter", "meter_clock")["name"] == "Clock");
  CHECK(rig.component("meter", "meter_clock")["def_ent_id"] == "sensor.old_house_meter_clock");
  CHECK(rig.component("meter", "message")["name"] == "Message");
  CHECK(rig.component("meter", "ean")["name"] == "Old code");  // the first words may stay
  CHECK(rig.component("meter", "meter_2_text")["name"] == "Meter 2 text");
}

TEST_CASE("discovery: the buttons of a battery that is called Battery say what they do") {
  BridgeOptions options = bridge_options();
  options.devices[0].name = "Battery";
  BridgeRig rig(options);
  rig.connect();
  rig.identify("meter", "E1");
  for (const char* key : {"battery_full", "battery_level_set", "output_on"}) {
    rig.say("meter", Entity{"", find_spec(key)});
  }
  rig.read("meter", "battery_level", Decimal{80, 0});
  rig.end_frame("meter");
  CHECK(rig.component("meter", "battery_full")["name"] == "Set to full");
  CHECK(rig.component("meter", "battery_level_set")["name"] == "Set battery level");
  CHECK(rig.component("meter", "battery_level")["name"] == "Level");
  CHECK(rig.component("meter", "output_on")["name"] == "Output");
  CHECK(rig.component("meter", "output_on")["def_ent_id"] == "switch.battery_output");
}

TEST_CASE("discovery: the counter of a gas meter has the name of its device, and no other") {
  BridgeRig rig(house_options());
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "gas", Decimal{1, 0});  // no meter behind the meter
  rig.end_frame("meter");
  rig.identify_child("meter", "1", "gas", "G77");
  rig.read_child("meter", "1", "gas", Decimal{12345, -3});
  rig.read_child("meter", "1", "valve", std::string_view("open"));
  rig.end_frame("meter");
  CHECK(rig.component("meter", "gas")["name"] == "Gas");
  const json gas = rig.component("meter_gas", "gas");
  CHECK(gas["name"].is_null());
  CHECK(gas["def_ent_id"] == "sensor.house_meter_gas");
  CHECK(gas["uniq_id"] == "gridtap_G77_gas");
  CHECK(rig.component("meter_gas", "valve")["name"] == "Valve");
  // Two counters of one device need their names.
  rig.read_child("meter", "1", "gas_energy", Decimal{1, 0});
  rig.end_frame("meter");
  rig.turn(5s);
  CHECK(rig.component("meter_gas", "gas_energy")["name"] == "Energy");
  CHECK(rig.component("meter_gas", "gas_energy")["def_ent_id"] == "sensor.house_meter_gas_energy");
}

TEST_CASE("discovery: a main feature that the user has named has this name") {
  BridgeOptions options = house_options();
  options.devices[0].entities = {{.key = "gas", .name = "Used since 2020"}};
  BridgeRig rig(options);
  rig.connect();
  rig.identify("meter", "E1");
  rig.end_frame("meter");
  rig.identify_child("meter", "1", "gas", "G77");
  rig.read_child("meter", "1", "gas", Decimal{12345, -3});
  rig.end_frame("meter");
  CHECK(rig.component("meter_gas", "gas")["name"] == "Used since 2020");
}

TEST_CASE("discovery: a line without a problem is shown as ok, and its topic says none") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "cause", std::string_view("none"));
  rig.end_frame("meter");
  rig.turn(0ms);
  const json cause = rig.component("meter", "cause");
  CHECK(cause["name"] == "Line status");
  CHECK(cause["ops"][0] == "ok");
  CHECK(std::count(cause["ops"].begin(), cause["ops"].end(), json("none")) == 0);
  CHECK(cause["val_tpl"] == "{{ 'ok' if value == 'none' else value }}");
  CHECK(rig.broker.held("gridtap/meter/cause") == "none");
}

TEST_CASE("discovery: no digits are shown that the device has not sent") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "voltage_l1", Decimal{229, 0});
  rig.read("meter", "energy_import", Decimal{12345, -1});
  rig.read("meter", "frequency", Decimal{50012, -3});
  rig.end_frame("meter");
  CHECK(rig.component("meter", "voltage_l1")["sug_dsp_prc"] == 0);
  CHECK(rig.component("meter", "energy_import")["sug_dsp_prc"] == 1);
  CHECK(rig.component("meter", "frequency")["sug_dsp_prc"] == 2);  // nor more than are of use
  // One that sends 21 where it means 21.0.
  rig.read("meter", "voltage_l1", Decimal{2295, -1});
  rig.turn(5s);
  CHECK(rig.component("meter", "voltage_l1")["sug_dsp_prc"] == 1);
  rig.read("meter", "voltage_l1", Decimal{230, 0});
  rig.turn(5s);
  CHECK(rig.component("meter", "voltage_l1")["sug_dsp_prc"] == 1);
}
