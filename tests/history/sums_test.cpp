// Hours, days, months and years of quarter-hours: clock changes, half-hour zones, means, gaps.
#include "history/sums.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");

Instant utc(int year, unsigned month, unsigned day, std::chrono::minutes time = 0min) {
  return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                               static_cast<int>(day)} +
         time;
}

std::vector<Point> sums(SeriesKind kind, Step step, const std::vector<Slot>& slots,
                        const Zone& zone = oslo) {
  Sums sums(kind, step, zone);
  std::vector<Point> out;
  for (const Slot& slot : slots) {
    if (const auto point = sums.add(slot)) out.push_back(*point);
  }
  if (const auto point = sums.end()) out.push_back(*point);
  return out;
}

// A Wh in each quarter-hour of that time.
std::vector<Slot> one_each(Instant begin, Instant end) {
  std::vector<Slot> slots;
  for (SlotTime at = slot_of(begin); at < end; at += Quarters{1}) {
    const auto units = static_cast<std::int64_t>(slots.size());
    slots.push_back({at, 1, units, units + 1, 900});
  }
  return slots;
}

std::chrono::hours length(const Period& period) {
  return std::chrono::floor<std::chrono::hours>(period.end - period.begin);
}

}  // namespace

TEST_CASE("periods: the dates of a time are those of its first and its last moment") {
  CHECK(dates_of({utc(2026, 2, 28, 23h), utc(2026, 3, 4)}, oslo) == "2026-03-01 to 2026-03-04");
  CHECK(dates_of({utc(2026, 2, 28, 22h), utc(2026, 3, 3, 23h)}, oslo) ==
        "2026-02-28 to 2026-03-03");
}

TEST_CASE("periods: a day has 23 hours in spring and 25 in autumn") {
  const Period spring = period_of(utc(2026, 3, 29, 12h), Step::day, oslo);
  CHECK(spring == Period{utc(2026, 3, 28, 23h), utc(2026, 3, 29, 22h)});
  const Period autumn = period_of(utc(2026, 10, 25, 12h), Step::day, oslo);
  CHECK(autumn == Period{utc(2026, 10, 24, 22h), utc(2026, 10, 25, 23h)});
  CHECK(length(period_of(utc(2026, 6, 1), Step::day, oslo)) == 24h);
}

TEST_CASE("periods: the hour that comes twice is two, and the one that is missing is none") {
  const Period once = period_of(utc(2026, 10, 25, 30min), Step::hour, oslo);
  const Period again = period_of(utc(2026, 10, 25, 90min), Step::hour, oslo);
  CHECK(once == Period{utc(2026, 10, 25), utc(2026, 10, 25, 1h)});
  CHECK(again == Period{utc(2026, 10, 25, 1h), utc(2026, 10, 25, 2h)});
  CHECK(period_of(utc(2026, 3, 29, 59min), Step::hour, oslo).end ==
        period_of(utc(2026, 3, 29, 1h), Step::hour, oslo).begin);
}

TEST_CASE("periods: in a zone of half hours the hour begins when its clocks show it") {
  const Zone zone = *Zone::named("Asia/Kolkata");
  CHECK(period_of(utc(2026, 6, 1, 45min), Step::hour, zone) ==
        Period{utc(2026, 6, 1, 30min), utc(2026, 6, 1, 90min)});
  CHECK(period_of(utc(2026, 6, 1, 44min), Step::quarter, zone) ==
        Period{utc(2026, 6, 1, 30min), utc(2026, 6, 1, 45min)});
}

TEST_CASE("periods: months and years begin at local midnight") {
  CHECK(period_of(utc(2026, 12, 31, 23h), Step::month, oslo) ==
        Period{utc(2026, 12, 31, 23h), utc(2027, 1, 31, 23h)});
  CHECK(period_of(utc(2026, 12, 31, 22h), Step::month, oslo) ==
        Period{utc(2026, 11, 30, 23h), utc(2026, 12, 31, 23h)});
  CHECK(period_of(utc(2026, 7, 1), Step::year, oslo) ==
        Period{utc(2025, 12, 31, 23h), utc(2026, 12, 31, 23h)});
  CHECK(period_of(utc(2024, 2, 29, 12h), Step::month, oslo).end == utc(2024, 2, 29, 23h));
}

TEST_CASE("periods: one follows the other without a gap, in each zone and step") {
  for (const char* name : {"Europe/Oslo", "Europe/Helsinki", "Europe/London", "UTC"}) {
    const Zone zone = *Zone::named(name);
    for (const Step step : {Step::quarter, Step::hour, Step::day, Step::month, Step::year}) {
      Instant at = utc(2026, 3, 20);
      for (int n = 0; n < 1000 && at < utc(2027, 1, 1); ++n) {
        const Period period = period_of(at, step, zone);
        REQUIRE(period.begin <= at);
        REQUIRE(period.end > at);
        REQUIRE(period_of(period.end, step, zone).begin == period.end);
        REQUIRE(period_of(period.end - 1ms, step, zone) == period);
        at = period.end;
      }
    }
  }
}

TEST_CASE("sums: an increase adds up, with the registers at both ends") {
  const auto points =
      sums(SeriesKind::growth, Step::hour, one_each(utc(2026, 6, 1), utc(2026, 6, 1, 2h)));
  REQUIRE(points.size() == 2);
  CHECK(points[0] == Point{{utc(2026, 6, 1), utc(2026, 6, 1, 1h)}, 4, 0, 4, 3600});
  CHECK(points[1] == Point{{utc(2026, 6, 1, 1h), utc(2026, 6, 1, 2h)}, 4, 4, 8, 3600});
}

TEST_CASE("sums: the days of a year have 92, 96 and 100 quarter-hours, and nothing is lost") {
  const auto slots = one_each(utc(2025, 12, 31, 23h), utc(2026, 12, 31, 23h));
  const auto days = sums(SeriesKind::growth, Step::day, slots);
  CHECK(days.size() == 365);
  std::int64_t all = 0;
  for (const Point& day : days) {
    all += day.value;
    CHECK(day.value == length(day.period) / 1h * 4);
    CHECK(day.covered == day.value * 900);
  }
  CHECK(all == static_cast<std::int64_t>(slots.size()));
  CHECK(sums(SeriesKind::growth, Step::month, slots).size() == 12);
  const auto year = sums(SeriesKind::growth, Step::year, slots);
  REQUIRE(year.size() == 1);
  CHECK(year[0].value == all);
}

TEST_CASE("sums: a mean is weighted by what was covered, and has the extremes of all") {
  const SlotTime start = slot_of(utc(2026, 6, 1));
  const auto points = sums(SeriesKind::mean, Step::hour,
                           {{start, 100, 50, 150, 900},
                            {start + Quarters{1}, 1000, 1000, 1000, 90},
                            {start + Quarters{3}, -20, -30, 40, 10}});
  REQUIRE(points.size() == 1);
  CHECK(points[0].value == 180);  // (90000 + 90000 - 200) / 1000
  CHECK(points[0].low == -30);
  CHECK(points[0].high == 1000);
  CHECK(points[0].covered == 1000);
}

TEST_CASE("sums: seconds ON add up, and have no extremes") {
  const SlotTime start = slot_of(utc(2026, 6, 1));
  const auto points = sums(SeriesKind::time_on, Step::day,
                           {{start, 900, {}, {}, 900}, {start + Quarters{40}, 5, {}, {}, 600}});
  REQUIRE(points.size() == 1);
  CHECK(points[0].value == 905);
  CHECK(points[0].covered == 1500);
  CHECK_FALSE(points[0].low);
}

TEST_CASE("sums: a period of which nothing is known is none, and one slot counts once") {
  const SlotTime start = slot_of(utc(2026, 6, 1));
  const auto points = sums(SeriesKind::growth, Step::hour,
                           {{start, 1, 0, 1, 900},
                            {start, 7, 0, 7, 900},
                            {start + Quarters{40}, 2, 1, 3, 0},
                            {start + Quarters{39}, 9, 1, 3, 0}});
  REQUIRE(points.size() == 2);
  CHECK(points[0].value == 1);
  CHECK(points[1].value == 2);
  CHECK(points[1].covered == 0);
}

TEST_CASE("sums: the largest mean of a year still fits") {
  const SlotTime start = slot_of(utc(2025, 12, 31, 23h));
  std::vector<Slot> slots;
  for (int n = 0; n < 365 * 96; ++n) {
    slots.push_back({start + Quarters{n}, 100'000'000'000, 1, 100'000'000'000, 900});
  }
  const auto points = sums(SeriesKind::mean, Step::year, slots);
  REQUIRE(points.size() == 1);
  CHECK(points[0].value == 100'000'000'000);
}

TEST_CASE("sums: of a period that the caller knows") {
  const Period morning{utc(2026, 11, 28, 6h), utc(2026, 11, 28, 12h)};
  Sums sums(SeriesKind::mean, Step::hour, oslo);
  sums.add({slot_of(morning.begin), 100, 50, 150, 900}, morning);
  sums.add({slot_of(morning.begin), 999, 0, 999, 900}, morning);  // not later than the last
  sums.add({slot_of(morning.begin) + Quarters{20}, 400, 300, 500, 300}, morning);
  CHECK(sums.end() == Point{morning, 175, 50, 500, 1200});
  CHECK_FALSE(sums.end());
}
