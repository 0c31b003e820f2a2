#pragma once
// Powers, currents and voltages of one list, as they are published: net powers are made of them,
// and the scale of a meter is judged by them.

#include <array>
#include <cmath>
#include <cstdint>

#include "core/decimal.hpp"

namespace gridtap::han {

// Import and export take turns, in all and of L1 to L3.
enum class Sent : std::uint8_t {
  power_import,
  power_export,
  power_import_l1,
  power_export_l1,
  power_import_l2,
  power_export_l2,
  power_import_l3,
  power_export_l3,
  reactive_import,
  reactive_export,
  current_l1,
  current_l2,
  current_l3,
  voltage_l1,
  voltage_l2,
  voltage_l3,
};

class ListNumbers {
 public:
  static constexpr std::size_t count = 16;

  void clear() { sent_ = 0; }
  void note(std::size_t place, Decimal value) {
    values_[place] = value;
    sent_ |= 1u << place;
  }
  bool has(std::size_t place) const { return (sent_ >> place & 1) != 0; }
  bool has(Sent which) const { return has(static_cast<std::size_t>(which)); }
  // REQUIRES: it has one.
  Decimal value(std::size_t place) const { return values_[place]; }
  Decimal value(Sent which) const { return value(static_cast<std::size_t>(which)); }
  // 0 where it was not sent. `phase`: 0 is L1.
  double of(Sent which, std::size_t phase = 0) const {
    const std::size_t place = static_cast<std::size_t>(which) + phase;
    if (!has(place)) return 0;
    constexpr double tenths[] = {1, 1e-1, 1e-2, 1e-3, 1e-4};
    const auto digits = static_cast<double>(values_[place].digits);
    const int places = -values_[place].exponent;
    return digits * (places >= 0 && places <= 4 ? tenths[places] : std::pow(10.0, -places));
  }

 private:
  unsigned sent_ = 0;  // a bit for each
  std::array<Decimal, count> values_{};
};

}  // namespace gridtap::han
