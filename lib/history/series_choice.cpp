#include "history/series_choice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gridtap::history {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view live_end = "_live";

constexpr auto main_keys = std::to_array<std::string_view>({"battery_level",
                                                            "battery_power",
                                                            "cooling",
                                                            "dc_energy_produced",
                                                            "dc_power",
                                                            "energy_charged",
                                                            "energy_discharged",
                                                            "energy_export",
                                                            "energy_import",
                                                            "energy_produced",
                                                            "gas",
                                                            "gas_energy",
                                                            "heat",
                                                            "heat_cost",
                                                            "hot_water",
                                                            "mbus_electricity",
                                                            "power",
                                                            "power_export",
                                                            "power_import",
                                                            "power_net",
                                                            "price_now",
                                                            "water"});
// What can stand in front of a key, with a number or none.
constexpr auto parts = std::to_array<std::string_view>({"battery", "inverter", "meter"});

struct UnitExponent {
  std::string_view unit;
  int exponent;
};
constexpr auto exponents = std::to_array<UnitExponent>({{"W", -1},
                                                        {"VA", -1},
                                                        {"var", -1},
                                                        {"%", -1},
                                                        {"°C", -1},
                                                        {"lx", -1},
                                                        {"Wh", 0},
                                                        {"s", 0},
                                                        {"min", 0},
                                                        {"B", 0},
                                                        {"B/s", 0}});
constexpr int price_exponent = -4, other_exponent = -3;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of(digits) == text.npos;
}

// "energy_import_t2" is "energy_import".
std::string_view without_tariff(std::string_view key) {
  const std::size_t bar = key.rfind("_t");
  const bool has = bar != key.npos && key.starts_with("energy_") && is_number(key.substr(bar + 2));
  return has ? key.substr(0, bar) : key;
}

// "inverter2_power" is "power".
std::string_view without_part(std::string_view key) {
  for (const std::string_view part : parts) {
    if (!key.starts_with(part)) continue;
    const std::size_t bar = key.find_first_not_of(digits, part.size());
    if (bar != key.npos && key[bar] == '_') return key.substr(bar + 1);
  }
  return key;
}

bool is_main(std::string_view key) {
  return std::find(main_keys.begin(), main_keys.end(), without_tariff(key)) != main_keys.end();
}

// In time linear in the text for each `*`, of which the last one alone is tried again.
bool fits(std::string_view text, std::string_view pattern) {
  std::size_t at = 0, in = 0, star = pattern.npos, tried = 0;
  while (at < text.size()) {
    if (in < pattern.size() && pattern[in] == '*') {
      star = in++;
      tried = at;
    } else if (in < pattern.size() && pattern[in] == text[at]) {
      ++in;
      ++at;
    } else if (star != pattern.npos) {
      in = star + 1;
      at = ++tried;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in) == pattern.npos;
}

std::optional<SeriesKind> kind_of(const EntitySpec& spec) {
  const bool is_switch =
      spec.platform == Platform::toggle || spec.platform == Platform::binary_sensor;
  if (is_switch) return SeriesKind::time_on;
  if (spec.platform != Platform::sensor) return {};
  if (spec.statistics == Statistics::measurement) return SeriesKind::mean;
  if (spec.statistics == Statistics::total_increasing) return SeriesKind::growth;
  return {};
}

int exponent_of(std::string_view unit) {
  const auto* const found = std::find_if(exponents.begin(), exponents.end(),
                                         [unit](const auto& row) { return row.unit == unit; });
  if (found != exponents.end()) return found->exponent;
  return unit.ends_with("/kWh") ? price_exponent : other_exponent;
}

}  // namespace

bool is_chosen_by_default(std::string_view key) {
  return is_main(key) || is_main(without_part(key));
}

bool SeriesChoice::takes(std::string_view device, std::string_view key) const {
  const std::string name = std::string(device) + '/' + std::string(key);
  bool takes = false;
  for (std::string_view pattern : patterns_) {
    const bool without = pattern.starts_with('-');
    if (without) pattern.remove_prefix(1);
    if (pattern == "default" ? is_chosen_by_default(key) : fits(name, pattern)) takes = !without;
  }
  return takes;
}

std::optional<SeriesHead> head_of(std::string name, const EntitySpec& spec) {
  const auto kind = kind_of(spec);
  if (!kind) return {};
  if (*kind == SeriesKind::time_on) return SeriesHead{std::move(name), "s", *kind, 0};
  return SeriesHead{std::move(name), std::string(spec.unit), *kind, exponent_of(spec.unit)};
}

std::string_view register_of_live(std::string_view key) {
  return key.ends_with(live_end) ? key.substr(0, key.size() - live_end.size()) : std::string_view{};
}

}  // namespace gridtap::history
