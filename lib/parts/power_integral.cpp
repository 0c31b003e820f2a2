#include "parts/power_integral.hpp"

#include <cmath>

namespace gridtap {
namespace {

constexpr double milliseconds_per_hour = 3'600'000;

// Most powers are whole watts, or have up to three decimals.
double number_of(Decimal value) {
  constexpr double tenths[] = {1, 1e-1, 1e-2, 1e-3};
  const auto digits = static_cast<double>(value.digits);
  const bool usual = value.exponent <= 0 && value.exponent >= -3;
  return digits * (usual ? tenths[-value.exponent] : std::pow(10.0, value.exponent));
}

PowerIntegral::Milliseconds between(Mono from, Mono to) {
  return std::chrono::duration_cast<PowerIntegral::Milliseconds>(to - from);
}

}  // namespace

void PowerIntegral::power(Decimal watts, Mono now) {
  const double newest = number_of(watts);
  const Milliseconds step = between(at_, now);
  if (begun_ && step.count() > 0 && step <= longest_gap_) {
    const auto hours = static_cast<double>(step.count()) / milliseconds_per_hour;
    watt_hours_ += (watts_ + newest) / 2 * hours;
    covered_ += step;
  }
  begun_ = true;
  watts_ = newest;
  at_ = now;
}

PowerIntegral::Mark PowerIntegral::mark(Mono now) const {
  Mark mark{watt_hours_, covered_, now};
  const Milliseconds since = between(at_, now);
  if (!begun_ || since.count() <= 0 || since > longest_gap_) return mark;
  mark.watt_hours += watts_ * static_cast<double>(since.count()) / milliseconds_per_hour;
  mark.covered += since;
  return mark;
}

PowerSpan PowerIntegral::since(const Mark& mark, Mono now) const {
  const Mark end = this->mark(now);
  const Milliseconds passed = between(mark.at, now);
  return {end.watt_hours - mark.watt_hours, end.covered - mark.covered, passed};
}

}  // namespace gridtap
