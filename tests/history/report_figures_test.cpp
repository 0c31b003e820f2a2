// Figures of a report: exact numbers of small made data, over both clock changes, and with holes.
#include "history/report_figures.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "played_year.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");

// The first local days of it.
Calendar june(int days = 1) {
  const Instant begin = utc(2026, 5, 31, 22h);
  return Calendar({begin, begin + std::chrono::days{days}}, oslo);
}

Amounts row_of(const std::vector<std::int64_t>& values) {
  Amounts row;
  for (const std::int64_t value : values) row.emplace_back(Amount{value, 3600});
  return row;
}

// The value of each hour is what the clock shows.
Amounts clock_row(const Calendar& calendar) {
  Amounts row;
  for (std::size_t hour = 0; hour < calendar.hours(); ++hour) {
    row.emplace_back(Amount{calendar.clock_at(hour) / 60, 3600});
  }
  return row;
}

HourRow gathered(const Calendar& calendar, const std::vector<Slot>& slots) {
  HourRow row(calendar, oslo);
  for (const Slot& slot : slots) row.add(slot);
  row.end();
  return row;
}

}  // namespace

TEST_CASE("report calendar: whole local days that the time touches") {
  const Calendar calendar({utc(2026, 5, 31, 21h + 59min), utc(2026, 6, 1, 22h + 1min)}, oslo);
  REQUIRE(calendar.days().size() == 3);
  CHECK(calendar.days()[0] == Calendar::Span{20604, 0, 24});  // 2026-05-31
  CHECK(calendar.days()[2] == Calendar::Span{20606, 48, 24});
  CHECK(calendar.months() == std::vector<Calendar::Span>{{676, 0, 1}, {677, 1, 2}});
  CHECK(calendar.hours() == 72);
  CHECK(calendar.start_of(24) == utc(2026, 5, 31, 22h));
  CHECK(calendar.date_of(utc(2026, 5, 31, 22h)) == 20605);
}

TEST_CASE("report calendar: the end is not in it, and an empty time has no day") {
  CHECK(Calendar({utc(2026, 5, 31, 22h), utc(2026, 6, 1, 22h)}, oslo).days().size() == 1);
  const Calendar none({utc(2026, 6, 1), utc(2026, 6, 1)}, oslo);
  CHECK(none.days().empty());
  CHECK(none.hours() == 0);
  CHECK_FALSE(none.hour_of(utc(2026, 6, 1)));
}

TEST_CASE("report calendar: an hour is missing in spring and one comes twice in autumn") {
  const Calendar spring({utc(2026, 3, 28, 23h), utc(2026, 3, 29, 22h)}, oslo);
  REQUIRE(spring.hours() == 23);
  CHECK(spring.clock_at(1) == 60);
  CHECK(spring.clock_at(2) == 180);
  const Calendar autumn({utc(2026, 10, 24, 22h), utc(2026, 10, 25, 23h)}, oslo);
  REQUIRE(autumn.hours() == 25);
  CHECK(autumn.clock_at(2) == 120);
  CHECK(autumn.clock_at(3) == 120);
  CHECK(autumn.clock_at(24) == 23 * 60);
}

TEST_CASE("report calendar: each hour of three years is found again by its begin") {
  for (const char* name : {"Europe/Oslo", "Europe/London", "Asia/Kolkata", "UTC"}) {
    const Calendar calendar({utc(2025, 1, 1), utc(2028, 1, 1)}, *Zone::named(name));
    std::size_t expected = 0;
    for (const Calendar::Span& day : calendar.days()) {
      REQUIRE(day.first == expected);
      expected += day.count;
    }
    REQUIRE(expected == calendar.hours());
    for (std::size_t hour = 0; hour < calendar.hours(); ++hour) {
      REQUIRE(calendar.hour_of(calendar.start_of(hour)) == hour);
      REQUIRE(calendar.hour_of(calendar.start_of(hour) + 3'599'999ms) == hour);
    }
  }
}

TEST_CASE("report calendar: of more than twenty years the last ones are there") {
  const Calendar calendar({utc(1970, 1, 2), utc(2026, 6, 1)}, oslo);
  CHECK(calendar.days().size() == Calendar::most_days);
  CHECK(calendar.days().back().number == 20605);
}

TEST_CASE("report hours: quarter-hours become hours, and what is out of range is left out") {
  const Calendar calendar = june();
  const SlotTime start = slot_of(utc(2026, 5, 31, 21h));
  const HourRow hours = gathered(calendar, {{start + Quarters{3}, 99, 0, 99, 900},
                                            {start + Quarters{4}, 1, 99, 100, 900},
                                            {start + Quarters{7}, 2, 100, 102, 450},
                                            {start + Quarters{12}, 7, 102, 109, 0},
                                            {start + Quarters{100}, 50, 109, 159, 900}});
  CHECK(hours.row()[0] == Amount{3, 1350});
  CHECK_FALSE(hours.row()[1]);
  CHECK(hours.row()[2] == Amount{7, 0});
  CHECK(sum(hours.row()) == 10);
  CHECK(hours.swaps().empty());
}

TEST_CASE(
    "report hours: a register that began anew is seen, between quarter-hours and within one") {
  const Calendar calendar = june();
  const SlotTime start = slot_of(utc(2026, 5, 31, 22h));
  const HourRow hours = gathered(calendar, {{start, 1, 10, 11, 900},
                                            {start + Quarters{1}, 1, 500, 501, 900},
                                            {start + Quarters{2}, 1, 501, 3, 900},
                                            {start + Quarters{3}, 1, 3, 4, 900},
                                            {start + Quarters{9}, 1, {}, {}, 900},
                                            {start + Quarters{10}, 1, 70, 71, 900}});
  CHECK(hours.swaps() == std::vector<Instant>{start + Quarters{1}, start + Quarters{2}});
}

TEST_CASE("report hours: an amount that no house has is unknown") {
  const Calendar calendar = june();
  const SlotTime start = slot_of(utc(2026, 5, 31, 22h));
  const HourRow hours = gathered(calendar, {{start, most_units, {}, {}, 900},
                                            {start + Quarters{4}, -1, {}, {}, 900},
                                            {start + Quarters{8}, 5, {}, {}, 900}});
  CHECK(sum(hours.row()) == 5);
  CHECK_FALSE(hours.row()[0]);
  CHECK_FALSE(hours.row()[1]);
}

TEST_CASE("report hours: in another exponent they still add up") {
  Amounts row = row_of({4, 4, 4, 4, 4});
  row[1].reset();
  CHECK(rescaled(row, -4, -4) == row);
  const Amounts coarse = rescaled(row, -4, -3);  // 0.4 each
  CHECK(coarse[0] == Amount{0, 3600});
  CHECK_FALSE(coarse[1]);
  CHECK(coarse[2] == Amount{1, 3600});
  CHECK(sum(coarse) == 2);  // of 1.6
  CHECK(rescaled(row_of({3}), 0, -3) == row_of({3000}));
  CHECK_FALSE(rescaled(row_of({1'000'000'000'000}), 6, -3)[0]);
}

TEST_CASE("report sums: days and months of a year are the sum of their hours") {
  const PlayedYear year(oslo);
  const Calendar calendar(year.time(), oslo);
  const Amounts hours = gathered(calendar, year.bought).row();
  const Amounts days = by_day(hours, calendar), months = by_month(days, calendar);
  CHECK(hours.size() == 8760);
  CHECK(days.size() == 365);
  CHECK(months.size() == 12);
  std::int64_t all = 0;
  for (const Slot& slot : year.bought) all += slot.value;
  CHECK(sum(hours) == all);
  CHECK(sum(days) == all);
  CHECK(sum(months) == all);
  CHECK(days[87]->covered == 23 * 3600);   // 29 March
  CHECK(days[297]->covered == 25 * 3600);  // 25 October
  CHECK(days[132]->covered == 0);
  CHECK(days[132]->value > 0);
}

TEST_CASE("report sums: a day of which nothing is known is unknown, not nothing") {
  const Calendar calendar = june(2);
  Amounts hours(calendar.hours());
  hours[30] = Amount{0, 3600};
  const Amounts days = by_day(hours, calendar);
  CHECK_FALSE(days[0]);
  CHECK(days[1] == Amount{0, 3600});
  CHECK(by_month(days, calendar)[0] == Amount{0, 3600});
}

TEST_CASE("report use: what was made and not given is its own, never below nothing") {
  const Amounts bought = row_of({100, 0, 0, 50}), sold = row_of({0, 300, 900, 0});
  Amounts made = row_of({20, 1000, 800, 0});
  made[3].reset();  // asleep
  CHECK(own_use(bought, made, sold) == row_of({20, 700, 0, 0}));
  CHECK(own_use(bought, made, {}) == row_of({20, 1000, 800, 0}));
  CHECK(added(bought, own_use(bought, made, sold)) == row_of({120, 700, 0, 50}));
}

TEST_CASE("report use: an hour without the meter is not whole") {
  Amounts bought = row_of({100, 0});
  bought[1].reset();
  Amounts made = row_of({0, 500});
  const Amounts own = own_use(bought, made, {});
  CHECK(own[1] == Amount{500, 0});
  CHECK_FALSE(added(bought, own)[1]);
}

TEST_CASE("report highest: the earlier of equal hours first, none that was not measured whole") {
  Amounts hours = row_of({5, 9, 1, 9, 100, 7});
  hours[4]->covered = 3419;
  hours[5].reset();
  CHECK(highest(hours, 3) == std::vector<Highest>{{1, 9}, {3, 9}, {0, 5}});
  CHECK(highest(hours, 100).size() == 4);
  CHECK(highest({}, 3).empty());
  hours[4]->covered = 3420;
  CHECK(highest(hours, 1) == std::vector<Highest>{{4, 100}});
}

TEST_CASE("report duration: all hours from the highest to the lowest, or an even choice of them") {
  Amounts hours = row_of({3, 1, 2});
  hours.emplace_back();
  CHECK(duration(hours, 5).curve == std::vector<std::int64_t>{3, 2, 1});
  CHECK(duration(hours, 5).hours == 3);
  std::vector<std::int64_t> values;
  for (std::int64_t n = 0; n < 1001; ++n) values.push_back(n * 5 % 1001);
  const Duration curve = duration(row_of(values), 11);
  CHECK(curve.hours == 1001);
  CHECK(curve.curve ==
        std::vector<std::int64_t>{1000, 900, 800, 700, 600, 500, 400, 300, 200, 100, 0});
  CHECK(duration({}, 5).curve.empty());
}

TEST_CASE("report base load: the median of the lowest hour of each night, by month and of all") {
  const Calendar calendar({utc(2026, 5, 30), utc(2026, 6, 2, 23h)}, oslo);  // 30 May to 3 June
  REQUIRE(calendar.days().size() == 5);
  Amounts hours(calendar.hours(), Amount{1000, 3600});
  const std::vector<std::int64_t> lowest = {200, 240, 310, 290, 300};
  for (std::size_t day = 0; day < 5; ++day) hours[day * 24 + day]->value = lowest[day];
  hours[5]->value = 1;  // 5:00 is day
  const BaseLoad base = base_load(hours, calendar);
  CHECK(base.all == 290);
  CHECK(base.nights == 5);
  REQUIRE(base.months.size() == 2);
  CHECK(base.months[0] == 220);
  CHECK(base.months[1] == 300);
}

TEST_CASE("report base load: a night of which too little is known does not count") {
  const Calendar calendar = june();
  Amounts hours = row_of(std::vector<std::int64_t>(24, 400));
  hours[0].reset();
  hours[1]->covered = 100;
  CHECK(base_load(hours, calendar).all == 400);
  hours[2].reset();
  const BaseLoad none = base_load(hours, calendar);
  CHECK_FALSE(none.all);
  CHECK_FALSE(none.months[0]);
  CHECK(none.nights == 0);
}

TEST_CASE("report base load: in the night in which clocks are moved it is by the clock") {
  const Calendar spring({utc(2026, 3, 28, 23h), utc(2026, 3, 29, 22h)}, oslo);
  Amounts hours(spring.hours(), Amount{1000, 3600});
  hours[4]->value = 5;  // the fifth hour begins at 5:00
  CHECK(base_load(hours, spring).all == 1000);
  const Calendar autumn({utc(2026, 10, 24, 22h), utc(2026, 10, 25, 23h)}, oslo);
  Amounts long_hours(autumn.hours(), Amount{1000, 3600});
  long_hours[5]->value = 7;  // and here at 4:00
  CHECK(base_load(long_hours, autumn).all == 7);
}

TEST_CASE("report typical day: means by the clock over both changes of it") {
  const Calendar calendar({utc(2026, 3, 1), utc(2026, 11, 20)}, oslo);
  const TypicalDay typical = typical_day(clock_row(calendar), calendar);
  for (std::size_t hour = 0; hour < 24; ++hour) {
    CHECK(typical.workdays[hour] == static_cast<std::int64_t>(hour));
    CHECK(typical.weekends[hour] == static_cast<std::int64_t>(hour));
  }
}

TEST_CASE("report typical day: Saturday and Sunday are weekend, unknown hours are no nothing") {
  const Calendar calendar({utc(2026, 6, 5), utc(2026, 6, 8)}, oslo);  // Friday to Monday
  REQUIRE(calendar.days().size() == 4);
  Amounts hours(calendar.hours(), Amount{100, 3600});
  for (std::size_t hour = 24; hour < 48; ++hour) hours[hour]->value = 300;
  hours[0].reset();
  hours[72].reset();
  const TypicalDay typical = typical_day(hours, calendar);
  CHECK_FALSE(typical.workdays[0]);
  CHECK(typical.workdays[1] == 100);
  CHECK(typical.weekends[1] == 200);
}

TEST_CASE("report peaks: of each month its own days, mean and step") {
  const Calendar calendar({utc(2026, 5, 29), utc(2026, 6, 2, 23h)}, oslo);
  Amounts hours(calendar.hours(), Amount{500, 3600});
  const auto set = [&](Instant at, std::int64_t wh, std::int64_t covered = 3600) {
    hours[*calendar.hour_of(at)] = Amount{wh, covered};
  };
  set(utc(2026, 5, 29, 12h), 4000);
  set(utc(2026, 5, 30, 12h), 6000);
  set(utc(2026, 5, 31, 21h), 5000);  // 23:00
  set(utc(2026, 5, 31, 22h), 2100);  // June
  set(utc(2026, 6, 1, 12h), 99'000, 3000);
  PeakMonths peaks({}, oslo);
  peaks.hours(hours, calendar);
  const std::vector<MonthPeaks> months = peaks.take();
  REQUIRE(months.size() == 2);
  CHECK(months[0].month.number == 676);
  REQUIRE(months[0].month.peaks.size() == 3);
  CHECK(months[0].month.peaks[0] == Peaks::Peak{20603, utc(2026, 5, 30, 12h), 6000});
  CHECK(months[0].mean == Decimal{5000, 0});
  CHECK(months[0].step->text() == "5-10 kW");
  CHECK(months[1].month.peaks[0] == Peaks::Peak{20605, utc(2026, 5, 31, 22h), 2100});
  CHECK(months[1].mean == Decimal{10'333, -1});  // 2100, 500, 500
  CHECK(months[1].step->text() == "0-2 kW");
  CHECK(peaks.take().empty());
}

TEST_CASE("report peaks: a month of which no hour is whole has none") {
  const Calendar calendar({utc(2026, 5, 29), utc(2026, 6, 2, 23h)}, oslo);
  Amounts hours(calendar.hours());
  hours[100] = Amount{1000, 3600};
  PeakMonths peaks({}, oslo);
  peaks.hours(hours, calendar);
  const std::vector<MonthPeaks> months = peaks.take();
  REQUIRE(months.size() == 1);
  CHECK(months[0].month.number == 677);
}
