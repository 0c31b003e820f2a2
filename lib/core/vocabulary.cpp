#include "core/vocabulary.hpp"

#include <algorithm>
#include <array>

#include "core/vocabulary_rows.hpp"

namespace gridtap {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

const EntitySpec* find_exact(std::string_view key) {
  for (const auto rows : vocabulary()) {
    const auto at = std::lower_bound(
        rows.begin(), rows.end(), key,
        [](const EntitySpec& row, std::string_view wanted) { return row.key < wanted; });
    if (at != rows.end() && at->key == key) return &*at;
  }
  return nullptr;
}

// "mppt2_power" -> "mppt<N>_power"
std::string with_number_open(std::string_view key) {
  std::string out;
  for (std::size_t n = 0; n < key.size(); ++n) {
    if (!is_digit(key[n])) {
      out += key[n];
    } else if (n == 0 || !is_digit(key[n - 1])) {
      out += "<N>";
    }
  }
  return out;
}

// "meter_voltage_l1" -> "voltage_l1"; empty if there is no such prefix.
std::string_view without_part(std::string_view key) {
  static constexpr std::array<std::string_view, 7> parts = {"mppt",     "port", "dc",   "battery",
                                                            "inverter", "cell", "meter"};
  for (const std::string_view part : parts) {
    if (!key.starts_with(part)) continue;
    std::size_t end = part.size();
    while (end < key.size() && is_digit(key[end])) ++end;
    if (end < key.size() && key[end] == '_') return key.substr(end + 1);
  }
  return {};
}

}  // namespace

std::span<const std::span<const EntitySpec>> vocabulary() {
  static const std::array<std::span<const EntitySpec>, 6> themes = {
      rows::power(),   rows::energy(),   rows::meter(),
      rows::battery(), rows::inverter(), rows::gateway()};
  return themes;
}

const EntitySpec* find_spec(std::string_view key) {
  if (const EntitySpec* spec = find_exact(key)) return spec;
  if (const EntitySpec* spec = find_exact(with_number_open(key))) return spec;
  if (key.starts_with("relay_")) return find_exact("relay_<name>");
  if (key.starts_with("fault_relay_")) return find_exact("fault_relay_<name>");
  const std::string_view rest = without_part(key);
  return rest.empty() ? nullptr : find_spec(rest);
}

EntitySpec read_only(EntitySpec spec) {
  const Platform was = spec.platform;
  if (was == Platform::toggle) {
    spec.platform = Platform::binary_sensor;
    spec.device_class = {};
  } else if (was != Platform::binary_sensor) {
    spec.platform = Platform::sensor;
  }
  if (was == Platform::select) spec.device_class = "enum";
  if (spec.category == Category::config) spec.category = Category::diagnostic;
  return spec;
}

}  // namespace gridtap
