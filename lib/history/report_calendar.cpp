#include "history/report_calendar.hpp"

#include <algorithm>
#include <chrono>

namespace gridtap::history {
namespace {

using namespace std::chrono;

std::int32_t day_number(Instant time, const Zone& zone) {
  const Instant local = time + zone.offset_at(time);
  return static_cast<std::int32_t>(floor<days>(local).time_since_epoch().count());
}

std::int32_t month_number(std::int32_t day) {
  const year_month_day date{sys_days{days{day}}};
  return (int{date.year()} - 1970) * 12 + static_cast<std::int32_t>(unsigned{date.month()}) - 1;
}

}  // namespace

Calendar::Calendar(const Period& time, const Zone& zone) : zone_(zone), end_(time.begin) {
  const Instant earliest = time.end - std::chrono::days{most_days - 1};
  for (Instant at = std::max(time.begin, earliest); at < time.end; at = end_) {
    add_day(period_of(at, Step::day, zone));
  }
}

void Calendar::add_day(const Period& day) {
  const std::int32_t number = day_number(day.begin, zone_), month = month_number(number);
  if (months_.empty() || months_.back().number != month) {
    months_.push_back({month, days_.size(), 0});
  }
  ++months_.back().count;
  const auto count =
      static_cast<std::size_t>(ceil<std::chrono::hours>(day.end - day.begin).count());
  days_.push_back({number, hours_, count});
  begins_.push_back(day.begin);
  end_ = day.end;
  hours_ += count;
}

std::optional<std::size_t> Calendar::hour_of(Instant time) const {
  if (days_.empty() || time < begins_.front() || time >= end_) return {};
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), time);
  const auto day = static_cast<std::size_t>(after - begins_.begin()) - 1;
  return days_[day].first + static_cast<std::size_t>((time - begins_[day]) / 1h);
}

std::size_t Calendar::day_of(std::size_t hour) const {
  const auto after =
      std::upper_bound(days_.begin(), days_.end(), hour,
                       [](std::size_t each, const Span& day) { return each < day.first; });
  return static_cast<std::size_t>(after - days_.begin()) - 1;
}

Instant Calendar::start_of(std::size_t hour) const {
  const std::size_t day = day_of(hour);
  return begins_[day] + std::chrono::hours{static_cast<int>(hour - days_[day].first)};
}

std::int32_t Calendar::date_of(Instant time) const { return day_number(time, zone_); }

int Calendar::clock_at(Instant time) const {
  const Instant local = time + zone_.offset_at(time);
  return static_cast<int>(floor<minutes>(local - floor<std::chrono::days>(local)).count());
}

}  // namespace gridtap::history
