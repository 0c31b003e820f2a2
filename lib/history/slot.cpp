#include "history/slot.hpp"

#include <algorithm>

namespace gridtap::history {

// A span of 31 days in milliseconds, times itself, fits into 63 bits.
std::int64_t shared(std::int64_t growth, Milliseconds part, Milliseconds span) {
  const std::int64_t unit = span > std::chrono::days{31} ? 1000 : 1;
  const std::int64_t whole = span.count() / unit;
  const std::int64_t passed = std::clamp<std::int64_t>(part.count() / unit, 0, whole);
  return growth / whole * passed + growth % whole * passed / whole;
}
std::optional<std::int64_t> whole_of(Decimal value, int exponent) {
  const Decimal moved = rounded(shifted(value, -exponent), 0);
  const bool fits =
      moved.exponent == 0 && moved.digits <= most_units && moved.digits >= -most_units;
  return fits ? std::optional(moved.digits) : std::nullopt;
}

std::int64_t rounded_quotient(std::int64_t dividend, std::int64_t divisor) {
  const std::int64_t half = divisor / 2;
  return (dividend + (dividend < 0 ? -half : half)) / divisor;
}

std::int32_t whole_seconds(Milliseconds time) {
  return static_cast<std::int32_t>(rounded_quotient(time.count(), 1000));
}

}  // namespace gridtap::history
