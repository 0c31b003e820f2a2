#pragma once
// What the makers of quarter-hours (core/journal.hpp) share: their times and whole numbers.

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/decimal.hpp"
#include "core/journal.hpp"
#include "core/value.hpp"

namespace gridtap::history {

using Milliseconds = std::chrono::milliseconds;

// Beyond any register: 100 GWh in mWh.
constexpr std::int64_t most_units = 100'000'000'000'000'000;

// As a whole number of 10^exponent, rounded; nothing where that does not fit.
std::optional<std::int64_t> whole_of(Decimal value, int exponent);

// Rounded to the nearest, halves away from zero. REQUIRES: divisor > 0.
std::int64_t rounded_quotient(std::int64_t dividend, std::int64_t divisor);

std::int32_t whole_seconds(Milliseconds time);  // rounded

}  // namespace gridtap::history
