#include "history/register_jump.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace gridtap::history {
namespace {

// Of 10^exponent Wh; nothing: it is no energy.
std::optional<int> exponent_of_unit(const std::string& unit) {
  if (unit == "Wh") return 0;
  if (unit == "kWh") return 3;
  if (unit == "MWh") return 6;
  return {};
}

// The mWh of a growth in one step of the last digit of what has the fewest.
std::int64_t step_of(Decimal before, Decimal now, int exponent) {
  const int digit = std::min(0, std::max<int>(before.exponent, now.exponent));
  return whole_of({1, static_cast<std::int8_t>(digit)}, -3 - exponent).value_or(0);
}

}  // namespace

bool is_other_meter(const SeriesHead& head, Decimal before, Decimal now, Milliseconds between) {
  constexpr std::int64_t mwh_per_second = most_watts * 1000 / 3600;
  const auto exponent = exponent_of_unit(head.unit);
  const auto grown = exponent ? subtract(now, before) : std::nullopt;
  if (!grown || grown->digits <= 0) return false;
  const auto mwh = whole_of(*grown, -3 - *exponent);
  if (!mwh) return true;
  const std::int64_t seconds = std::max<std::int64_t>(1, whole_seconds(between));
  return *mwh - step_of(before, now, *exponent) > seconds * mwh_per_second;
}

std::string other_meter_note(const SeriesHead& head, Decimal before, Decimal now) {
  return head.name + " from " + to_text(before) + " to " + to_text(now) + ' ' + head.unit +
         ": no meter grows so fast, taken as another one that begins anew";
}

}  // namespace gridtap::history
