#pragma once
// What a report says of the hours of a house, worked out from rows of amounts: days and months, the
// highest hours, how long the house drew how much, what it draws while all sleep. Pure, exact
// integers; the page only draws it. Where hours are compared, only those count that were measured
// whole.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/report_calendar.hpp"
#include "history/sums.hpp"
#include "rules/peaks.hpp"

namespace gridtap::history {

// Of an hour, a day or a month; nothing in a row where nothing is known.
struct Amount {
  std::int64_t value = 0;
  std::int64_t covered = 0;  // seconds of it that are known
  friend bool operator==(const Amount&, const Amount&) = default;
};
using Amounts = std::vector<std::optional<Amount>>;

// At least 95 % of the hour was measured: so it may count for a tariff, too.
constexpr bool is_whole(const Amount& hour) { return hour.covered * 100 >= 95 * 3600; }
constexpr bool is_whole(const std::optional<Amount>& hour) { return hour && is_whole(*hour); }

// The hours of a register, gathered from its quarter-hours in the order of time, and when it began
// anew: another meter, or one that lost its count.
class HourRow {
 public:
  static constexpr std::size_t most_swaps = 100;

  HourRow(const Calendar& calendar, const Zone& zone);
  void add(const Slot& slot);
  void end();  // of the slots

  const Amounts& row() const { return row_; }
  const std::vector<Instant>& swaps() const { return swaps_; }

 private:
  void place(const std::optional<Point>& point);

  const Calendar& calendar_;
  Sums sums_;
  Amounts row_;
  std::optional<std::int64_t> register_;  // at the end of the slot before
  std::vector<Instant> swaps_;
};

// As whole numbers of 10^`to` instead of 10^`from`: rounded so that the sum of any of them is off
// by at most one. An amount that does not fit is unknown.
Amounts rescaled(const Amounts& row, int from, int to);

Amounts by_day(const Amounts& hours, const Calendar& calendar);
Amounts by_month(const Amounts& days, const Calendar& calendar);
std::int64_t sum(const Amounts& row);

// ---- what a house draws ------------------------------------------------------------------------

// An inverter that sleeps at night has nothing to tell: where it is unknown it made nothing. Of a
// house without a meter of the export all that it makes is its own.
Amounts own_use(const Amounts& bought, const Amounts& made, const Amounts& sold);
Amounts added(const Amounts& first, const Amounts& second);  // known as the first is

struct Highest {
  std::size_t hour;
  std::int64_t value;
  friend bool operator==(const Highest&, const Highest&) = default;
};
// The highest first; of equal ones the earlier.
std::vector<Highest> highest(const Amounts& hours, std::size_t count);

// The hours from the highest to the lowest, at most `points` of them, evenly picked.
struct Duration {
  std::size_t hours = 0;  // that were sorted
  std::vector<std::int64_t> curve;
};
Duration duration(const Amounts& hours, std::size_t points);

// What is drawn while all sleep: of each night the lowest hour from 0:00 to 5:00, of all nights the
// median. A night of which fewer than least_hours are known does not count.
struct BaseLoad {
  static constexpr int night_hours = 5;
  static constexpr std::size_t least_hours = 3;

  std::optional<std::int64_t> all;
  std::vector<std::optional<std::int64_t>> months;  // as those of the calendar
  std::size_t nights = 0;
};
BaseLoad base_load(const Amounts& hours, const Calendar& calendar);

// The mean of each hour of the clock.
using ClockMeans = std::array<std::optional<std::int64_t>, 24>;
struct TypicalDay {
  ClockMeans workdays, weekends;
};
TypicalDay typical_day(const Amounts& hours, const Calendar& calendar);

// ---- the peaks of the months -------------------------------------------------------------------

struct MonthPeaks {
  Peaks::Month month;
  std::optional<Decimal> mean;      // W
  std::optional<Peaks::Step> step;  // of the tariff
};
// Month by month. Hours come from a row; a tariff of quarters takes them as they are.
class PeakMonths {
 public:
  PeakMonths(const Peaks::Options& options, const Zone& zone) : options_(options), zone_(zone) {}
  void period(Instant start, std::int64_t wh);
  // Of a row in Wh.
  void hours(const Amounts& row, const Calendar& calendar);
  // Those that have ended and the last one, which has ended by this.
  std::vector<MonthPeaks> take();

 private:
  void close();

  Peaks::Options options_;
  Zone zone_;
  std::optional<Peaks> running_;
  std::optional<Instant> month_end_;
  std::vector<MonthPeaks> months_;
};

}  // namespace gridtap::history
