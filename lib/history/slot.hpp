#pragma once
// A quarter-hour of a series, which is what history is made of. They begin at xx:00, :15, :30 and
// :45 UTC: the hours and days of every zone of Europe are whole numbers of them.

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/decimal.hpp"
#include "core/value.hpp"

namespace gridtap::history {

using Milliseconds = std::chrono::milliseconds;
using Quarters = std::chrono::duration<std::int64_t, std::ratio<900>>;
using SlotTime = std::chrono::sys_time<Quarters>;

// Values are whole numbers of 10^exponent of a unit; both belong to the series.
//
//                value                    low, high
// measurement    mean, weighted by time   the smallest and the greatest value
// total          increase                 the register at the begin and at the end
// switch         seconds ON               none
struct Slot {
  SlotTime start;
  std::int64_t value = 0;
  std::optional<std::int64_t> low = {}, high = {};
  std::int32_t covered = 0;  // seconds of it that are known, 0 to 900
  friend bool operator==(const Slot&, const Slot&) = default;
};

constexpr SlotTime slot_of(Instant time) { return std::chrono::floor<Quarters>(time); }

// Beyond any register: 100 GWh in mWh.
constexpr std::int64_t most_units = 100'000'000'000'000'000;

// As a whole number of 10^exponent, rounded; nothing where that does not fit.
std::optional<std::int64_t> whole_of(Decimal value, int exponent);

// Rounded to the nearest, halves away from zero. REQUIRES: divisor > 0.
std::int64_t rounded_quotient(std::int64_t dividend, std::int64_t divisor);

std::int32_t whole_seconds(Milliseconds time);  // rounded

}  // namespace gridtap::history
