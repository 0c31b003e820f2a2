#pragma once
// What the pictures of meters.hpp are filled with, taken from the house: numbers in the unit
// without prefix, moments, texts.

#include <algorithm>
#include <cstddef>
#include <string>

#include "adapters/p1/meters.hpp"

namespace gridtap::p1 {

Second clock(const HouseState& house);
Second gas_time(const HouseState& house);
Second water_time(const HouseState& house);
Second peak_time(const HouseState& house);

// Energies in Wh and varh. The tiers are registers of their own; a total is their sum.
Decimal import_low(const HouseState& house);
Decimal import_normal(const HouseState& house);
Decimal import_total(const HouseState& house);
Decimal export_low(const HouseState& house);
Decimal export_normal(const HouseState& house);
Decimal export_total(const HouseState& house);
Decimal energy_combined(const HouseState& house);
Decimal reactive_import_low(const HouseState& house);
Decimal reactive_import_normal(const HouseState& house);
Decimal reactive_import_total(const HouseState& house);
Decimal reactive_export_low(const HouseState& house);
Decimal reactive_export_normal(const HouseState& house);
Decimal reactive_export_total(const HouseState& house);

Decimal power_import(const HouseState& house);
Decimal power_export(const HouseState& house);
Decimal power_combined(const HouseState& house);
Decimal power_import_mean(const HouseState& house);
Decimal power_net_mean(const HouseState& house);
Decimal power_sum_mean(const HouseState& house);
Decimal reactive_power_import(const HouseState& house);
Decimal reactive_power_export(const HouseState& house);
Decimal apparent_power_import(const HouseState& house);
Decimal apparent_power_export(const HouseState& house);
Decimal power_factor(const HouseState& house);
Decimal power_factor_per_mille(const HouseState& house);
Decimal largest_current(const HouseState& house);
Decimal current_sum(const HouseState& house);
Decimal frequency(const HouseState& house);
Decimal demand_now(const HouseState& house);
Decimal demand_last(const HouseState& house);
Decimal export_demand_now(const HouseState& house);
Decimal export_demand_last(const HouseState& house);
Decimal month_peak(const HouseState& house);

Decimal power_failures(const HouseState& house);
Decimal long_power_failures(const HouseState& house);
Decimal gas(const HouseState& house);
Decimal water(const HouseState& house);
Decimal tariff_low_is_1(const HouseState& house);
Decimal tariff_low_is_2(const HouseState& house);

// W, var or VA of a phase: what flows in the one direction, 0 while it flows in the other.
Decimal phase_apparent(const Phase& phase, bool into_house);
Decimal phase_power_factor(const Phase& phase);

template <std::size_t n>
Decimal phase_import(const HouseState& house) {
  return {std::max<std::int64_t>(house.phase[n].w, 0), 0};
}
template <std::size_t n>
Decimal phase_export(const HouseState& house) {
  return {std::max<std::int64_t>(-house.phase[n].w, 0), 0};
}
template <std::size_t n>
Decimal phase_reactive_import(const HouseState& house) {
  return {std::max<std::int64_t>(house.phase[n].var, 0), 0};
}
template <std::size_t n>
Decimal phase_reactive_export(const HouseState& house) {
  return {std::max<std::int64_t>(-house.phase[n].var, 0), 0};
}
template <std::size_t n>
Decimal phase_apparent_import(const HouseState& house) {
  return phase_apparent(house.phase[n], true);
}
template <std::size_t n>
Decimal phase_apparent_export(const HouseState& house) {
  return phase_apparent(house.phase[n], false);
}
template <std::size_t n>
Decimal phase_factor(const HouseState& house) {
  return phase_power_factor(house.phase[n]);
}
template <std::size_t n>
Decimal phase_factor_per_mille(const HouseState& house) {
  return shifted(phase_power_factor(house.phase[n]), 3);
}
template <std::size_t n>
Decimal voltage(const HouseState& house) {
  return {house.phase[n].decivolt, -1};
}
template <std::size_t n>
Decimal voltage_mean(const HouseState& house) {
  return {house.phase[n].decivolts.last, -1};
}
template <std::size_t n>
Decimal current(const HouseState& house) {
  return {house.phase[n].milliampere, -3};
}
template <std::size_t n>
Decimal sags(const HouseState& house) {
  return {house.phase[n].sags, 0};
}
template <std::size_t n>
Decimal swells(const HouseState& house) {
  return {house.phase[n].swells, 0};
}
// varh of quadrant n + 1, and var while the house is in it.
template <std::size_t n>
Decimal quadrant_energy(const HouseState& house) {
  return {house.quadrant_vars[n][0] / 3600 + house.quadrant_vars[n][1] / 3600, 0};
}
template <std::size_t n>
Decimal quadrant_power(const HouseState& house) {
  const std::int64_t var = house.net_reactive_var();
  if (quadrant_of(house.net_power_w(), var) != n) return {};
  return {var < 0 ? -var : var, 0};
}

// Identities: two hex digits an octet, or as they are.
std::string serial_hex(const Scene& scene);
std::string serial_plain(const Scene& scene);
std::string gas_id(const Scene& scene);
std::string water_id(const Scene& scene);
// Groups of the objects that hold lists.
std::string failure_log(const Scene& scene);
std::string peak_history(const Scene& scene);
std::string month_record(const Scene& scene);

}  // namespace gridtap::p1
