#include "adapters/p1/house_model.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gridtap::p1;
using namespace std::chrono;

namespace {

constexpr Second winter_noon = sys_days{January / 13 / 2027} + hours{11};  // a Wednesday
constexpr Second summer_noon = sys_days{June / 23 / 2027} + hours{11};     // a Wednesday

HouseSettings with_sun() { return {.sun_w = 4000, .gas_interval = minutes{5}}; }

std::int64_t all(const ByTier& registers) { return registers[0] + registers[1]; }

}  // namespace

TEST_CASE("p1 house: summer time is the European rule") {
  struct {
    Second time;
    bool summer;
  } const rows[] = {
      {sys_days{March / 29 / 2026} + hours{1} - seconds{1}, false},
      {sys_days{March / 29 / 2026} + hours{1}, true},
      {sys_days{October / 25 / 2026} + hours{1} - seconds{1}, true},
      {sys_days{October / 25 / 2026} + hours{1}, false},
      {sys_days{March / 31 / 2024} + hours{1}, true},  // the last day of the month
      {sys_days{March / 30 / 2024} + hours{12}, false},
      {sys_days{January / 1 / 2026}, false},
      {sys_days{July / 1 / 2026}, true},
      {sys_days{December / 31 / 2026}, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.time.time_since_epoch().count());
    CHECK(is_summer_time(row.time) == row.summer);
  }
}

TEST_CASE("p1 house: quadrants follow the signs of active and reactive power") {
  CHECK(quadrant_of(100, 10) == 0);
  CHECK(quadrant_of(-100, 10) == 1);
  CHECK(quadrant_of(-100, -10) == 2);
  CHECK(quadrant_of(100, -10) == 3);
  CHECK(quadrant_of(0, 0) == 0);
}

TEST_CASE("p1 house: a square root is the largest whole number whose square fits") {
  for (const std::int64_t n : {0L, 1L, 2L, 3L, 10L, 999L, 46341L, 30'000'000L, 2'000'000'000L}) {
    CAPTURE(n);
    CHECK(square_root(n * n) == n);
    if (n > 1) CHECK(square_root(n * n - 1) == n - 1);
    if (n > 0) CHECK(square_root(n * n + 1) == n);
  }
}

TEST_CASE("p1 house: the same seed lives the same day, another seed another one") {
  House first(with_sun(), summer_noon, 7);
  House second(with_sun(), summer_noon, 7);
  House other(with_sun(), summer_noon, 8);
  first.advance(summer_noon + hours{6});
  for (int step = 1; step <= 360; ++step) second.advance(summer_noon + minutes{step});
  other.advance(summer_noon + hours{6});
  CHECK(first.state().import_ws == second.state().import_ws);
  CHECK(first.state().export_ws == second.state().export_ws);
  CHECK(first.state().gas.millilitres == second.state().gas.millilitres);
  CHECK(first.state().net_power_w() == second.state().net_power_w());
  CHECK(first.state().import_ws != other.state().import_ws);
}

TEST_CASE("p1 house: one that starts anew goes on about where it was, whatever its seed") {
  House before(with_sun(), winter_noon, 7);
  before.advance(winter_noon + hours{1});
  const House after(with_sun(), winter_noon + hours{1}, 8);
  constexpr std::int64_t kwh = 3'600'000;
  const auto apart = [](std::int64_t a, std::int64_t b) { return a > b ? a - b : b - a; };
  CHECK(all(after.state().import_ws) > 5000 * kwh);
  CHECK(apart(all(after.state().import_ws), all(before.state().import_ws)) < 12 * kwh);
  CHECK(apart(all(after.state().export_ws), all(before.state().export_ws)) < 5 * kwh);
  CHECK(apart(after.state().gas.millilitres, before.state().gas.millilitres) < 1'500'000);
}

TEST_CASE("p1 house: registers are the exact integral of the powers") {
  House house(with_sun(), summer_noon, 3);
  const HouseState begin = house.state();
  std::int64_t in = 0, out = 0, inductive = 0, capacitive = 0;
  for (int n = 1; n <= 30 * 3600; ++n) {
    const std::int64_t w = house.state().net_power_w();
    const std::int64_t var = house.state().net_reactive_var();
    (w > 0 ? in : out) += w > 0 ? w : -w;
    (var >= 0 ? inductive : capacitive) += var >= 0 ? var : -var;
    house.advance(summer_noon + seconds{n});
  }
  const HouseState& end = house.state();
  CHECK(end.time == summer_noon + hours{30});
  CHECK(in > 0);
  CHECK(out > 0);
  CHECK(all(end.import_ws) - all(begin.import_ws) == in);
  CHECK(all(end.export_ws) - all(begin.export_ws) == out);
  const auto quadrant = [&](std::size_t n) {
    return all(end.quadrant_vars[n]) - all(begin.quadrant_vars[n]);
  };
  CHECK(quadrant(0) + quadrant(1) == inductive);
  CHECK(quadrant(2) + quadrant(3) == capacitive);
}

TEST_CASE("p1 house: the tariff is low at night and at the weekend, by local time") {
  struct {
    Second time;
    Tier tier;
  } const rows[] = {
      {sys_days{January / 13 / 2027} + hours{6} - seconds{1}, Tier::low},  // 06:59:59 on Wednesday
      {sys_days{January / 13 / 2027} + hours{6}, Tier::normal},
      {sys_days{January / 13 / 2027} + hours{22} - seconds{1}, Tier::normal},
      {sys_days{January / 13 / 2027} + hours{22}, Tier::low},
      {sys_days{June / 23 / 2027} + hours{5}, Tier::normal},  // 07:00 in summer time
      {sys_days{June / 23 / 2027} + hours{5} - seconds{1}, Tier::low},
      {sys_days{January / 16 / 2027} + hours{11}, Tier::low},  // Saturday
      {sys_days{January / 17 / 2027} + hours{11}, Tier::low},  // Sunday
      {sys_days{January / 18 / 2027} + hours{11}, Tier::normal},
  };
  for (const auto& row : rows) {
    CAPTURE(row.time.time_since_epoch().count());
    House house(with_sun(), row.time - hours{2}, 1);
    house.advance(row.time);
    CHECK(house.state().tier == row.tier);
  }
}

TEST_CASE("p1 house: only the register of the tariff in force counts") {
  House house({}, sys_days{January / 13 / 2027} + hours{8}, 1);
  const HouseState begin = house.state();
  house.advance(begin.time + hours{4});
  CHECK(house.state().import_ws[0] == begin.import_ws[0]);
  CHECK(house.state().import_ws[1] > begin.import_ws[1]);
}

TEST_CASE("p1 house: the running quarter-hour climbs, is closed, and starts again") {
  House house({}, winter_noon, 5);
  std::int64_t watt_seconds = 0;
  for (int n = 1; n < 900; ++n) {
    watt_seconds += house.state().net_power_w();
    house.advance(winter_noon + seconds{n});
    REQUIRE(house.state().import_quarter.now_w() == watt_seconds / 900);
  }
  watt_seconds += house.state().net_power_w();
  house.advance(winter_noon + seconds{900});
  CHECK(house.state().import_quarter.last_w == watt_seconds / 900);
  CHECK(house.state().import_quarter.now_w() == 0);
}

TEST_CASE("p1 house: the month's peak is the highest quarter-hour, and the months keep thirteen") {
  const Second begin = sys_days{January / 31 / 2027} + hours{20};
  const Second month_end = sys_days{January / 31 / 2027} + hours{23};  // local midnight
  House house({}, begin, 2);
  REQUIRE(house.state().months.size() == 12);
  std::int64_t highest = house.state().month_peak.w;
  for (Second time = begin + minutes{15}; time < month_end; time += minutes{15}) {
    house.advance(time);
    highest = std::max(highest, house.state().import_quarter.last_w);
    CHECK(house.state().month_peak.w == highest);
  }
  const Peak before = house.state().month_peak;
  house.advance(month_end);
  REQUIRE(house.state().months.size() == 13);
  CHECK(house.state().months.back().month_end == month_end);
  CHECK(house.state().months.back().peak.w >= before.w);
  CHECK(house.state().month_peak.w == 0);
  CHECK(house.state().month_close.end == month_end);
  for (int day = 1; day <= 30; ++day) house.advance(month_end + days{day});
  CHECK(house.state().months.size() == 13);
  CHECK(house.state().months.back().month_end > month_end);
}

TEST_CASE("p1 house: the past holds one peak for each of the last twelve months") {
  House house({}, sys_days{November / 20 / 2026} + hours{7}, 2);
  const auto& months = house.state().months;
  REQUIRE(months.size() == 12);
  CHECK(months.front().month_end == sys_days{November / 30 / 2025} + hours{23});
  CHECK(months[4].month_end == sys_days{March / 31 / 2026} + hours{22});  // summer time
  CHECK(months.back().month_end == sys_days{October / 31 / 2026} + hours{23});
  for (const MonthPeak& month : months) {
    CHECK(month.peak.end < month.month_end);
    CHECK(month.peak.end > month.month_end - days{29});
    CHECK(month.peak.end.time_since_epoch() % minutes{15} == seconds{0});
  }
}

TEST_CASE("p1 house: gas is sent at its interval and never falls") {
  House house(with_sun(), winter_noon, 4);
  Flow before = house.state().gas;
  const std::int64_t at_begin = before.millilitres;
  for (int n = 1; n <= 6 * 3600; ++n) {
    house.advance(winter_noon + seconds{n});
    const Flow& gas = house.state().gas;
    REQUIRE(gas.told_at.time_since_epoch() % minutes{5} == seconds{0});
    REQUIRE(house.state().time - gas.told_at < minutes{5});
    REQUIRE(gas.told_millilitres >= before.told_millilitres);
    if (gas.told_at == before.told_at) REQUIRE(gas.told_millilitres == before.told_millilitres);
    before = gas;
  }
  CHECK(before.millilitres > at_begin);
  CHECK(before.millilitres - at_begin < 6 * 1'500'000);
}

TEST_CASE("p1 house: panels feed the grid at noon in June and nothing at night") {
  House house(with_sun(), summer_noon, 1);
  std::int64_t out = 0;
  for (int n = 1; n <= 3600; ++n) {
    house.advance(summer_noon + seconds{n});
    out += house.state().net_power_w() < 0 ? 1 : 0;
  }
  CHECK(out > 1800);
  house.advance(summer_noon + hours{11});
  const ByTier at_dusk = house.state().export_ws;
  house.advance(summer_noon + hours{15});
  CHECK(house.state().export_ws == at_dusk);
}

TEST_CASE("p1 house: voltages and currents stay where a house has them") {
  House house(with_sun(), winter_noon, 6);
  for (int n = 1; n <= 24 * 60; ++n) {
    house.advance(winter_noon + minutes{n});
    for (const Phase& phase : house.state().phase) {
      REQUIRE(phase.decivolt >= 2070);
      REQUIRE(phase.decivolt <= 2530);
      REQUIRE(phase.milliampere <= 80'000);
      const std::int64_t milli_va = phase.milliampere * phase.decivolt / 10;
      REQUIRE(milli_va <= square_root((phase.w * phase.w + phase.var * phase.var) * 1'000'000));
      REQUIRE(milli_va >= (phase.w < 0 ? -phase.w : phase.w) * 1000 - phase.decivolt);
    }
    REQUIRE(house.state().centihertz >= 4990);
    REQUIRE(house.state().centihertz <= 5010);
  }
}

TEST_CASE("p1 house: a single-phase house has one phase") {
  House house({.phases = 1, .sun_w = 3000}, summer_noon, 6);
  house.advance(summer_noon + hours{1});
  CHECK(house.state().phase[0].w != 0);
  CHECK(house.state().phase[1].w == 0);
  CHECK(house.state().phase[2].milliampere == 0);
}

TEST_CASE("p1 house: a moment in the past changes nothing") {
  House house({}, winter_noon, 1);
  house.advance(winter_noon + hours{1});
  const HouseState before = house.state();
  house.advance(winter_noon);
  CHECK(house.state().time == before.time);
  CHECK(house.state().import_ws == before.import_ws);
}

TEST_CASE("p1 house: more than a day at once is a power failure in the log") {
  House house({}, winter_noon, 1);
  const HouseState before = house.state();
  house.advance(winter_noon + days{40});
  const HouseState& after = house.state();
  CHECK(after.time == winter_noon + days{40});
  CHECK(after.import_ws == before.import_ws);
  REQUIRE(after.failures.size() == before.failures.size() + 1);
  CHECK(after.failures.back().end == after.time);
  CHECK(after.failures.back().seconds == 40 * 86400);
  CHECK(after.short_failures == before.short_failures + 1);
  CHECK(after.months.size() == before.months.size() + 1);
  for (int n = 2; n < 20; ++n) house.advance(winter_noon + days{40 * n});
  CHECK(house.state().failures.size() == 10);
}
