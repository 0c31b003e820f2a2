#include "parts/power_doubt.hpp"

#include <algorithm>

namespace gridtap {
namespace {

// So that three times of it is a number, too.
constexpr std::int64_t most_watts = 1'000'000'000'000'000'000;

std::int64_t size_of(Decimal watts) {
  const Decimal whole = watts.exponent == 0 ? watts : rounded(shifted(watts, 0), 0);
  const std::int64_t within = std::clamp(whole.digits, -most_watts, most_watts);
  return within < 0 ? -within : within;
}

}  // namespace

bool PowerDoubt::judge(std::size_t kind, Decimal watts) {
  const std::int64_t size = size_of(watts);
  const bool far = compares_ && size > usual_watts && size > 3 * largest_;
  const bool confirmed = !waiting_.empty() && confirms(kind, size);
  if (far && !confirmed) {
    waiting_.push_front({kind, size});
    return true;
  }
  largest_ = std::max(largest_, size);
  return false;
}

// Whether it is within half of the one that waited, which waits no longer.
bool PowerDoubt::confirms(std::size_t kind, std::int64_t watts) {
  bool alike = false;
  waiting_.remove_if([&](const Waiting& each) {
    if (each.kind != kind) return false;
    const std::int64_t half = each.watts / 2;
    alike = watts >= each.watts - half && watts <= each.watts + half;
    return true;
  });
  return alike;
}

}  // namespace gridtap
