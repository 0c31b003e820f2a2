#include "core/iso_time.hpp"

namespace gridtap {
namespace {

// Takes `count` digits from the front; -1 where they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t n = 0; n < count; ++n) {
    if (text[n] < '0' || text[n] > '9') return -1;
    value = value * 10 + (text[n] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const int year = take_digits(text, 4);
  const bool first = take(text, '-');
  const int month = take_digits(text, 2);
  const bool second = take(text, '-');
  const int day = take_digits(text, 2);
  if (year < 0 || month < 1 || day < 1 || !first || !second) return {};
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return {};
  return std::chrono::sys_days{date};
}

std::optional<std::chrono::milliseconds> take_clock(std::string_view& text) {
  const int hour = take_digits(text, 2);
  const bool colon = take(text, ':');
  const int minute = take_digits(text, 2);
  int second = 0;
  int milliseconds = 0;
  if (take(text, ':')) second = take_digits(text, 2);
  if (take(text, '.')) milliseconds = take_digits(text, 3);
  if (hour < 0 || hour > 23 || !colon || minute < 0 || minute > 59) return {};
  if (second < 0 || second > 59 || milliseconds < 0) return {};
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
         std::chrono::milliseconds(milliseconds);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return std::chrono::minutes(0);
  const bool negative = take(text, '-');
  if (!negative && !take(text, '+')) return {};
  const int hours = take_digits(text, 2);
  take(text, ':');
  const int minutes = take_digits(text, 2);
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return {};
  const std::chrono::minutes offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return negative ? -offset : offset;
}

}  // namespace

std::optional<std::chrono::local_days> parse_iso_date(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !text.empty()) return {};
  return std::chrono::local_days{date->time_since_epoch()};
}

std::optional<Instant> parse_iso_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !take(text, 'T')) return {};
  const auto clock = take_clock(text);
  if (!clock) return {};
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return {};
  return Instant{*date + *clock - *offset};
}

}  // namespace gridtap
