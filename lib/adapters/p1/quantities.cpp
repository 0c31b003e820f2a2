#include "adapters/p1/quantities.hpp"

#include "adapters/p1/telegram_writer.hpp"
#include "core/bytes.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::int64_t hour_s = 3600;

Decimal whole(std::int64_t value) { return {value, 0}; }
Decimal positive(std::int64_t value) { return {std::max<std::int64_t>(value, 0), 0}; }

std::int64_t sum(const ByTier& watt_seconds) {
  return watt_seconds[0] / hour_s + watt_seconds[1] / hour_s;
}

// The registers of two quadrants in one tier.
Decimal quadrants(const HouseState& house, std::size_t first, std::size_t second, Tier tier) {
  const auto n = static_cast<std::size_t>(tier);
  return whole(house.quadrant_vars[first][n] / hour_s + house.quadrant_vars[second][n] / hour_s);
}
Decimal both_tiers(Decimal low, Decimal normal) { return whole(low.digits + normal.digits); }

std::int64_t apparent(std::int64_t w, std::int64_t var) { return square_root(w * w + var * var); }

Decimal factor(std::int64_t w, std::int64_t var) {
  const std::int64_t va = apparent(w, var);
  if (va == 0) return {1000, -3};
  return {std::min<std::int64_t>((w < 0 ? -w : w) * 1000 / va, 1000), -3};
}

std::string hex(std::string_view text) { return to_hex(as_bytes(text)); }

// The id of a meter behind this one: the serial number with the medium's letter in front.
std::string id_behind(const Scene& scene, char medium) {
  std::string id(scene.serial);
  if (id.empty()) id = "0";
  id.front() = medium;
  return hex(id);
}

std::string moment(const Scene& scene, Second time) {
  std::string out = "(";
  append_moment(out, time, scene.meter);
  return out + ')';
}
std::string number(std::string_view picture, Decimal value, std::string_view unit) {
  std::string out = "(";
  append_number(out, picture, value);
  out += unit;
  return out + ')';
}
std::string register_of(std::int64_t wh) { return number("######.###", {wh, -3}, "*kWh"); }

}  // namespace

Second clock(const HouseState& house) { return house.time; }
Second gas_time(const HouseState& house) { return house.gas.told_at; }
Second water_time(const HouseState& house) { return house.water.told_at; }
Second peak_time(const HouseState& house) { return house.month_peak.end; }

Decimal import_low(const HouseState& house) { return whole(house.import_ws[0] / hour_s); }
Decimal import_normal(const HouseState& house) { return whole(house.import_ws[1] / hour_s); }
Decimal import_total(const HouseState& house) { return whole(sum(house.import_ws)); }
Decimal export_low(const HouseState& house) { return whole(house.export_ws[0] / hour_s); }
Decimal export_normal(const HouseState& house) { return whole(house.export_ws[1] / hour_s); }
Decimal export_total(const HouseState& house) { return whole(sum(house.export_ws)); }
Decimal energy_combined(const HouseState& house) {
  return whole(sum(house.import_ws) + sum(house.export_ws));
}
Decimal reactive_import_low(const HouseState& house) { return quadrants(house, 0, 1, Tier::low); }
Decimal reactive_import_normal(const HouseState& house) {
  return quadrants(house, 0, 1, Tier::normal);
}
Decimal reactive_import_total(const HouseState& house) {
  return both_tiers(reactive_import_low(house), reactive_import_normal(house));
}
Decimal reactive_export_low(const HouseState& house) { return quadrants(house, 2, 3, Tier::low); }
Decimal reactive_export_normal(const HouseState& house) {
  return quadrants(house, 2, 3, Tier::normal);
}
Decimal reactive_export_total(const HouseState& house) {
  return both_tiers(reactive_export_low(house), reactive_export_normal(house));
}

Decimal power_import(const HouseState& house) { return positive(house.net_power_w()); }
Decimal power_export(const HouseState& house) { return positive(-house.net_power_w()); }
Decimal power_combined(const HouseState& house) {
  return whole(std::max(house.net_power_w(), -house.net_power_w()));
}
Decimal power_import_mean(const HouseState& house) { return whole(house.import_w.last); }
Decimal power_net_mean(const HouseState& house) { return whole(house.net_w.last); }
Decimal power_sum_mean(const HouseState& house) {
  return whole(2 * house.import_w.last - house.net_w.last);
}
Decimal reactive_power_import(const HouseState& house) {
  return positive(house.net_reactive_var());
}
Decimal reactive_power_export(const HouseState& house) {
  return positive(-house.net_reactive_var());
}
Decimal apparent_power_import(const HouseState& house) {
  if (house.net_power_w() < 0) return {};
  return whole(apparent(house.net_power_w(), house.net_reactive_var()));
}
Decimal apparent_power_export(const HouseState& house) {
  if (house.net_power_w() >= 0) return {};
  return whole(apparent(house.net_power_w(), house.net_reactive_var()));
}
Decimal power_factor(const HouseState& house) {
  return factor(house.net_power_w(), house.net_reactive_var());
}
Decimal power_factor_per_mille(const HouseState& house) { return shifted(power_factor(house), 3); }
Decimal largest_current(const HouseState& house) {
  std::int64_t largest = 0;
  for (const Phase& phase : house.phase) largest = std::max(largest, phase.milliampere);
  return {largest, -3};
}
Decimal current_sum(const HouseState& house) {
  std::int64_t all = 0;
  for (const Phase& phase : house.phase) all += phase.milliampere;
  return {all, -3};
}
Decimal frequency(const HouseState& house) { return {house.centihertz, -2}; }
Decimal demand_now(const HouseState& house) { return whole(house.import_quarter.now_w()); }
Decimal demand_last(const HouseState& house) { return whole(house.import_quarter.last_w); }
Decimal export_demand_now(const HouseState& house) { return whole(house.export_quarter.now_w()); }
Decimal export_demand_last(const HouseState& house) { return whole(house.export_quarter.last_w); }
Decimal month_peak(const HouseState& house) { return whole(house.month_peak.w); }

Decimal power_failures(const HouseState& house) { return whole(house.short_failures); }
Decimal long_power_failures(const HouseState& house) {
  return whole(static_cast<std::int64_t>(house.failures.size()));
}
Decimal gas(const HouseState& house) { return {house.gas.told_millilitres / 1000, -3}; }
Decimal water(const HouseState& house) { return {house.water.told_millilitres / 1000, -3}; }
Decimal tariff_low_is_1(const HouseState& house) { return whole(house.tier == Tier::low ? 1 : 2); }
Decimal tariff_low_is_2(const HouseState& house) { return whole(house.tier == Tier::low ? 2 : 1); }

Decimal phase_apparent(const Phase& phase, bool into_house) {
  if ((phase.w >= 0) != into_house) return {};
  return whole(apparent(phase.w, phase.var));
}
Decimal phase_power_factor(const Phase& phase) { return factor(phase.w, phase.var); }

std::string serial_hex(const Scene& scene) { return hex(scene.serial); }
std::string serial_plain(const Scene& scene) { return std::string(scene.serial); }
std::string gas_id(const Scene& scene) { return id_behind(scene, 'G'); }
std::string water_id(const Scene& scene) { return id_behind(scene, 'W'); }

std::string failure_log(const Scene& scene) {
  const auto& failures = scene.house.failures;
  std::string out = '(' + std::to_string(failures.size()) + ")(0-0:96.7.19)";
  for (const PowerFailure& failure : failures) {
    out += moment(scene, failure.end);
    out += number("##########", {failure.seconds, 0}, "*s");
  }
  return out;
}

std::string peak_history(const Scene& scene) {
  const auto& months = scene.house.months;
  std::string out = '(' + std::to_string(months.size()) + ")(1-0:1.6.0)(1-0:1.6.0)";
  for (const MonthPeak& month : months) {
    out += moment(scene, month.month_end) + moment(scene, month.peak.end);
    out += number("##.###", {month.peak.w, -3}, "*kW");
  }
  return out;
}

std::string month_record(const Scene& scene) {
  const MonthClose& close = scene.house.month_close;
  std::string out = moment(scene, close.end);
  for (const ByTier* energy : {&close.import_ws, &close.export_ws}) {
    out += register_of(sum(*energy));
    for (const std::int64_t watt_seconds : *energy) out += register_of(watt_seconds / hour_s);
  }
  return out;
}

}  // namespace gridtap::p1
