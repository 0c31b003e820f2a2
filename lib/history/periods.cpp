#include "history/periods.hpp"

#include <chrono>

namespace gridtap::history {
namespace {

using namespace std::chrono;

using LocalDays = local_days;

// Where clocks are moved at midnight, the day begins with the first moment of its date.
Instant midnight(LocalDays day, const Zone& zone) {
  return zone.resolve(LocalSeconds(day), {}).instant;
}

LocalDays date_of(Instant time, const Zone& zone) {
  return floor<days>(local_time<milliseconds>(time.time_since_epoch() + zone.offset_at(time)));
}

Period between(year_month_day first, year_month_day next, const Zone& zone) {
  return {midnight(LocalDays(first), zone), midnight(LocalDays(next), zone)};
}

Period of_length(milliseconds length, Instant time, minutes offset) {
  const milliseconds local = time.time_since_epoch() + offset;
  const Instant begin = time - (local - floor<milliseconds>(local / length * length));
  return {begin, begin + length};
}

}  // namespace

Period period_of(Instant time, Step step, const Zone& zone) {
  if (step == Step::quarter) return of_length(15min, time, 0min);
  if (step == Step::hour) return of_length(1h, time, zone.offset_at(time));
  const LocalDays date = date_of(time, zone);
  const year_month_day day{date};
  if (step == Step::day) return {midnight(date, zone), midnight(date + days{1}, zone)};
  const year_month month = day.year() / day.month();
  if (step == Step::month) return between(month / 1, (month + months{1}) / 1, zone);
  return between(day.year() / 1 / 1, (day.year() + years{1}) / 1 / 1, zone);
}

std::string dates_of(const Period& period, const Zone& zone) {
  const auto spelt = [&](Instant time) {
    std::string text;
    append(text, Timestamp{time, zone.offset_at(time)});
    return text.substr(0, 10);
  };
  return spelt(period.begin) + " to " + spelt(period.end - 1ms);
}

}  // namespace gridtap::history
