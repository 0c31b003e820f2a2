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

// Of what came in the span, what came in the first part of it. Spans of years are counted in whole
// seconds: the product fits then. REQUIRES: span > 0.
std::int64_t shared(std::int64_t growth, Milliseconds part, Milliseconds span);

// As a whole number of 10^exponent, rounded; nothing where that does not fit.
std::optional<std::int64_t> whole_of(Decimal value, int exponent);

// Rounded to the nearest, halves away from zero. REQUIRES: divisor > 0.
std::int64_t rounded_quotient(std::int64_t dividend, std::int64_t divisor);

constexpr std::int32_t whole_quarter = 900;     // seconds
std::int32_t whole_seconds(Milliseconds time);  // rounded

// A clock that is set back by more than this was wrong before: what comes is of the new time. Up to
// this it is of the time that was reached, as what has ended stays.
constexpr Milliseconds longest_set_back = std::chrono::hours{24};

}  // namespace gridtap::history
