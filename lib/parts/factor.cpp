#include "parts/factor.hpp"

namespace gridtap {

Decimal read_factor(Section& section) {
  const auto factor = section.number("factor");
  if (!factor) return {1, 0};
  if (*factor > Decimal{0, 0} && *factor <= Decimal{100'000, 0}) return *factor;
  section.problem("factor", "must be above 0, and at most 100000");
  return {1, 0};
}

}  // namespace gridtap
