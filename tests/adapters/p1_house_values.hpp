#pragma once
// What an adapter must hear of a house, worked out from the house alone: not by the pictures that
// the simulator fills in, but by the meaning of each key (vocabulary.md).

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/p1/house_model.hpp"
#include "core/decimal.hpp"

namespace gridtap::p1 {

// What a meter's own decimals let through, by unit.
struct HeardMeter {
  std::string_view name;
  int power, voltage, current, frequency;  // decimals; -1: tens
  bool low_is_1;
  std::string_view keys;         // of the meter itself, sorted
  std::string_view behind = "";  // channels with their medium
  std::vector<std::pair<std::string, std::string>> settings = {};
};

inline std::int64_t wh(std::int64_t watt_seconds) { return watt_seconds / 3600; }
inline std::int64_t above_zero(std::int64_t value) { return std::max<std::int64_t>(value, 0); }

// Keys of one phase: the end of the key tells which.
inline std::optional<Decimal> phase_value(const HeardMeter& meter, std::string_view key,
                                          const HouseState& house) {
  if (key.size() < 4 || key.substr(key.size() - 3, 2) != "_l") return {};
  const Phase& phase = house.phase[static_cast<std::size_t>(key.back() - '1')];
  const std::string_view name = key.substr(0, key.size() - 3);
  const std::int64_t va = square_root(phase.w * phase.w + phase.var * phase.var);
  const Decimal ampere = rounded({phase.milliampere, -3}, meter.current);
  if (name == "power_import") return Decimal{above_zero(phase.w), 0};
  if (name == "power_export") return Decimal{above_zero(-phase.w), 0};
  if (name == "power_net") return Decimal{phase.w, 0};
  if (name == "reactive_power_import") return Decimal{above_zero(phase.var), 0};
  if (name == "reactive_power_export") return Decimal{above_zero(-phase.var), 0};
  if (name == "apparent_power_import") return Decimal{phase.w >= 0 ? va : 0, 0};
  if (name == "apparent_power_export") return Decimal{phase.w < 0 ? va : 0, 0};
  if (name == "power_factor") {
    const std::int64_t magnitude = phase.w < 0 ? -phase.w : phase.w;
    return Decimal{va == 0 ? 1000 : magnitude * 1000 / va, -3};
  }
  if (name == "voltage") return rounded({phase.decivolt, -1}, meter.voltage);
  if (name == "voltage_avg") return rounded({phase.decivolts.last, -1}, meter.voltage);
  if (name == "current") return ampere;
  if (name == "current_signed")
    return phase.w < 0 ? Decimal{-ampere.digits, ampere.exponent} : ampere;
  if (name == "voltage_sags") return Decimal{phase.sags, 0};
  if (name == "voltage_swells") return Decimal{phase.swells, 0};
  return {};
}

inline std::optional<Decimal> energy_value(const HeardMeter& meter, std::string_view key,
                                           const HouseState& house) {
  const std::size_t first = meter.low_is_1 ? 0 : 1;
  const auto& quadrants = house.quadrant_vars;
  const ByTier inductive = {wh(quadrants[0][0]) + wh(quadrants[1][0]),
                            wh(quadrants[0][1]) + wh(quadrants[1][1])};
  const ByTier capacitive = {wh(quadrants[2][0]) + wh(quadrants[3][0]),
                             wh(quadrants[2][1]) + wh(quadrants[3][1])};
  const ByTier import = {wh(house.import_ws[0]), wh(house.import_ws[1])};
  const ByTier exported = {wh(house.export_ws[0]), wh(house.export_ws[1])};
  const std::pair<std::string_view, const ByTier*> registers[] = {
      {"energy_import", &import},
      {"energy_export", &exported},
      {"reactive_energy_import", &inductive},
      {"reactive_energy_export", &capacitive}};
  for (const auto& [name, tiers] : registers) {
    if (!key.starts_with(name)) continue;
    const std::string_view rest = key.substr(name.size());
    if (rest.empty()) return Decimal{(*tiers)[0] + (*tiers)[1], -3};
    if (rest == "_t1") return Decimal{(*tiers)[first], -3};
    if (rest == "_t2") return Decimal{(*tiers)[1 - first], -3};
    return Decimal{0, -3};  // tariffs that are never in force
  }
  if (key == "energy_combined") {
    return Decimal{import[0] + import[1] + exported[0] + exported[1], -3};
  }
  if (key.starts_with("reactive_energy_q")) {
    const ByTier& quadrant = quadrants[static_cast<std::size_t>(key.back() - '1')];
    return Decimal{wh(quadrant[0]) + wh(quadrant[1]), -3};
  }
  return {};
}

inline std::optional<Decimal> house_value(const HeardMeter& meter, std::string_view key,
                                          const HouseState& house) {
  const std::int64_t w = house.net_power_w();
  const std::int64_t var = house.net_reactive_var();
  const std::int64_t va = square_root(w * w + var * var);
  const auto watts = [&](std::int64_t value) { return rounded({value, 0}, meter.power); };
  if (key == "power_import") return watts(above_zero(w));
  if (key == "power_export") return watts(above_zero(-w));
  if (key == "power_net") return watts(w);
  if (key == "power_combined") return watts(w < 0 ? -w : w);
  if (key == "power_import_avg") return watts(house.import_w.last);
  if (key == "power_net_avg") return watts(house.net_w.last);
  if (key == "reactive_power_import") return watts(above_zero(var));
  if (key == "reactive_power_export") return watts(above_zero(-var));
  if (key.starts_with("reactive_power_q")) {
    const bool here = quadrant_of(w, var) == static_cast<std::size_t>(key.back() - '1');
    return watts(here ? std::max(var, -var) : 0);
  }
  if (key == "apparent_power_import") return watts(w >= 0 ? va : 0);
  if (key == "apparent_power_export") return watts(w < 0 ? va : 0);
  if (key == "power_factor") return Decimal{va == 0 ? 1000 : std::max(w, -w) * 1000 / va, -3};
  if (key == "frequency") return rounded({house.centihertz, -2}, meter.frequency);
  std::int64_t largest = 0, sum = 0;
  for (const Phase& phase : house.phase) {
    largest = std::max(largest, phase.milliampere);
    sum += phase.milliampere;
  }
  if (key == "current_max_phase") return rounded({largest, -3}, meter.current);
  if (key == "current_sum") return rounded({sum, -3}, meter.current);
  if (key == "power_failures") return Decimal{house.short_failures, 0};
  if (key == "long_power_failures") return Decimal{std::ssize(house.failures), 0};
  if (key == "demand_import_now") return Decimal{house.import_quarter.now_w(), 0};
  if (key == "demand_import_month_peak") return Decimal{house.month_peak.w, 0};
  if (key == "demand_history") {
    std::int64_t all = 0;
    for (const MonthPeak& month : house.months) all += month.peak.w;
    return rounded({all * 10 / std::ssize(house.months), -1}, 0);
  }
  if (const auto phase = phase_value(meter, key, house)) return phase;
  return energy_value(meter, key, house);
}

inline std::optional<Second> moment_of(std::string_view key, const HouseState& house) {
  if (key == "meter_time") return house.time;
  if (key == "demand_import_month_peak_time") return house.month_peak.end;
  if (key == "last_power_failure") return house.failures.back().end;
  return {};
}

inline std::optional<std::string_view> words_of(const HeardMeter& meter, std::string_view key,
                                                const HouseState& house) {
  const bool low = house.tier == Tier::low;
  if (key == "tariff") return low == meter.low_is_1 ? "1" : "2";
  if (key == "tariff_name") return low ? "low" : "normal";
  if (key == "breaker") return "connected";
  if (key.starts_with("message")) return "None";
  if (key == "limiter") return meter.name == "hungary" ? "90000" : "None";
  if (key == "limiter_apparent") return "27600";
  if (key == "fuse_threshold_export") return "40";
  if (key != "fuse_threshold") return {};
  if (meter.name == "luxembourg") return "40";
  if (meter.name == "hungary") return "200.00";
  return meter.name == "dsmr30" ? "16" : "None";
}

}  // namespace gridtap::p1
