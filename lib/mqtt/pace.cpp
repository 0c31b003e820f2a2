#include "mqtt/pace.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <limits>

#include "model/entity.hpp"

namespace gridtap::mqtt {
namespace {

constexpr std::string_view slow_classes[] = {
    "battery",  "duration",     "energy",      "energy_storage", "frequency", "gas",
    "humidity", "power_factor", "temperature", "timestamp",      "voltage",   "water"};
constexpr std::string_view slow_units[] = {"Ah", "mΩ", "Ω"};
// Texts that may change with every telegram and are nothing to act on.
constexpr std::string_view slow_texts[] = {"held", "last_error", "meter_clock"};

// Beside the power of the house.
constexpr std::string_view beside[] = {"apparent_power", "reactive_power"};

// Of a phase, or of one string of an inverter.
bool is_of_a_part(std::string_view key) {
  const std::size_t size = key.size();
  const bool phase =
      size > 3 && key.substr(size - 3, 2) == "_l" && key[size - 1] >= '1' && key[size - 1] <= '3';
  return phase || key.starts_with("mppt");
}

template <std::size_t count>
bool lists(const std::string_view (&words)[count], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

Pace pace_of(const EntitySpec& spec, const Value& value) {
  if (spec.platform != Platform::sensor) return Pace::at_once;
  const bool slow = spec.statistics == Statistics::total_increasing ||
                    lists(slow_classes, spec.device_class) || lists(slow_units, spec.unit) ||
                    lists(slow_texts, spec.key);
  if (slow) return Pace::slow;
  const bool number = model::is_numeric(spec) || std::holds_alternative<Decimal>(value);
  if (!number) return Pace::at_once;
  return is_of_a_part(spec.key) || lists(beside, spec.device_class) ? Pace::marked : Pace::fast;
}

std::int32_t tenths_of(Decimal value) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp(shifted(rounded(value, 1), 1).digits, -most, most));
}

bool is_marked(const EntitySpec& spec, std::int32_t published_tenths, Decimal value) {
  if (published_tenths == no_tenths) return true;
  const std::int64_t before = published_tenths;
  const std::int64_t change = std::abs(tenths_of(value) - before);
  const std::int64_t least = spec.device_class == "current" ? 5 : 1000;
  return change >= least && 10 * change >= std::abs(before);
}

}  // namespace gridtap::mqtt
