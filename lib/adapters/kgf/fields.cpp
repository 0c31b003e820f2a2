#include "adapters/kgf/fields.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "adapters/kgf/lines.hpp"

namespace gridtap::kgf {
namespace {

constexpr std::int64_t most_current = 65'000;        // hundredths of an ampere
constexpr std::int64_t most_remaining = 10'000'000;  // mAh
constexpr std::string_view states[] = {"on", "ovp", "ocp", "lvp", "ncp", "opp", "otp"};

constexpr Field of_kg[] = {
    {0, "voltage", -2},
    {2, "capacity_remaining", -3},
    {3, "capacity_discharged", -3},
    {4, "energy_charged", -5},
    {5, "run_time"},
    {6, "temperature", 0, 100},
    {10, "time_left"},
    {11, "internal_resistance", -2},
};
constexpr Field of_kh[] = {
    {0, "voltage", -2},
    {2, "capacity_remaining", -3},
    {3, "energy_discharged", -5},
    {4, "energy_charged", -5},
    {5, "records"},
    {6, "temperature", 0, 100},
    {10, "time_left"},
};

constexpr Field of_settings[] = {
    {0, "over_voltage", -2},
    {1, "under_voltage", -2},
    {2, "discharge_over_current", -2},
    {3, "charge_over_current", -2},
    {4, "over_power", -2},
    {5, "over_temperature", 0, 100},
    {6, "recovery_time"},
    {7, "delay_time"},
    {8, "capacity_nominal", -1},
    {9, "voltage_calibration", 0, 100},
    {10, "current_calibration", 0, 100},
    {11, "temperature_calibration", 0, 100},
    {14, "current_ratio"},
    {15, "voltage_curve_scale"},
    {16, "current_curve_scale"},
};

constexpr Write table[] = {
    {"output_on", 10, 0, 1, 0, 0, Proof::output},
    {"over_voltage", 20, 0, 12'000, -2},
    {"under_voltage", 21, 0, 12'000, -2},
    {"discharge_over_current", 22, 0, 65'000, -2},
    {"charge_over_current", 23, 0, 65'000, -2},
    {"over_power", 24, 0, 7'800'000, -2},
    {"over_temperature", 25, 0, 220, 0, 100},
    {"recovery_time", 26, 0, 9999},
    {"delay_time", 27, 0, 99},
    {"capacity_nominal", 28, 1, 99'999, -1},
    {"temperature_calibration", 31, 0, 200, 0, 100},
    {"battery_level_set", 60, 0, 100, 0, 0, Proof::level},
    {"battery_full", 60, 100, 100, 0, 0, Proof::level},
    {"zero_current", 61, 1, 1, 0, 0, Proof::zeroed},
    {"clear_totals", 62, 1, 1, 0, 0, Proof::cleared},
};

}  // namespace

std::span<const Field> measured(std::size_t field_count) {
  return field_count == fields_of_kh ? std::span<const Field>(of_kh)
                                     : std::span<const Field>(of_kg);
}

std::optional<Error> implausible(const Answer& answer, VoltageRange range) {
  if (answer.number != r_measurements) return {};
  const auto& values = answer.values;
  const auto error = [](std::string_view what, Decimal value) {
    return Error{Fault::out_of_range, std::string(what) + to_text(value)};
  };
  const std::int64_t voltage = values[voltage_field];
  if (voltage < range.least || voltage > range.most) {
    return error("volts cannot be ", {voltage, -2});
  }
  if (values[current_field] > most_current) {
    return error("amperes cannot be ", {values[current_field], -2});
  }
  if (values[remaining_field] > most_remaining) {
    return error("ampere-hours cannot be ", {values[remaining_field], -3});
  }
  return {};
}

std::string state_text(std::int64_t state) {
  if (state < static_cast<std::int64_t>(std::size(states))) return std::string(states[state]);
  if (state == 99 || state == 255) return "off";
  return "code" + std::to_string(state);
}

std::span<const Field> setting_fields() { return of_settings; }

std::span<const Write> writes() { return table; }

const Write* find_write(std::string_view key) {
  const auto* const found = std::find_if(std::begin(table), std::end(table),
                                         [&](const Write& row) { return row.key == key; });
  return found == std::end(table) ? nullptr : found;
}

int Write::read_back() const { return proof == Proof::setting ? r_settings : r_measurements; }

std::size_t Write::field() const {
  const auto* const row = std::find_if(std::begin(of_settings), std::end(of_settings),
                                       [&](const Field& field) { return field.key == key; });
  return row->index;
}

std::optional<std::int64_t> Write::raw(const Decimal& value) const {
  const Decimal steps = rounded(shifted(value, -exponent), 0);
  const std::int64_t raw = steps.digits + offset;
  if (steps.exponent != 0 || raw < least || raw > most) return {};
  return raw;
}

EntitySpec Write::spec() const {
  EntitySpec spec = *find_spec(key);
  spec.min = {least - offset, exponent};
  spec.max = {most - offset, exponent};
  spec.step = {1, exponent};
  return spec;
}

}  // namespace gridtap::kgf
