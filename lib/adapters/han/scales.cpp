#include "adapters/han/scales.hpp"

#include <cmath>
#include <string>
#include <utility>

namespace gridtap::han {
namespace {

constexpr std::int64_t least_volts = 80, most_volts = 500;
constexpr double enough_power = 200;                 // W: less is too near to the digits of I
constexpr double least_ratio = 0.8, most_ratio = 8;  // of U x I to the apparent power
constexpr std::int8_t finest_current = -3, none_fits = 127;

// Whether v x 10^-places is a phase of a house.
std::int8_t voltage_exponent(std::int64_t value) {
  std::int64_t unit = 1;
  for (std::int8_t exponent = 0; exponent >= -2; --exponent, unit *= 10) {
    if (value >= least_volts * unit && value <= most_volts * unit) return exponent;
  }
  return none_fits;
}

// What the phases of a list say; `any`: one of them is above 0.
struct Voltages {
  bool any = false, agree = true;
  std::int8_t exponent = none_fits;  // of all of them
};

Voltages voltages_of(const List& list) {
  Voltages found;
  list.for_each_row([&](const Row& row) {
    if (row.field == nullptr || row.field->quantity != Quantity::voltage || row.has_scaler) return;
    const auto value = axdr_integer(*row.value);
    if (!value || *value <= 0) return;
    const std::int8_t exponent = voltage_exponent(*value);
    found.agree = found.agree && (!found.any || exponent == found.exponent);
    found.any = true;
    found.exponent = exponent;
  });
  if (!found.agree) found.exponent = none_fits;
  return found;
}

// Of one list: powers as they are, U in V, I in counts.
struct Sums {
  double power = 0, reactive = 0, voltage[3] = {}, current[3] = {};
};

void count(Sums& sums, const Row& row, double voltage_unit) {
  const Field& field = *row.field;
  const auto value = axdr_integer(*row.value);
  if (!value || row.has_scaler) return;
  const auto number = static_cast<double>(*value);
  const int phase = field.c / 20 - 1;
  switch (field.quantity) {
    case Quantity::power:
      if (field.c <= 2) sums.power += field.c == 1 ? number : -number;
      return;
    case Quantity::reactive_power:
      if (field.c <= 4) sums.reactive += field.c == 3 ? number : -number;
      return;
    case Quantity::voltage:
      sums.voltage[phase] = number * voltage_unit;
      return;
    case Quantity::current:
      sums.current[phase] = number;
      return;
    default:
      return;
  }
}

std::optional<std::int8_t> current_exponent(const List& list, std::int8_t voltage) {
  Sums sums;
  const double unit = std::pow(10.0, voltage);
  list.for_each_row([&](const Row& row) {
    if (row.field != nullptr) count(sums, row, unit);
  });
  const double apparent = std::hypot(sums.power, sums.reactive);
  double carried = 0;
  for (int n = 0; n < 3; ++n) carried += sums.voltage[n] * std::abs(sums.current[n]);
  if (apparent < enough_power || carried <= 0) return {};
  for (std::int8_t exponent = 0; exponent >= finest_current; --exponent, carried /= 10) {
    if (carried >= least_ratio * apparent && carried < most_ratio * apparent) return exponent;
  }
  return {};
}

void say_decided(int exponent, Effects& effects) {
  const std::string unit = exponent == 0 ? "1 V" : exponent == -1 ? "0.1 V" : "0.01 V";
  const std::string text =
      "voltages come in " + unit +
      ", and are taken so from now on; voltage_exponent: " + std::to_string(exponent) +
      " would say the same";
  effects(Notice{text});
}

}  // namespace

void Scales::is_of(std::string_view serial) {
  if (serial.empty() || serial == serial_) return;
  if (!serial_.empty()) {
    decided_.reset();
    current_.reset();
    candidate_ = none_yet;
    agreeing_ = 0;
    said_unknown_ = false;
  }
  serial_ = serial;
}

void Scales::judge(const List& list, std::optional<std::int8_t> usual, bool one_decides,
                   Effects& effects) {
  if (set_voltage_ || decided_) {
    voltage_ = set_voltage_ ? set_voltage_ : decided_;
  } else {
    judge_voltage(list, usual, one_decides, effects);
  }
  // Where the maker documents a voltage it documents the current, too.
  if (!usual && !current_ && !set_current_ && voltage_) judge_current(list, effects);
}

void Scales::judge_voltage(const List& list, std::optional<std::int8_t> usual, bool one_decides,
                           Effects& effects) {
  voltage_ = usual;
  const Voltages found = voltages_of(list);
  if (!found.any) return;
  agreeing_ = found.exponent == candidate_ ? agreeing_ + 1 : 1;
  candidate_ = found.exponent;
  const bool fits = found.exponent != none_fits, sure = one_decides || agreeing_ >= agreement;
  if (fits && sure) {
    decided_ = voltage_ = found.exponent;
    if (usual && *usual != found.exponent) say_decided(found.exponent, effects);
    effects(Keep{});
    return;
  }
  if (usual && *usual != found.exponent) voltage_.reset();
  if (fits || !sure || std::exchange(said_unknown_, true)) return;
  effects(
      Notice{"voltages come without unit, and no power of ten makes them 80 to 500 V: they are "
             "left out; set voltage_exponent"});
}

void Scales::judge_current(const List& list, Effects& effects) {
  current_ = current_exponent(list, *voltage_);
  if (current_) effects(Keep{});
}

void Scales::save(RecordWriter& record) const {
  if (decided_) record.add("voltage_exponent", serial_, std::int64_t{*decided_});
  if (current_) record.add("current_exponent", serial_, std::int64_t{*current_});
}

void Scales::restore(const Record& record) {
  for (const RecordRow& row : record.rows()) {
    const bool voltage = row.name == "voltage_exponent";
    if (!voltage && row.name != "current_exponent") continue;
    const auto serial = row.text(0);
    const auto exponent = row.number<int>(1);
    if (!serial || !exponent || *exponent < -9 || *exponent > 9) continue;
    serial_ = *serial;
    (voltage ? decided_ : current_) = static_cast<std::int8_t>(*exponent);
  }
}

}  // namespace gridtap::han
