// What a person reads for a key: made of its words, but for those that do not read well so. An
// adjective goes before its noun, a switch does not say its state.
#include <algorithm>
#include <array>
#include <utility>

#include "core/letter_case.hpp"

#include "core/vocabulary.hpp"

namespace gridtap {
namespace {

using Name = std::pair<std::string_view, std::string_view>;
// Without phase, tariff and quadrant: these follow the name.
constexpr auto names = std::to_array<Name>({
    {"apparent_power_max", "Maximum apparent power"},
    {"apparent_power_rated", "Rated apparent power"},
    {"battery_full", "Set to full"},
    {"battery_level_max", "Maximum battery level"},
    {"battery_level_min", "Minimum battery level"},
    {"battery_level_set", "Set battery level"},
    {"capacity_charged", "Charged"},
    {"capacity_discharged", "Discharged"},
    {"capacity_nominal", "Nominal capacity"},
    {"capacity_remaining", "Remaining capacity"},
    {"cause", "Line status"},
    {"cell_voltage_average", "Average cell voltage"},
    {"cell_voltage_max", "Maximum cell voltage"},
    {"cell_voltage_min", "Minimum cell voltage"},
    {"charge_current_max", "Maximum charge current"},
    {"charge_power_max", "Maximum charge power"},
    {"charge_power_rated", "Rated charge power"},
    {"clock_offset", "Meter clock offset"},
    {"current_avg", "Average current"},
    {"current_max_phase", "Highest phase current"},
    {"current_rated", "Rated current"},
    {"discharge_current_max", "Maximum discharge current"},
    {"discharge_power_max", "Maximum discharge power"},
    {"discharge_power_rated", "Rated discharge power"},
    {"energy_available", "Available energy"},
    {"energy_nominal", "Nominal energy"},
    {"meter_clock", "Meter clock"},
    {"meter_time", "Meter clock"},
    {"output_on", "Output"},
    {"output_state", "Output status"},
    {"power_available", "Available power"},
    {"power_factor_set", "Fixed power factor"},
    {"power_factor_set_enabled", "Use fixed power factor"},
    {"power_import_avg", "Average power import"},
    {"power_limit_enabled", "Use power limit"},
    {"power_max", "Maximum power"},
    {"power_net", "Net power"},
    {"power_net_avg", "Average net power"},
    {"power_rated", "Rated power"},
    {"power_set", "Fixed power"},
    {"power_set_enabled", "Use fixed power"},
    {"power_set_percent", "Fixed power in percent"},
    {"price_max_today", "Highest price today"},
    {"reactive_power_available", "Available reactive power"},
    {"serve_clients", "Clients of the line"},
    {"serve_dropped", "Clients turned away"},
    {"tariff", "Tariff number"},
    {"tariff_name", "Tariff"},
    {"temperature_ambient", "Ambient temperature"},
    {"temperature_cabinet", "Cabinet temperature"},
    {"temperature_heatsink", "Heat sink temperature"},
    {"temperature_other", "Other temperature"},
    {"temperature_switch", "Switch temperature"},
    {"temperature_transformer", "Transformer temperature"},
    {"today_export", "Energy export today"},
    {"today_import", "Energy import today"},
    {"voltage_avg", "Average voltage"},
    {"voltage_rated", "Rated voltage"},
});
static_assert(std::is_sorted(names.begin(), names.end()));

constexpr std::array<std::string_view, 8> main_features = {
    "gas", "gas_energy", "heat", "cooling", "water", "hot_water", "heat_cost", "mbus_electricity"};
constexpr std::array<std::string_view, 8> capitals = {"ac",   "dc", "der", "ean",
                                                      "mppt", "p1", "pv",  "tx"};
constexpr std::array<std::string_view, 4> numbered = {"battery", "inverter", "mppt", "port"};
constexpr std::string_view digits = "0123456789";

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

template <std::size_t count>
bool lists(const std::array<std::string_view, count>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view name_in_table(std::string_view key) {
  const auto* const at = std::lower_bound(
      names.begin(), names.end(), key,
      [](const Name& name, std::string_view wanted) { return name.first < wanted; });
  return at != names.end() && at->first == key ? at->second : std::string_view{};
}

// "mppt2" is "mppt" and "2"; no number where the word does not end in one.
std::pair<std::string_view, std::string_view> split_number(std::string_view word) {
  const std::size_t last_letter = word.find_last_not_of(digits);
  const std::size_t first_digit = last_letter == word.npos ? 0 : last_letter + 1;
  return {word.substr(0, first_digit), word.substr(first_digit)};
}

// Phases, tariffs, quadrants: l1, t11, q4.
bool is_place(std::string_view word) {
  const auto [letters, number] = split_number(word);
  return !number.empty() && (letters == "l" || letters == "t" || letters == "q");
}

void append_word(std::string& out, std::string_view word) {
  const auto [letters, number] = split_number(word);
  const bool capital = lists(capitals, word) || is_place(word);
  const bool apart = !number.empty() && lists(numbered, letters);  // "mppt2" is "MPPT 2"
  if (!out.empty()) out += ' ';
  const bool shout = capital || (apart && lists(capitals, letters));
  for (const char c : letters) out += shout || out.empty() ? upper(c) : c;
  if (apart) out += ' ';
  out += number;
}

std::string words_of(std::string_view key) {
  std::string out;
  while (!key.empty()) {
    const std::string_view word = key.substr(0, key.find('_'));
    key.remove_prefix(std::min(word.size() + 1, key.size()));
    append_word(out, word);
  }
  return out;
}

// A part in front of a key whose name is in the table: "meter_power_net" is "Meter net power".
std::string behind_part(std::string_view key) {
  const std::size_t bar = key.find('_');
  if (bar == key.npos) return {};
  const std::string_view name = name_in_table(key.substr(bar + 1));
  if (name.empty()) return {};
  std::string out;
  append_word(out, key.substr(0, bar));
  const bool word = name.size() < 2 || name[1] != upper(name[1]) || name[1] == ' ';
  out += ' ';
  out += word ? lower(name[0]) : name[0];
  return out += name.substr(1);
}

}  // namespace

std::string entity_name(std::string_view key) {
  if (const std::string_view name = name_in_table(key); !name.empty()) return std::string(name);
  const std::size_t bar = key.rfind('_');
  if (bar != key.npos && bar > 0 && is_place(key.substr(bar + 1))) {
    std::string out = entity_name(key.substr(0, bar));
    append_word(out, key.substr(bar + 1));
    return out;
  }
  std::string out = find_spec(key) == nullptr ? std::string{} : behind_part(key);
  return out.empty() ? words_of(key) : out;
}

std::string name_of_id(std::string_view id) {
  std::string out(id);
  std::replace(out.begin(), out.end(), '_', ' ');
  if (!out.empty()) out[0] = upper(out[0]);
  return out;
}

bool is_main_feature(std::string_view key) { return lists(main_features, key); }

}  // namespace gridtap
