#include <cmath>

#include <doctest/doctest.h>

#include "parts/power_integral.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Mono begin{};

constexpr Decimal watts(std::int64_t whole) { return {whole, 0}; }

bool is_near(double value, double expected) { return std::abs(value - expected) < 1e-6; }

// The same power each `pace` from `from` to `to`, both ends included.
void hold(PowerIntegral& integral, Decimal power, Mono from, Mono to, std::chrono::seconds pace) {
  for (Mono now = from; now <= to; now += pace) integral.power(power, now);
}

}  // namespace

TEST_CASE("power integral: 2000 W for an hour are 2000 Wh, and cover all of it") {
  PowerIntegral integral;
  const auto mark = integral.mark(begin);
  hold(integral, watts(2000), begin, begin + 1h, 10s);
  const PowerSpan span = integral.since(mark, begin + 1h);
  CHECK(is_near(span.watt_hours, 2000));
  CHECK(span.covered == 1h);
  CHECK(span.passed == 1h);
  CHECK(span.is_covered(100));
}

TEST_CASE("power integral: between two powers their mean holds") {
  PowerIntegral integral;
  integral.power(watts(0), begin);
  const auto mark = integral.mark(begin);
  integral.power(watts(3600), begin + 10s);
  CHECK(is_near(integral.since(mark, begin + 10s).watt_hours, 5));
}

TEST_CASE("power integral: a power may have decimals, and a sign") {
  PowerIntegral integral;
  const auto mark = integral.mark(begin);
  hold(integral, {-36'005, -1}, begin, begin + 20s, 10s);
  CHECK(is_near(integral.since(mark, begin + 20s).watt_hours, -20.0 - 1.0 / 360));
  PowerIntegral fine;
  hold(fine, {3'600'000'000, -6}, begin, begin + 10s, 10s);
  hold(fine, {36, 2}, begin + 10s, begin + 20s, 10s);
  CHECK(is_near(fine.since({}, begin + 20s).watt_hours, 20));
}

TEST_CASE("power integral: a gap that is too long does not count, neither as energy nor as time") {
  PowerIntegral integral;
  const auto mark = integral.mark(begin);
  hold(integral, watts(3600), begin, begin + 100s, 10s);
  hold(integral, watts(3600), begin + 131s, begin + 231s, 10s);
  const PowerSpan span = integral.since(mark, begin + 231s);
  CHECK(is_near(span.watt_hours, 200));
  CHECK(span.covered == 200s);
  CHECK(span.is_covered(86));
  CHECK_FALSE(span.is_covered());
}

TEST_CASE("power integral: how long a gap may be is the caller's choice") {
  PowerIntegral slow(2min);
  const auto mark = slow.mark(begin);
  hold(slow, watts(60), begin, begin + 1h, 60s);
  CHECK(is_near(slow.since(mark, begin + 1h).watt_hours, 60));
  CHECK(slow.since(mark, begin + 1h).is_covered(100));
}

TEST_CASE("power integral: 95 of 100 seconds are covered, 94 are not") {
  PowerIntegral integral(10s);
  hold(integral, watts(100), begin, begin + 94s, 1s);
  integral.power(watts(100), begin + 95s);
  CHECK(integral.since({}, begin + 100s).is_covered());
  PowerIntegral shorter(1s);
  hold(shorter, watts(100), begin, begin + 94s, 1s);
  CHECK_FALSE(shorter.since({}, begin + 100s).is_covered());
}

TEST_CASE("power integral: the newest power holds until now, but no longer than a gap may be") {
  PowerIntegral integral;
  integral.power(watts(3600), begin);
  const PowerIntegral::Mark mark{0, {}, begin};
  CHECK(is_near(integral.since(mark, begin + 30s).watt_hours, 30));
  CHECK(is_near(integral.since(mark, begin + 31s).watt_hours, 0));
  CHECK(integral.since(mark, begin + 31s).covered == 0s);
}

TEST_CASE("power integral: spans that begin at different times share it") {
  PowerIntegral integral;
  const auto first = integral.mark(begin);
  hold(integral, watts(3600), begin, begin + 50s, 10s);
  const auto second = integral.mark(begin + 50s);
  hold(integral, watts(7200), begin + 60s, begin + 100s, 10s);
  CHECK(is_near(integral.since(first, begin + 100s).watt_hours, 50 + 15 + 80));
  CHECK(is_near(integral.since(second, begin + 100s).watt_hours, 15 + 80));
}

TEST_CASE("power integral: before the first power, and where no time passes, nothing is covered") {
  PowerIntegral integral;
  CHECK(integral.since(integral.mark(begin), begin + 10s).covered == 0s);
  CHECK_FALSE(integral.since(integral.mark(begin), begin + 10s).is_covered());
  integral.power(watts(100), begin + 10s);
  integral.power(watts(900), begin + 10s);
  CHECK_FALSE(integral.since(integral.mark(begin + 10s), begin + 10s).is_covered());
  CHECK(is_near(integral.since({}, begin + 10s).watt_hours, 0));
}
