#include "parts/factor.hpp"

namespace gridtap {

Decimal read_factor(Section& section) {
  const auto factor = section.number("factor");
  if (!factor) return {1, 0};
  if (*factor > Decimal{0, 0} && *factor <= Decimal{100'000, 0}) return *factor;
  section.problem("factor", "must be above 0, and at most 100000");
  return {1, 0};
}

std::optional<Decimal> read_max_power(Section& section, Decimal factor) {
  const auto watts = section.number("max_power");
  if (!watts) return {};
  const Decimal most{1'000'000'000, 0};
  if (!(*watts > Decimal{0, 0}) || *watts > most) {
    section.problem("max_power", "W of the connection: above 0, and at most 1000000000");
    return {};
  }
  // Whole watts are fine enough for a limit.
  Decimal product = factor, limit{0, 0};
  for (std::int64_t step = std::int64_t{1} << 30; step > 0; step /= 2) {
    const Decimal tried{limit.digits + step, 0};
    product = multiply(tried, factor).value_or(Decimal{INT64_MAX, 0});
    if (product <= *watts) limit = tried;
  }
  return limit.digits > 0 ? limit : Decimal{1, 0};
}

bool exceeds(Decimal power, std::optional<Decimal> max_power) {
  if (!max_power) return false;
  const Decimal size{power.digits < 0 ? -power.digits : power.digits, power.exponent};
  return size > Decimal{2 * max_power->digits, max_power->exponent};
}

std::int32_t watts_of(Decimal power) {
  constexpr std::int64_t most = 1'000'000'000;
  const Decimal size{power.digits < 0 ? -power.digits : power.digits, power.exponent};
  if (size >= Decimal{most, 0}) return most;
  return static_cast<std::int32_t>(rounded(shifted(size, 0), 0).digits + 1);
}

}  // namespace gridtap
