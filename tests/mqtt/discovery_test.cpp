// What a discovery message says of each kind of entity; the names that never change; and Home
// Assistant's own rules, where the checker is at hand.
#include "mqtt/discovery.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bridge_rig.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;
using nlohmann::json;

namespace {

// A value that fits the row, as its device would send it.
Value sample(const EntitySpec& spec) {
  if (spec.platform == Platform::binary_sensor || spec.platform == Platform::toggle) return true;
  if (spec.device_class == "timestamp") return Timestamp{Instant{std::chrono::hours(500'000)}};
  const std::string_view options = spec.options;
  if (!options.empty()) return options.substr(0, options.find(','));
  const bool number = !spec.unit.empty() || spec.statistics != Statistics::none ||
                      spec.decimals >= 0 || spec.platform == Platform::number;
  if (number) return Decimal{1250, -2};
  return std::string_view("text");
}

// A key of the table as a device says it: `mppt<N>_power` is mppt1_power.
std::string said(std::string_view key) {
  std::string out(key);
  for (const auto& [open, closed] : {std::pair{"<N>", "1"}, std::pair{"<name>", "boiler"}}) {
    for (auto at = out.find(open); at != std::string::npos; at = out.find(open)) {
      out.replace(at, std::string_view(open).size(), closed);
    }
  }
  return out;
}

EntitySpec writable(const EntitySpec& row, const std::string& key) {
  EntitySpec spec = row;
  spec.key = key;
  if (spec.platform == Platform::number) {
    spec.min = {0, 0};
    spec.max = {99999, 0};
    spec.step = {1, -1};
  }
  return spec;
}

// One device that has everything: each row of the vocabulary, writable where it can be.
void say_vocabulary(BridgeRig& rig, bool writes) {
  rig.identify("meter", "E0042");
  for (const auto rows : vocabulary()) {
    for (const EntitySpec& row : rows) {
      const std::string key = said(row.key);
      const EntitySpec spec = writable(row, key);
      const bool commands =
          row.platform != Platform::sensor && row.platform != Platform::binary_sensor;
      if (commands && (writes || row.platform == Platform::button)) {
        rig.say("meter", Entity{"", &spec});
      }
      if (row.platform != Platform::button) rig.read("meter", key, sample(row));
    }
  }
  rig.end_frame("meter");
}

std::string member(const json& component, const char* key) {
  return component.contains(key) ? component[key].get<std::string>() : "-";
}

// What users' dashboards and statistics hang on, one line a component.
std::string frozen_lines(const BridgeRig& rig, const std::string& device) {
  std::string out;
  const json config = rig.config(device);
  out += "device " + config["dev"]["ids"][0].get<std::string>() + ' ' + device + '\n';
  for (const auto& [key, component] : config["cmps"].items()) {
    for (const char* part : {"uniq_id", "p", "stat_t", "cmd_t", "unit_of_meas", "dev_cla",
                             "stat_cla", "ent_cat", "def_ent_id"}) {
      out += member(component, part) + (std::string_view(part) == "def_ent_id" ? '\n' : ' ');
    }
  }
  return out;
}

void play_house(BridgeRig& rig) {
  rig.connect();
  EntitySpec relay = *find_spec("relay_boiler");
  relay.key = "relay_boiler";
  rig.say("gateway", Identified{"", {"", "", "gridtap", "gridtap", "MQTT gateway", "1.2.3"}});
  rig.say("gateway", Entity{"", &relay});
  rig.say("gateway", Entity{"", find_spec("announce_again")});
  rig.read("gateway", "version", std::string_view("1.2.3"));
  rig.say("gateway", Frame{0});
  rig.turn(0ms);
  say_vocabulary(rig, true);
  rig.identify_child("meter", "1", "gas", "G77");
  rig.read_child("meter", "1", "gas", Decimal{12345, -3});
  rig.turn(5s);
}

BridgeOptions house_options(BridgeOptions::Discovery form = BridgeOptions::Discovery::device) {
  BridgeOptions options = bridge_options();
  options.discovery = form;
  options.devices[0].name = "House meter";
  return options;
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Writes what was published as the checker reads it, and returns its exit status.
int check_capture(const BridgeRig& rig, const std::string& checker, const std::string& name) {
  const auto capture = std::filesystem::temp_directory_path() / name;
  std::ofstream file(capture);
  for (const auto& each : rig.broker.published) {
    file << json{{"topic", each.topic}, {"payload", each.payload}, {"retain", each.retain}}.dump()
         << '\n';
  }
  file.close();
  const int status = std::system(
      ("python3 '" + checker + "' --ha all --level W '" + capture.string() + "'").c_str());
  std::filesystem::remove(capture);
  return status;
}

}  // namespace

TEST_CASE("discovery: a measurement has everything Home Assistant needs, and nothing else") {
  BridgeRig rig(house_options());
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "power_import", Decimal{244, 0});
  rig.end_frame("meter");
  CHECK(rig.config("meter") == json::parse(R"({
    "dev": {"ids": ["gridtap_E1"], "name": "House meter", "mf": "Maker", "mdl": "M1", "sw": "1.0",
            "sn": "E1"},
    "o": {"name": "gridtap", "sw": "1.2.3", "url": "https://github.com/gridtap/gridtap"},
    "avty": [{"t": "gridtap/status"}, {"t": "gridtap/meter/status"}], "avty_mode": "all",
    "cmps": {"power_import": {"p": "sensor", "uniq_id": "gridtap_E1_power_import",
      "def_ent_id": "sensor.house_meter_power_import", "name": "Power import",
      "stat_t": "gridtap/meter/power_import", "dev_cla": "power", "unit_of_meas": "W",
      "stat_cla": "measurement", "sug_dsp_prc": 0}}})"));
}

TEST_CASE("discovery: a number has its limits, a select its options, a switch its command topic") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  EntitySpec limit = *find_spec("over_voltage");
  limit.min = {105, -1};
  limit.max = {60, 0};
  limit.step = {1, -2};
  rig.say("meter", Entity{"", &limit});
  rig.say("meter", Entity{"", find_spec("storage_control_mode")});
  rig.say("meter", Entity{"", find_spec("output_on")});
  rig.say("meter", Entity{"", find_spec("zero_current")});
  rig.say("meter", Entity{"", find_spec("tx")});
  rig.end_frame("meter");
  const json number = rig.component("meter", "over_voltage");
  CHECK(number["min"] == 10.5);
  CHECK(number["max"] == 60);
  CHECK(number["step"] == 0.01);
  CHECK(number["mode"] == "box");
  CHECK(number["ent_cat"] == "config");
  CHECK(number["cmd_t"] == "gridtap/meter/over_voltage/set");
  // Home Assistant takes "none" of a select as unknown.
  const json select = rig.component("meter", "storage_control_mode");
  CHECK(select["ops"] == json({"off", "charge", "discharge", "charge_discharge"}));
  CHECK(select["val_tpl"] == "{{ 'off' if value == 'none' else value }}");
  CHECK(select["cmd_tpl"] == "{{ 'none' if value == 'off' else value }}");
  CHECK(rig.component("meter", "output_on")["p"] == "switch");
  CHECK(rig.component("meter", "output_on")["qos"] == 1);
  const json button = rig.component("meter", "zero_current");
  CHECK(button["p"] == "button");
  CHECK_FALSE(button.contains("stat_t"));
  const json text = rig.component("meter", "tx");
  CHECK(text["p"] == "text");
  CHECK(text["max"] == 255);
  CHECK(text["avty"].size() == 1);  // a modem speaks while its nodes are silent
}

TEST_CASE("discovery: the class of reactive energy is left out unless it is asked for") {
  for (const bool asked : {false, true}) {
    BridgeOptions options = bridge_options();
    options.reactive_energy_class = asked;
    BridgeRig rig(options);
    rig.connect();
    rig.identify("meter", "E1");
    rig.read("meter", "reactive_energy_import", Decimal{1, 0});
    rig.end_frame("meter");
    const json component = rig.component("meter", "reactive_energy_import");
    CHECK(component.contains("dev_cla") == asked);
    CHECK(component["unit_of_meas"] == "kvarh");
    CHECK(component["stat_cla"] == "total_increasing");
  }
}

TEST_CASE("discovery: the configuration goes before the vocabulary") {
  BridgeOptions options = house_options();
  options.devices[0].entities = {{.key = "voltage_l2", .name = "Voltage garage", .enabled = false},
                                 {.key = "power_import", .icon = "mdi:flash"}};
  BridgeRig rig(options);
  rig.connect();
  rig.identify("meter", "E1");
  rig.read("meter", "voltage_l2", Decimal{2301, -1});
  rig.read("meter", "power_import", Decimal{1, 0});
  rig.end_frame("meter");
  const json voltage = rig.component("meter", "voltage_l2");
  CHECK(voltage["name"] == "Voltage garage");
  CHECK(voltage["en"] == false);
  CHECK(voltage["def_ent_id"] == "sensor.house_meter_voltage_garage");
  CHECK(voltage["uniq_id"] == "gridtap_E1_voltage_l2");  // a name is no identity
  CHECK(rig.component("meter", "power_import")["ic"] == "mdi:flash");
}

TEST_CASE("discovery: an area is suggested for a device and for those behind it") {
  BridgeOptions options = house_options();
  options.devices[0].area = "Utility room";
  BridgeRig rig(options);
  rig.connect();
  rig.identify("meter", "E1");
  rig.say("meter", Identified{"gas", {"gas", "G1", "G1", "", "", ""}});
  rig.read("meter", "power_import", Decimal{1, 0});
  rig.say("meter", Reading{"gas", "gas", "wire", Decimal{1, 0}});
  rig.end_frame("meter");
  CHECK(rig.config("meter")["dev"]["sa"] == "Utility room");
  CHECK(rig.config("meter_gas")["dev"]["sa"] == "Utility room");
  CHECK_FALSE(rig.config("meter")["dev"].contains("cu"));
}

TEST_CASE("discovery: the gateway's page leads to the documentation") {
  BridgeRig rig(house_options());
  rig.connect();
  rig.identify("gateway", "gridtap");
  rig.read("gateway", "version", std::string_view("1.2.3"));
  rig.end_frame("gateway");
  CHECK(rig.config("gateway")["dev"]["cu"] == "https://github.com/gridtap/gridtap#readme");
}

TEST_CASE("discovery: a relay is unavailable while its level is unknown, though we are there") {
  for (const auto form : {BridgeOptions::Discovery::device, BridgeOptions::Discovery::entity}) {
    BridgeRig rig(house_options(form));
    rig.connect();
    EntitySpec relay = *find_spec("relay_boiler");
    relay.key = "relay_boiler";
    rig.say("gateway", Entity{"", &relay});
    rig.identify("gateway", "gridtap");
    rig.read("gateway", "relay_boiler", Value{});
    rig.end_frame("gateway");
    rig.turn(5s);
    CHECK(rig.broker.held("gridtap/gateway/relay_boiler") == "None");
    const bool whole = form == BridgeOptions::Discovery::device;
    const json block = whole ? rig.component("gateway", "relay_boiler")
                             : json::parse(rig.broker.held(
                                   "homeassistant/switch/gridtap_gridtap/relay_boiler/config"));
    CHECK(block["avty_mode"] == "all");
    REQUIRE(block["avty"].size() == 2);
    CHECK(block["avty"][0] == json{{"t", "gridtap/status"}});
    CHECK(block["avty"][1]["t"] == "gridtap/gateway/relay_boiler");
    CHECK(block["avty"][1]["val_tpl"] == "{{ 'offline' if value == 'None' else 'online' }}");
  }
}

TEST_CASE("discovery: no sensor shows the eye that Home Assistant gives to what it does not know") {
  BridgeRig rig(house_options());
  play_house(rig);
  rig.read("meter", "m704_wrmp", std::string_view("a key of no table"));
  rig.turn(5s);
  const json config = rig.config("meter");
  for (const auto& [key, component] : config["cmps"].items()) {
    CAPTURE(key);
    if (component["p"] != "sensor") continue;
    const bool has_class = component.contains("dev_cla") && component["dev_cla"] != "enum";
    CHECK((has_class || component.contains("ic")));
  }
  CHECK(rig.component("meter", "reactive_energy_import")["ic"] == "mdi:sine-wave");
}

TEST_CASE("discovery: without decimals in the table, those of the first number are used") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  EntitySpec custom{.key = "pressure", .unit = "bar"};
  custom.statistics = Statistics::measurement;
  rig.say("meter", Entity{"", &custom});
  rig.read("meter", "pressure", Decimal{1234, -3});
  rig.read("meter", "note", std::string_view("a text"));
  rig.read("meter", "count", Decimal{5, 0});
  rig.end_frame("meter");
  CHECK(rig.component("meter", "pressure")["sug_dsp_prc"] == 3);
  CHECK(rig.component("meter", "pressure")["unit_of_meas"] == "bar");
  CHECK_FALSE(rig.component("meter", "note").contains("sug_dsp_prc"));
  CHECK_FALSE(rig.component("meter", "count").contains("sug_dsp_prc"));  // may be a text next time
}

TEST_CASE("discovery: texts of a wire or a configuration cannot break the message") {
  BridgeOptions options = bridge_options();
  options.devices[0].name = "M\xff\"}\n\x1b[31m\xc3\xbc";
  BridgeRig rig(options);
  rig.connect();
  rig.say("meter",
          Identified{"", {"", "S\"\\\xfe", "S", std::string(5000, 'x'), "{{ evil }}", ""}});
  rig.read("meter", "power_import", Decimal{1, 0});
  rig.end_frame("meter");
  const json config = rig.config("meter");
  REQUIRE_FALSE(config.is_discarded());
  CHECK(config["dev"]["name"] == "M\xef\xbf\xbd\"}  [31m\xc3\xbc");
  CHECK(config["dev"]["mf"].get<std::string>().size() == 128);
  CHECK(config["dev"]["sn"] == "S\"\\\xef\xbf\xbd");
}

TEST_CASE("discovery: three hundred entities make one message") {
  BridgeRig rig;
  rig.connect();
  rig.identify("meter", "E1");
  for (int n = 0; n < 300; ++n) {
    const std::string key = "value_" + std::to_string(n);
    rig.read("meter", key, Decimal{n, 0});
  }
  rig.end_frame("meter");
  CHECK(rig.config("meter")["cmps"].size() == 300);
  CHECK(rig.broker.on(rig.config_topic("meter")).size() == 1);
}

TEST_CASE("discovery: ids, topics, units and classes are those of every release before") {
  BridgeRig rig(house_options());
  play_house(rig);
  const std::string now =
      frozen_lines(rig, "gateway") + frozen_lines(rig, "meter") + frozen_lines(rig, "meter_gas");
  const auto path = std::filesystem::path(GRIDTAP_SOURCE_DIR) / "tests/data/identities.golden";
  if (std::getenv("GRIDTAP_WRITE_GOLDEN") != nullptr) std::ofstream(path) << now;
  std::istringstream golden(read_text(path)), fresh(now);
  std::string wanted, found;
  while (std::getline(golden, wanted)) {
    found.clear();
    std::getline(fresh, found);
    CHECK(found == wanted);  // changing it breaks what users have built
  }
  CHECK_FALSE(std::getline(fresh, found));
}

TEST_CASE("discovery: Home Assistant's own rules find nothing to object to") {
  const std::string checker = GRIDTAP_SOURCE_DIR "/../shared/tools/ha_discovery_check";
  if (!std::filesystem::exists(checker)) {
    MESSAGE("skipped: ha_discovery_check is not at hand");
    return;
  }
  using Form = BridgeOptions::Discovery;
  for (const Form form : {Form::device, Form::entity}) {
    BridgeRig rig(house_options(form));
    play_house(rig);
    CHECK(check_capture(rig, checker, "gridtap-discovery-writes.jsonl") == 0);
    BridgeRig reader(house_options(form));
    reader.connect();
    say_vocabulary(reader, false);
    reader.turn(5s);
    CHECK(check_capture(reader, checker, "gridtap-discovery-reads.jsonl") == 0);
  }
}

TEST_CASE("discovery: the button that takes what is held back is there while something is") {
  for (const auto form : {BridgeOptions::Discovery::device, BridgeOptions::Discovery::entity}) {
    BridgeRig rig(house_options(form));
    rig.connect();
    rig.identify("meter", "E0042");
    rig.say("meter", Entity{"", find_spec("accept_readings")});
    rig.read("meter", "held", std::string_view("none"));
    rig.end_frame("meter");
    rig.turn(5s);
    const bool whole = form == BridgeOptions::Discovery::device;
    const json block = whole ? rig.component("meter", "accept_readings")
                             : json::parse(rig.broker.held(
                                   "homeassistant/button/gridtap_E0042/accept_readings/config"));
    CHECK(block["avty_mode"] == "all");
    REQUIRE(block["avty"].size() == 2);
    CHECK(block["avty"][0] == json{{"t", "gridtap/status"}});
    CHECK(block["avty"][1]["t"] == "gridtap/meter/held");
    CHECK(block["avty"][1]["val_tpl"] ==
          "{{ 'offline' if value in ['None', 'none'] else 'online' }}");
    CHECK(block["cmd_t"] == "gridtap/meter/accept_readings/set");
  }
}
