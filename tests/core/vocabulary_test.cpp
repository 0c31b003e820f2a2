#include "core/vocabulary.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace gridtap;

namespace {

constexpr std::string_view platforms[] = {"sensor", "binary_sensor", "number", "switch",
                                          "button", "select",        "text"};
constexpr std::string_view statistics[] = {"-", "measurement", "total_increasing"};
constexpr std::string_view categories[] = {"-", "diagnostic", "config"};

template <class Enum, std::size_t count>
std::string_view word(const std::string_view (&words)[count], Enum value) {
  return words[static_cast<std::size_t>(value)];
}

std::string_view or_dash(std::string_view text) { return text.empty() ? "-" : text; }

// What a release freezes: changing it breaks somebody's topics, history or dashboard.
std::string frozen(const EntitySpec& spec) {
  std::ostringstream line;
  line << spec.key << ' ' << word(platforms, spec.platform) << ' ' << or_dash(spec.unit) << ' '
       << or_dash(spec.device_class) << ' ' << word(statistics, spec.statistics) << ' '
       << word(categories, spec.category) << ' ' << or_dash(spec.options);
  return line.str();
}

std::vector<EntitySpec> all_rows() {
  std::vector<EntitySpec> rows;
  for (const auto theme : vocabulary()) rows.insert(rows.end(), theme.begin(), theme.end());
  return rows;
}

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The document that every adapter is written after; it stands beside the checkout or nowhere.
const std::string document = GRIDTAP_SOURCE_DIR "/../shared/protocols/vocabulary.md";

struct DocumentRow {
  std::string key, as, unit, device_class, state, category, enabled;
};

// The cells of "| a | b |", trimmed.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) {
    const std::size_t begin = std::min(cell.find_first_not_of(' '), cell.size());
    const std::size_t end = cell.find_last_not_of(' ');
    cells.push_back(cell.substr(begin, end == cell.npos ? 0 : end + 1 - begin));
  }
  return cells;
}

// "power_l1..l3" is three keys; "message_2..5" four.
std::vector<std::string> expanded(const std::string& key) {
  const std::size_t dots = key.find("..");
  if (dots == key.npos) return {key};
  const std::string front = key.substr(0, dots - 1);
  std::vector<std::string> keys;
  for (char n = key[dots - 1]; n <= key.back(); ++n) keys.push_back(front + n);
  return keys;
}

// The table below "## Keys", one row a key.
std::vector<DocumentRow> document_rows() {
  std::vector<DocumentRow> rows;
  for (const std::string& line : lines_of(document)) {
    if (line.starts_with("## What was in conflict")) break;
    if (!line.starts_with("| ") || line.starts_with("| **") || line.starts_with("| key ")) continue;
    const auto cells = cells_of(line);
    if (cells.size() < 9) continue;
    for (const std::string& key : expanded(cells[0])) {
      rows.push_back({key, cells[1], cells[3], cells[4], cells[5], cells[6], cells[7]});
    }
  }
  return rows;
}

std::string none(const std::string& cell) { return cell == "-" ? "" : cell; }

// "Disabled by default besides the table below", says the document.
bool off_all_the_same(std::string_view key) {
  const bool phase = key.ends_with("_l1") || key.ends_with("_l2") || key.ends_with("_l3");
  if (phase && (key.starts_with("power_import_") || key.starts_with("power_export_"))) return true;
  return key == "tariff" || key == "run_time" || key == "clear_totals" || key == "zero_current";
}

void check_row(const DocumentRow& row, const EntitySpec& spec) {
  static const std::map<std::string, Platform> forms = {
      {"s", Platform::sensor},   {"b", Platform::binary_sensor}, {"n", Platform::number},
      {"n/s", Platform::number}, {"sw", Platform::toggle},       {"sw/b", Platform::toggle},
      {"bt", Platform::button},  {"sel/s", Platform::select},    {"text", Platform::text}};
  static const std::map<std::string, Statistics> states = {
      {"", Statistics::none}, {"m", Statistics::measurement}, {"ti", Statistics::total_increasing}};
  static const std::map<std::string, Category> groups = {
      {"", Category::none}, {"diag", Category::diagnostic}, {"conf", Category::config}};
  CHECK(spec.platform == forms.at(row.as));
  CHECK(spec.unit == row.unit);
  // The class `enum` belongs to sensors: a select has it where it cannot be written.
  CHECK((spec.platform == Platform::select ? read_only(spec) : spec).device_class ==
        none(row.device_class));
  CHECK(spec.statistics == states.at(none(row.state)));
  CHECK(spec.category == groups.at(none(row.category)));
  CHECK(spec.enabled == (row.enabled == "yes" && !off_all_the_same(row.key)));
}

}  // namespace

TEST_CASE("vocabulary: keys, units and classes are as they were frozen") {
  const std::string file = GRIDTAP_SOURCE_DIR "/tests/data/vocabulary.golden";
  std::set<std::string> golden, now;
  for (const std::string& line : lines_of(file)) {
    if (!line.empty() && !line.starts_with('#')) golden.insert(line);
  }
  for (const EntitySpec& spec : all_rows()) now.insert(frozen(spec));
  REQUIRE_FALSE(golden.empty());
  for (const std::string& line : golden) {
    CHECK_MESSAGE(now.contains(line), "changed or gone, which breaks users: ", line);
  }
  for (const std::string& line : now) {
    CHECK_MESSAGE(golden.contains(line), "new: add this line to ", file, ": ", line);
  }
}

TEST_CASE("vocabulary: every row agrees with the document of keys") {
  const auto rows = document_rows();
  if (rows.empty()) {
    MESSAGE("skipped: no ", document);
    return;
  }
  CHECK(rows.size() > 300);
  std::set<std::string> known = {
      "energy_import_t11", "energy_import_t12", "energy_import_t13",  "energy_export_t11",
      "energy_export_t12", "energy_export_t13", "devices_configured", "devices_online",
      "restarts",          "update_available",  "web_clients",        "serve_clients",
      "serve_dropped",     "history_state",     "history_backup",     "history_size"};
  for (const DocumentRow& row : rows) {
    CAPTURE(row.key);
    known.insert(row.key);
    // The document also names what is to come; that nothing goes away is the golden file's part.
    if (const EntitySpec* spec = find_spec(row.key)) check_row(row, *spec);
  }
  for (const EntitySpec& spec : all_rows()) {
    std::string key(spec.key);
    if (key.starts_with("reactive_energy_q")) key[17] = '1';  // "(q1 to q4)"
    CHECK_MESSAGE(known.contains(key), "not in the document: ", key);
  }
}

TEST_CASE("vocabulary: each key appears once, in order, and is fit for a topic") {
  std::set<std::string_view> seen;
  for (const auto theme : vocabulary()) {
    CHECK(std::is_sorted(theme.begin(), theme.end(),
                         [](const EntitySpec& a, const EntitySpec& b) { return a.key < b.key; }));
    for (const EntitySpec& spec : theme) {
      CAPTURE(spec.key);
      CHECK(seen.insert(spec.key).second);
      CHECK(spec.key != "status");
      CHECK(spec.key.size() <= 48);
      CHECK(spec.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_<N>") ==
            spec.key.npos);
      CHECK(find_spec(spec.key) == &spec);
    }
  }
}

TEST_CASE("vocabulary: no row is one that Home Assistant refuses") {
  for (const EntitySpec& spec : all_rows()) {
    CAPTURE(spec.key);
    const bool is_enum = spec.device_class == "enum";
    CHECK_MESSAGE((!is_enum || spec.unit.empty()), "an enum has no unit");
    CHECK_MESSAGE((!is_enum || spec.statistics == Statistics::none), "nor statistics");
    CHECK_MESSAGE((!is_enum || !spec.options.empty()), "but options");
    CHECK_MESSAGE((spec.platform != Platform::sensor || spec.category != Category::config),
                  "a sensor is never of category config");
    CHECK_MESSAGE((spec.device_class != "energy" || spec.statistics != Statistics::measurement),
                  "energy is no measurement");
    CHECK_MESSAGE((spec.platform != Platform::select || !spec.options.empty()),
                  "a select has options");
    CHECK_MESSAGE((spec.platform == Platform::sensor || spec.statistics == Statistics::none),
                  "only a sensor has statistics");
  }
}

TEST_CASE("vocabulary: a key with a number or a part in front finds its row") {
  const std::vector<std::pair<std::string_view, std::string_view>> keys = {
      {"power_import", "power_import"},
      {"mppt2_power", "mppt<N>_power"},
      {"mppt12_voltage", "mppt<N>_voltage"},
      {"port1_type", "port<N>_type"},
      {"meter_relay_1", "meter_relay_<N>"},
      {"meter_voltage_l1", "voltage_l1"},
      {"battery_temperature", "temperature"},
      {"battery_power", "battery_power"},
      {"inverter2_state", "state"},
      {"relay_boiler", "relay_<name>"},
      {"fault_relay_boiler", "fault_relay_<name>"},
  };
  for (const auto& [key, row] : keys) {
    const EntitySpec* spec = find_spec(key);
    REQUIRE_MESSAGE(spec, key);
    CHECK(spec->key == row);
  }
}

TEST_CASE("vocabulary: a word that is no key finds no row") {
  for (const std::string_view key :
       {"", "_", "power_", "_power", "Power", "status", "volt", "mppt", "mppt_", "meter_",
        "battery2", "meterpower", "power_l4", "power/import", "power_import ", "dc_nothing"}) {
    CAPTURE(key);
    CHECK(find_spec(key) == nullptr);
  }
  CHECK(find_spec(std::string(100'000, '1')) == nullptr);
}

TEST_CASE("vocabulary: what cannot be written is shown instead") {
  const EntitySpec limit = read_only(*find_spec("power_limit"));
  CHECK(limit.platform == Platform::sensor);
  CHECK(limit.category == Category::diagnostic);
  CHECK(limit.unit == "%");
  const EntitySpec output = read_only(*find_spec("output_on"));
  CHECK(output.platform == Platform::binary_sensor);
  const EntitySpec mode = read_only(*find_spec("storage_control_mode"));
  CHECK(mode.platform == Platform::sensor);
  CHECK(mode.device_class == "enum");
  CHECK(mode.options == "none,charge,discharge,charge_discharge");
  const EntitySpec voltage = read_only(*find_spec("voltage_l1"));
  CHECK(frozen(voltage) == frozen(*find_spec("voltage_l1")));
}

TEST_CASE("vocabulary: names read well to a person") {
  CHECK(entity_name("energy_import_t1") == "Energy import T1");
  CHECK(entity_name("voltage_l1_l2") == "Voltage L1 L2");
  CHECK(entity_name("reactive_power_q1") == "Reactive power Q1");
  CHECK(entity_name("p1_version") == "P1 version");
  CHECK(entity_name("mppt2_power") == "MPPT 2 power");
  CHECK(entity_name("port1_energy_produced") == "Port 1 energy produced");
  CHECK(entity_name("mppt_count") == "MPPT count");
  CHECK(entity_name("pv_connected") == "PV connected");
  CHECK(entity_name("der_mode") == "DER mode");
  CHECK(entity_name("dc_voltage") == "DC voltage");
  CHECK(entity_name("month_max_1") == "Month max 1");
  CHECK(entity_name("") == "");
}

TEST_CASE("vocabulary: an adjective goes before its noun, and a switch does not say its state") {
  const std::pair<std::string_view, std::string_view> names[] = {
      {"power_rated", "Rated power"},
      {"capacity_nominal", "Nominal capacity"},
      {"temperature_cabinet", "Cabinet temperature"},
      {"power_net", "Net power"},
      {"power_net_l2", "Net power L2"},
      {"voltage_avg_l3", "Average voltage L3"},
      {"meter_power_net_l1", "Meter net power L1"},
      {"inverter2_power_rated", "Inverter 2 rated power"},
      {"inverter2_state", "Inverter 2 state"},
      {"output_on", "Output"},
      {"power_limit_enabled", "Use power limit"},
      {"battery_full", "Set to full"},
      {"battery_level_set", "Set battery level"},
      {"cause", "Line status"},
      {"tariff_name", "Tariff"},
      {"tariff", "Tariff number"},
      {"ac_type", "AC type"},
      {"ean", "EAN"},
  };
  for (const auto& [key, name] : names) CHECK(entity_name(key) == name);
  CHECK(entity_name("boiler_power_net") == "Boiler power net");  // a user's own key
}

TEST_CASE("vocabulary: what a line tells of itself stays while its device is offline") {
  for (const std::string_view key :
       {"connected", "cause", "frames_ok", "last_frame", "serve_clients", "serve_dropped"}) {
    CAPTURE(key);
    const EntitySpec* spec = find_spec(key);
    REQUIRE(spec != nullptr);
    CHECK(spec->line_health);
    CHECK(spec->category == Category::diagnostic);
  }
  // Of a line that is shared: for who looks after a program that does not get what it wants.
  for (const auto& [key, name] : {std::pair{"serve_clients", "Clients of the line"},
                                  std::pair{"serve_dropped", "Clients turned away"}}) {
    CHECK_FALSE(find_spec(key)->enabled);
    CHECK(entity_name(key) == name);
  }
}

TEST_CASE("vocabulary: no two keys that a device may have together have one name") {
  std::map<std::string, std::string_view> owners = {};
  for (const EntitySpec& spec : all_rows()) {
    if (spec.key == "meter_clock")
      continue;  // instead of meter_time, where its offset is not known
    const auto [owner, fresh] = owners.emplace(entity_name(spec.key), spec.key);
    CHECK_MESSAGE(fresh, spec.key, " is named like ", owner->second);
  }
}

TEST_CASE("vocabulary: the counter of a gas, water or heat meter is its main feature") {
  for (const std::string_view key : {"gas", "gas_energy", "heat", "cooling", "water", "hot_water",
                                     "heat_cost", "mbus_electricity"}) {
    CHECK(find_spec(key) != nullptr);
    CHECK(is_main_feature(key));
  }
  for (const std::string_view key : {"energy_import", "gas_2", "valve", ""}) {
    CHECK_FALSE(is_main_feature(key));
  }
}

TEST_CASE("vocabulary: an id reads well to a person, too") {
  CHECK(name_of_id("house_meter") == "House meter");
  CHECK(name_of_id("p1") == "P1");
  CHECK(name_of_id("") == "");
}
