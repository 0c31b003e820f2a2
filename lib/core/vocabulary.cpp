#include "core/vocabulary.hpp"

#include <algorithm>
#include <array>

#include "core/vocabulary_rows.hpp"

namespace gridtap {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

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

// Words that people write in capitals: phases, tariffs, quadrants and common abbreviations.
bool is_capital(std::string_view word) {
  static constexpr std::array<std::string_view, 6> whole = {"ac", "dc", "der", "ean", "p1", "tx"};
  if (std::find(whole.begin(), whole.end(), word) != whole.end()) return true;
  const std::size_t first = word.find_first_of("0123456789");
  if (first == word.npos || word.find_first_not_of("0123456789", first) != word.npos) return false;
  const std::string_view letters = word.substr(0, first);
  return letters == "l" || letters == "t" || letters == "q" || letters == "mppt";
}

char upper(char c) { return is_letter(c) ? static_cast<char>(c - 'a' + 'A') : c; }

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

std::string entity_name(std::string_view key) {
  std::string out;
  while (!key.empty()) {
    const std::string_view word = key.substr(0, key.find('_'));
    key.remove_prefix(std::min(word.size() + 1, key.size()));
    if (!out.empty()) out += ' ';
    const bool capital = is_capital(word);
    for (const char c : word) out += capital || out.empty() ? upper(c) : c;
  }
  return out;
}

std::string name_of_id(std::string_view id) {
  std::string out(id);
  std::replace(out.begin(), out.end(), '_', ' ');
  if (!out.empty()) out[0] = upper(out[0]);
  return out;
}

}  // namespace gridtap
