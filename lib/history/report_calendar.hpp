#pragma once
// The days, months and hours of a report, counted from 0: what is drawn of a house is a row of
// amounts, one for each. A day has 23 to 25 of the hours, as the clocks of the house have it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/value.hpp"
#include "core/zone.hpp"
#include "history/periods.hpp"

namespace gridtap::history {

class Calendar {
 public:
  static constexpr std::size_t most_days = 20 * 366;  // of a report

  // Of a day the first of its hours, and how many; of a month the first of its days.
  struct Span {
    std::int32_t number;  // local, in days or months since 1970
    std::size_t first, count;
    friend bool operator==(const Span&, const Span&) = default;
  };

  // The whole days of the zone that the time is in; of more than most_days the last ones.
  Calendar(const Period& time, const Zone& zone);

  const std::vector<Span>& days() const { return days_; }
  const std::vector<Span>& months() const { return months_; }
  std::size_t hours() const { return hours_; }

  std::optional<std::size_t> hour_of(Instant time) const;
  std::size_t day_of(std::size_t hour) const;  // REQUIRES: hour < hours()
  Instant start_of(std::size_t hour) const;    // REQUIRES: hour < hours()
  // What a clock shows when it begins, in minutes since midnight. REQUIRES: hour < hours()
  int clock_at(std::size_t hour) const { return clock_at(start_of(hour)); }
  int clock_at(Instant time) const;
  std::int32_t date_of(Instant time) const;  // local, in days since 1970

 private:
  void add_day(const Period& day);

  Zone zone_;
  std::vector<Span> days_, months_;
  std::vector<Instant> begins_;  // of the days
  Instant end_{};
  std::size_t hours_ = 0;
};

}  // namespace gridtap::history
