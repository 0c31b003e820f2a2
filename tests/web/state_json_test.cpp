// The house as the page reads it.
#include "web/state_json.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/json_text.hpp"
#include "web_rig.hpp"

using namespace gridtap;
using namespace gridtap::web;
using namespace gridtap::web_test;

namespace {

struct Page : House {
  json state(const std::vector<std::string>& hide = {}, const char* only = nullptr) const {
    const Shown shown(hide);
    const auto* const device = only == nullptr ? nullptr : shown.find(*model, only);
    const std::string text =
        state_json(*model, device, shown, {"1.2.3", "Europe/Oslo", "nb", false}, clock.now());
    CHECK(valid_utf8(text) == text.size());
    return json::parse(text);
  }
  std::vector<std::string> ids(const std::vector<std::string>& hide = {}) const {
    std::vector<std::string> all;
    const json devices = state(hide)["devices"];
    for (const json& device : devices) all.push_back(device["id"]);
    return all;
  }
  json device(std::string_view id, const std::vector<std::string>& hide = {}) const {
    const json all = state(hide)["devices"];
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const json& each) { return each["id"] == id; });
    REQUIRE(found != all.end());
    return *found;
  }
  json shown(std::string_view id, std::string_view key,
             const std::vector<std::string>& hide = {}) const {
    const json entities = device(id, hide)["entities"];
    const auto found = std::find_if(entities.begin(), entities.end(),
                                    [&](const json& each) { return each["key"] == key; });
    return found == entities.end() ? json() : *found;
  }
};

}  // namespace

TEST_CASE("state: texts of a wire cannot break it") {
  Page page;
  const std::string evil = "</script>\"}],\\\n\r\x01\xff";
  page.say("meter", Identified{"", {"", evil, "E1", evil, evil, evil}});
  page.read("meter", "message", std::string_view(evil));
  page.read("meter", evil, Decimal{1, 0});
  page.read("solar", "own", std::string_view("x"), R"({"a":"\u000a\"}"})");
  CHECK(page.shown("meter", "message")["value"] == "</script>\"}],\\   \xEF\xBF\xBD");
  CHECK(page.device("meter")["model"] == "</script>\"}],\\\n\r\x01\xEF\xBF\xBD");
  CHECK(page.shown("solar", "own")["attributes"]["a"] == "\n\"}");
}

TEST_CASE("state: what is hidden is not there") {
  Page page;
  page.read("meter", "voltage_l1", Decimal{2301, -1});
  CHECK(page.ids({"meter"}) == std::vector<std::string>{"gateway", "solar"});
  CHECK(page.ids({"meter_gas"}) == std::vector<std::string>{"gateway", "meter", "solar"});
  CHECK(page.shown("meter", "voltage_l1", {"meter/voltage_l1"}).is_null());
  CHECK_FALSE(page.shown("meter", "power_import", {"meter/voltage_l1"}).is_null());
  CHECK(page.ids({"nobody"}).size() == 4);
}

TEST_CASE("state: what did not come in this run is not there") {
  Page page;
  model::RememberedDevice before;
  before.identity = "S1";
  before.entities.push_back({"voltage_l1", Platform::sensor});
  page.earlier.devices["solar"] = before;
  page.model->start();
  CHECK(page.model->find("solar", "")->find("voltage_l1") != nullptr);
  CHECK(page.shown("solar", "voltage_l1").is_null());
  page.declare("solar", *find_spec("announce_again"));
  CHECK(page.shown("solar", "announce_again")["platform"] == "button");
  CHECK_FALSE(page.shown("solar", "announce_again").contains("value"));
}

TEST_CASE("state: the gateway comes first, the others as they are configured, with their own") {
  Page page;
  CHECK(page.ids() == std::vector<std::string>{"gateway", "meter", "meter_gas", "solar"});
  CHECK(page.device("meter_gas")["via"] == "meter");
  CHECK_FALSE(page.device("meter").contains("via"));
}

TEST_CASE("state: one device alone is the same object") {
  Page page;
  const json all = page.state({}, "meter_gas");
  REQUIRE(all["devices"].size() == 1);
  CHECK(all["devices"][0] == page.device("meter_gas"));
}

TEST_CASE("state: a device has its identity, its status, and when it was heard") {
  Page page;
  page.clock.advance(65s);
  page.say("meter", Reading{"", "hour_energy", "rule", Decimal{1, 0}});  // not by its line
  const json meter = page.device("meter");
  CHECK(meter["name"] == "Meter");
  CHECK(meter["status"] == "online");
  CHECK(meter["heard"] == "2026-11-20T00:00:00Z");
  CHECK(meter["manufacturer"] == "Maker");
  CHECK(meter["model"] == "M1");
  CHECK(meter["serial"] == "E1");
  CHECK(meter["firmware"] == "1.0");
  const json solar = page.device("solar");
  CHECK(solar["status"] == "offline");
  CHECK_FALSE(solar.contains("heard"));
  CHECK_FALSE(solar.contains("serial"));
  const json state = page.state();
  CHECK(state["now"] == "2026-11-20T00:01:05Z");
  CHECK(state["version"] == "1.2.3");
  CHECK(state["time_zone"] == "Europe/Oslo");
  CHECK(state["language"] == "nb");
  CHECK(state["commands"] == false);
  CHECK_FALSE(state.contains("history"));
}

TEST_CASE("state: a value has the digits of its topic, in a string") {
  Page page;
  page.read("meter", "energy_import_t1", Decimal{12784325, -3});
  page.read("meter", "current_l1", Decimal{150, -2});
  page.read("meter", "message", Value{std::string_view("hello")});
  page.read("meter", "message", Value{});
  CHECK(page.shown("meter", "energy_import_t1")["value"] == "12784.325");
  CHECK(page.shown("meter", "current_l1")["value"] == "1.50");
  CHECK(page.shown("meter", "message")["value"] == "None");
  const json power = page.shown("meter", "power_import");
  CHECK(power["value"] == "244");
  CHECK(power["at"] == "2026-11-20T00:00:00Z");
}

TEST_CASE("state: an entity says what it is, and leaves out what it is not") {
  Page page;
  const json power = page.shown("meter", "power_import");
  CHECK(power == json{{"key", "power_import"},
                      {"name", "Power import"},
                      {"platform", "sensor"},
                      {"unit", "W"},
                      {"class", "power"},
                      {"decimals", 0},
                      {"statistics", "measurement"},
                      {"value", "244"},
                      {"at", "2026-11-20T00:00:00Z"}});
  page.read("meter", "connected", true);
  const json connected = page.shown("meter", "connected");
  CHECK(connected["value"] == "ON");
  CHECK(connected["category"] == "diagnostic");
  CHECK(connected["health"] == true);
  page.read("meter", "frames_bad", Decimal{0, 0});
  CHECK(page.shown("meter", "frames_bad")["enabled"] == false);
  CHECK(page.shown("meter_gas", "gas")["name"] == "");
  CHECK(page.shown("meter_gas", "gas")["statistics"] == "total_increasing");
}

TEST_CASE("state: what takes commands has its limits and options") {
  Page page;
  EntitySpec limit = *find_spec("hour_limit");
  limit.min = {100, 0};
  limit.max = {200005, -1};
  page.declare("meter", limit);
  const json number = page.shown("meter", "hour_limit");
  CHECK(number["platform"] == "number");
  CHECK(number["min"] == "100");
  CHECK(number["max"] == "20000.5");
  CHECK(number["step"] == to_text(limit.step));
  page.declare("meter", {.key = "free", .platform = Platform::number, .step = {}});
  CHECK_FALSE(page.shown("meter", "free").contains("min"));
  CHECK_FALSE(page.shown("meter", "free").contains("step"));
  page.declare("meter", {.key = "mode", .platform = Platform::select, .options = "a,b"});
  CHECK(page.shown("meter", "mode")["options"] == json{"a", "b"});
  page.relay("relay_boiler");
  const json relay = page.shown("gateway", "relay_boiler");
  CHECK(relay["platform"] == "switch");
  CHECK(relay["value"] == "OFF");
  CHECK(relay["needs_value"] == true);
  page.declare("meter", *find_spec("accept_readings"));
  CHECK(page.shown("meter", "accept_readings")["needs"] == "held");
}

TEST_CASE("state: without a clock there is no time of day, and the rest is as always") {
  House house;
  const Shown shown({});
  std::string text;
  append_device(text, *house.model->find("meter", ""), shown, {house.clock.now().mono, {}});
  const json device = json::parse(text);
  CHECK_FALSE(device.contains("heard"));
  CHECK_FALSE(device["entities"][0].contains("at"));
  CHECK(device["entities"][0]["value"] == "244");
}
