#include "adapters/han/current_check.hpp"

#include <cmath>

namespace gridtap::han {
namespace {

constexpr double least_va = 5000, least_times = 8, most_times = 12;

// The values of the list for each phase and for all, in W, var, V and raw units of current.
struct Sums {
  double power = 0, reactive = 0, voltage[3] = {}, current[3] = {};
};

void count(Sums& sums, const Field& field, double value) {
  const int phase = field.c / 20 - 1;  // 31 and 32 of L1, 51 and 52 of L2, ...
  switch (field.quantity) {
    case Quantity::power:
      if (field.c <= 2) sums.power += field.c == 1 ? value : -value;
      return;
    case Quantity::reactive_power:
      if (field.c <= 4) sums.reactive += field.c == 3 ? value : -value;
      return;
    case Quantity::voltage:
      sums.voltage[phase] = value;
      return;
    case Quantity::current:
      sums.current[phase] = value;
      return;
    default:
      return;
  }
}

}  // namespace

bool currents_look_tenfold(const List& list, std::int8_t current_exponent) {
  Sums sums;
  list.for_each_row([&](const Row& row) {
    const auto value = axdr_integer(*row.value);
    if (row.field != nullptr && value) count(sums, *row.field, static_cast<double>(*value));
  });
  double carried = 0;
  for (int n = 0; n < 3; ++n) carried += sums.voltage[n] * sums.current[n];
  carried *= std::pow(10.0, current_exponent);
  const double apparent = std::hypot(sums.power, sums.reactive);
  return apparent > least_va && carried > least_times * apparent && carried < most_times * apparent;
}

}  // namespace gridtap::han
