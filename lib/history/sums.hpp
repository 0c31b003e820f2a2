#pragma once
// What a chart or a table shows of a series: its quarter-hours, put together by hour, day, month or
// year. They are read from the first to the last and never held together, so ten years of them cost
// no memory.

#include <optional>

#include "history/periods.hpp"
#include "history/slot.hpp"

namespace gridtap::history {

// As Slot, of a longer time: a mean of what was covered, an increase, or seconds ON. Of an increase
// `low` and `high` are the registers at the begin of the first and at the end of the last one.
struct Point {
  Period period;
  std::int64_t value = 0;
  std::optional<std::int64_t> low = {}, high = {};
  std::int64_t covered = 0;  // seconds
  friend bool operator==(const Point&, const Point&) = default;
};

class Sums {
 public:
  Sums(SeriesKind kind, Step step, const Zone& zone) : kind_(kind), step_(step), zone_(zone) {}

  // The next one in time. Returns the period that has ended by it. One that is not later than the
  // last is left out.
  std::optional<Point> add(const Slot& slot);
  // The same where the caller knows the period that it is in, and calls end() after each.
  void add(const Slot& slot, const Period& period);
  // The period that was not over yet; a new series may begin.
  std::optional<Point> end();

 private:
  void take(const Slot& slot, Point& sum) const;

  SeriesKind kind_;
  Step step_;
  Zone zone_;
  std::optional<SlotTime> last_;
  std::optional<Point> sum_;  // the value of a mean is its sum, weighted by seconds
};

}  // namespace gridtap::history
