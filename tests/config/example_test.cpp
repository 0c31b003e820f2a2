#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "config/yaml_config.hpp"
#include "core/section.hpp"

using namespace gridtap;

namespace {

const std::string example = GRIDTAP_SOURCE_DIR "/config.example.yaml";

std::string content_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Every setting in use: "  #user: x" becomes "  user: x". Prose has a blank behind its `#`.
std::string with_all_settings(const std::string& text) {
  std::istringstream stream(text);
  std::string out;
  for (std::string line; std::getline(stream, line); out += line + '\n') {
    const std::size_t mark = line.find_first_not_of(' ');
    if (mark == line.npos || line[mark] != '#' || mark + 1 >= line.size()) continue;
    if (line[mark + 1] != ' ') line.erase(mark, 1);
  }
  return out;
}

Setting loaded(const std::string& text) {
  Problems problems;
  const auto root =
      config::parse_yaml(text, [](const std::string&) { return std::nullopt; }, problems);
  for (const Problem& problem : problems) FAIL_CHECK(to_text(problem, example));
  REQUIRE(root);
  return *root;
}

void collect(std::set<std::string>& keys, const Setting& setting, const std::string& path) {
  for (const auto& [name, member] : setting.members) {
    keys.insert(path + name);
    collect(keys, member, path + name + '.');
  }
}

std::set<std::string> keys_of(const std::string& text) {
  std::set<std::string> keys;
  collect(keys, loaded(text), "");
  return keys;
}

}  // namespace

TEST_CASE("example: it is valid as it is") {
  const auto keys = keys_of(content_of(example));
  CHECK(keys.contains("devices.meter.line"));
  CHECK_FALSE(keys.contains("mqtt.password_file"));
}

TEST_CASE("example: with the marks taken away it shows every setting") {
  const auto keys = keys_of(with_all_settings(content_of(example)));
  for (const char* key : {"base",
                          "time_zone",
                          "state_dir",
                          "log.level",
                          "mqtt.host",
                          "mqtt.port",
                          "mqtt.user",
                          "mqtt.password_file",
                          "mqtt.client_id",
                          "mqtt.tls.ca_file",
                          "mqtt.tls.certificate_file",
                          "mqtt.tls.key_file",
                          "mqtt.tls.insecure",
                          "home_assistant.discovery",
                          "home_assistant.prefix",
                          "home_assistant.reactive_energy_class",
                          "questions",
                          "web.listen",
                          "web.password_file",
                          "web.token_file",
                          "web.hosts",
                          "web.commands",
                          "web.tls.certificate_file",
                          "web.tls.key_file",
                          "web.language",
                          "web.hide",
                          "web.ingress",
                          "metrics.labels.site",
                          "history.directory",
                          "history.keep",
                          "history.series",
                          "history.backup.directory",
                          "history.backup.keep"}) {
    CHECK_MESSAGE(keys.contains(key), key);
  }
  for (const char* key : {"adapter",
                          "line",
                          "serial",
                          "rts",
                          "dtr",
                          "name",
                          "stale",
                          "interval",
                          "slow_interval",
                          "heartbeat",
                          "dwell",
                          "entities.voltage_l2.name",
                          "entities.voltage_l2.enabled",
                          "key_file",
                          "authentication_key_file",
                          "require_tag",
                          "time_zone",
                          "utc_offset",
                          "country",
                          "factor",
                          "accept_missing_crc",
                          "checksum",
                          "max_power",
                          "hour_limit",
                          "peaks.days",
                          "peaks.method",
                          "peaks.steps"}) {
    CHECK_MESSAGE(keys.contains("devices.meter." + std::string(key)), key);
  }
  for (const char* key :
       {"adapter", "line", "serial", "key_file", "authentication_key_file", "factor",
        "energy_exponent", "current_exponent", "voltage_exponent", "list", "max_power"}) {
    CHECK_MESSAGE(keys.contains("devices.nordic." + std::string(key)), key);
  }
  for (const char* key : {"adapter", "line", "serial", "address", "mode", "writes",
                          "invert_current", "voltage_range", "hide_open_probe"}) {
    CHECK_MESSAGE(keys.contains("devices.battery." + std::string(key)), key);
  }
  for (const char* key : {"adapter",
                          "line",
                          "serial",
                          "mode",
                          "pattern",
                          "filter",
                          "idle_ms",
                          "max_len",
                          "window",
                          "inner",
                          "preamble",
                          "mains_hz",
                          "duty",
                          "keys.t",
                          "node",
                          "period",
                          "min",
                          "max",
                          "confirm",
                          "max_step",
                          "auto_discover",
                          "mac_key_file",
                          "commands_from_line",
                          "entities.soil.unit",
                          "entities.soil.class",
                          "entities.soil.total",
                          "entities.pump.set",
                          "entities.pump.node",
                          "entities.valve.min",
                          "entities.valve.max",
                          "entities.valve.step"}) {
    CHECK_MESSAGE(keys.contains("devices.mains." + std::string(key)), key);
  }
  for (const char* key : {"adapter", "line", "unit", "base", "writes", "period", "timeout",
                          "delay_after_connect", "delay_between_requests", "release_connection",
                          "max_count", "one_point_per_request", "invert_power", "invert_battery",
                          "signed_accumulators", "night_zero", "max_power", "points"}) {
    CHECK_MESSAGE(keys.contains("devices.inverter." + std::string(key)), key);
  }
  for (const char* key : {"chip", "line", "active_low", "bias", "drive", "name", "icon", "at_start",
                          "at_exit", "on_broker_loss", "on_broker_loss_after", "max_on", "min_on",
                          "min_off", "rate", "interlock", "shed_by"}) {
    CHECK_MESSAGE(keys.contains("relays.boiler." + std::string(key)), key);
  }
}

TEST_CASE("example: no line is too wide to be read on a terminal") {
  std::istringstream stream(content_of(example));
  for (std::string line; std::getline(stream, line);) CHECK_MESSAGE(line.size() <= 108, line);
}
