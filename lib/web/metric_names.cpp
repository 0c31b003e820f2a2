#include "web/metric_names.hpp"

#include <algorithm>
#include <array>

namespace gridtap::web {
namespace {

struct Unit {
  std::string_view symbol, words;
  // Where monitoring systems want the unit without a prefix: `factor` of it are one of these.
  std::string_view base = {};
  std::int64_t factor = 1;
  int places = 0;
};

constexpr Unit units[] = {
    {"W", "watts"},
    {"kW", "kilowatts", "watts", 1, 3},
    {"VA", "voltamperes"},
    {"var", "vars"},
    {"Wh", "watthours"},
    {"kWh", "kilowatthours"},
    {"kvarh", "kilovarhours"},
    {"kVAh", "kilovoltamperehours"},
    {"GJ", "gigajoules", "joules", 1, 9},
    {"V", "volts"},
    {"mV", "millivolts", "volts", 1, -3},
    {"A", "amperes"},
    {"mA", "milliamperes", "amperes", 1, -3},
    {"Ah", "amperehours"},
    {"Ω", "ohms"},
    {"mΩ", "milliohms"},
    {"Hz", "hertz"},
    {"°C", "celsius"},
    {"%", "percent"},
    {"m³", "cubic_metres"},
    {"l", "litres"},
    {"L", "litres"},
    {"s", "seconds"},
    {"ms", "milliseconds", "seconds", 1, -3},
    {"min", "minutes", "seconds", 60},
    {"h", "hours", "seconds", 3600},
    {"lx", "lux"},
    {"hPa", "hectopascals"},
    {"bar", "bars"},
    {"B", "bytes"},
    {"MB", "megabytes", "bytes", 1, 6},
    {"B/s", "bytes_per_second"},
};

// Endings that mean something in one of the formats: `_count` is of a histogram.
constexpr std::array<std::string_view, 6> reserved_ends = {"_total",  "_count",   "_sum",
                                                           "_bucket", "_created", "_info"};
constexpr std::size_t longest_name = 96;  // of nearly all: room for it is taken at once
constexpr std::array<std::string_view, 5> own_names = {
    device_online_metric, frames_metric, mqtt_metric, build_metric, "gridtap_build_info"};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// A slash is "per", everything else that no name may hold is one `_`.
std::string as_name(std::string_view text) {
  std::string out;
  for (const char each : text) {
    const char c = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
    if (c == '/' && !out.empty()) {
      out += out.ends_with('_') ? "per_" : "_per_";
    } else if (is_word(c)) {
      out += c;
    } else if (!out.empty() && !out.ends_with('_')) {
      out += '_';
    }
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

const Unit* find_unit(std::string_view symbol) {
  const auto found = std::find_if(std::begin(units), std::end(units),
                                  [&](const Unit& each) { return each.symbol == symbol; });
  return found == std::end(units) ? nullptr : &*found;
}

std::string words_of(std::string_view symbol) {
  const Unit* const unit = find_unit(symbol);
  return unit == nullptr ? as_name(symbol) : std::string(unit->words);
}

// Both sides of a price: NOK/kWh.
std::string quotient_in_words(std::string_view unit) {
  const std::size_t slash = unit.find('/');
  if (slash == unit.npos) return as_name(unit);
  std::string below = words_of(unit.substr(slash + 1));
  if (below.ends_with('s')) below.pop_back();
  const std::string above = words_of(unit.substr(0, slash));
  return above.empty() || below.empty() ? as_name(unit) : above + "_per_" + below;
}

std::string unit_of(const model::Entity& entity) {
  if (std::holds_alternative<Timestamp>(entity.value())) return "timestamp_seconds";
  if (!std::holds_alternative<Decimal>(entity.value())) return {};
  return entity.spec().device_class == "enum" ? std::string{} : unit_in_words(entity.spec().unit);
}

bool is_counter(const model::Entity& entity) {
  return entity.spec().statistics == Statistics::total_increasing &&
         std::holds_alternative<Decimal>(entity.value());
}

bool is_reserved(std::string_view base) {
  return std::find(own_names.begin(), own_names.end(), base) != own_names.end() ||
         std::any_of(reserved_ends.begin(), reserved_ends.end(),
                     [&](std::string_view end) { return base.ends_with(end); });
}

}  // namespace

std::string unit_in_words(std::string_view unit) {
  const Unit* const found = find_unit(unit);
  if (found == nullptr) return quotient_in_words(unit);
  return std::string(found->base.empty() ? found->words : found->base);
}

Decimal in_base_unit(Decimal value, std::string_view unit) {
  const Unit* const found = find_unit(unit);
  if (found == nullptr || found->base.empty()) return value;
  const auto product = multiply(value, {found->factor, 0});
  return product ? shifted(*product, found->places) : value;
}

MetricName metric_name(const model::Entity& entity) {
  MetricName name;
  name.type = is_counter(entity) ? MetricType::counter : MetricType::gauge;
  const std::string unit = unit_of(entity);
  name.base.reserve(longest_name);
  (name.base = "gridtap_") += entity.level();
  if (!unit.empty()) (name.base += '_') += unit;
  name.unit = unit == "timestamp_seconds" ? "seconds" : unit;
  if (is_reserved(name.base)) {
    name.base += "_value";
    name.unit.clear();  // a name ends with its unit
  }
  return name;
}

}  // namespace gridtap::web
