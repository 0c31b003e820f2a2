#include "history/report_figures.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace gridtap::history {
namespace {

// Sums of the parts of each span.
Amounts summed(const Amounts& parts, const std::vector<Calendar::Span>& spans) {
  Amounts sums(spans.size());
  for (std::size_t n = 0; n < spans.size(); ++n) {
    for (std::size_t part = spans[n].first; part < spans[n].first + spans[n].count; ++part) {
      if (!parts[part]) continue;
      if (!sums[n]) sums[n] = Amount{};
      sums[n]->value += parts[part]->value;
      sums[n]->covered += parts[part]->covered;
    }
  }
  return sums;
}

std::int64_t value_of(const std::optional<Amount>& amount) { return amount ? amount->value : 0; }

// An hour of more is no house's, and sums of more do not fit.
constexpr std::int64_t most_an_hour = 1'000'000'000'000;

}  // namespace

HourRow::HourRow(const Calendar& calendar, const Zone& zone)
    : calendar_(calendar), sums_(SeriesKind::growth, Step::hour, zone), row_(calendar.hours()) {}

// A register that grows by more or less than what was counted has begun anew.
void HourRow::add(const Slot& slot) {
  if (slot.low && slot.high) {
    const bool is_other = register_ && *register_ != *slot.low;
    if ((is_other || *slot.high - *slot.low != slot.value) && swaps_.size() < most_swaps) {
      swaps_.push_back(slot.start);
    }
  }
  register_ = slot.high;
  place(sums_.add(slot));
}

void HourRow::end() { place(sums_.end()); }

void HourRow::place(const std::optional<Point>& point) {
  if (!point || point->value < 0 || point->value > most_an_hour) return;
  const auto hour = calendar_.hour_of(point->period.begin);
  if (hour) row_[*hour] = Amount{point->value, point->covered};
}

Amounts rescaled(const Amounts& row, int from, int to) {
  if (from == to) return row;
  Amounts out(row.size());
  std::int64_t before = 0, after = 0;
  for (std::size_t n = 0; n < row.size(); ++n) {
    if (!row[n] || before > most_units - row[n]->value) continue;
    const auto total = whole_of({before += row[n]->value, static_cast<std::int8_t>(from)}, to);
    if (!total) continue;
    out[n] = Amount{*total - std::exchange(after, *total), row[n]->covered};
  }
  return out;
}

Amounts by_day(const Amounts& hours, const Calendar& calendar) {
  return summed(hours, calendar.days());
}

Amounts by_month(const Amounts& days, const Calendar& calendar) {
  return summed(days, calendar.months());
}

std::int64_t sum(const Amounts& row) {
  std::int64_t sum = 0;
  for (const auto& amount : row) sum += value_of(amount);
  return sum;
}

Amounts own_use(const Amounts& bought, const Amounts& made, const Amounts& sold) {
  Amounts own(bought.size());
  for (std::size_t n = 0; n < bought.size(); ++n) {
    if (!bought[n] && !made[n]) continue;
    const std::int64_t given = sold.empty() ? 0 : value_of(sold[n]);
    const std::int64_t covered = bought[n] ? bought[n]->covered : 0;
    own[n] = Amount{std::max<std::int64_t>(0, value_of(made[n]) - given), covered};
  }
  return own;
}

Amounts added(const Amounts& first, const Amounts& second) {
  Amounts sums = first;
  for (std::size_t n = 0; n < sums.size() && n < second.size(); ++n) {
    if (sums[n]) sums[n]->value += value_of(second[n]);
  }
  return sums;
}

std::vector<Highest> highest(const Amounts& hours, std::size_t count) {
  std::vector<Highest> found;
  for (std::size_t hour = 0; hour < hours.size(); ++hour) {
    if (is_whole(hours[hour])) found.push_back({hour, hours[hour]->value});
  }
  const auto is_higher = [](const Highest& a, const Highest& b) {
    return a.value != b.value ? a.value > b.value : a.hour < b.hour;
  };
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(count, found.size()));
  std::partial_sort(found.begin(), end, found.end(), is_higher);
  found.erase(end, found.end());
  return found;
}

Duration duration(const Amounts& hours, std::size_t points) {
  std::vector<std::int64_t> values;
  for (const auto& hour : hours) {
    if (is_whole(hour)) values.push_back(hour->value);
  }
  std::sort(values.begin(), values.end(), std::greater<>());
  Duration out{values.size(), {}};
  if (values.size() <= points) return {values.size(), std::move(values)};
  for (std::size_t n = 0; n < points; ++n) {
    out.curve.push_back(values[n * (values.size() - 1) / (points - 1)]);
  }
  return out;
}

// ---- base load, typical day --------------------------------------------------------------------

namespace {

std::optional<std::int64_t> median(std::vector<std::int64_t> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return rounded_quotient(values[half - 1] + values[half], 2);
}

std::optional<std::int64_t> lowest_at_night(const Amounts& hours, const Calendar::Span& day,
                                            const Calendar& calendar) {
  std::size_t known = 0;
  std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t hour = day.first; hour < day.first + day.count; ++hour) {
    if (calendar.clock_at(hour) >= BaseLoad::night_hours * 60) break;
    if (!is_whole(hours[hour])) continue;
    ++known;
    lowest = std::min(lowest, hours[hour]->value);
  }
  return known < BaseLoad::least_hours ? std::nullopt : std::optional(lowest);
}

struct Mean {
  std::int64_t sum = 0, count = 0;
};
using ClockSums = std::array<Mean, 24>;

ClockMeans means_of(const ClockSums& sums) {
  ClockMeans means;
  for (std::size_t n = 0; n < sums.size(); ++n) {
    if (sums[n].count > 0) means[n] = rounded_quotient(sums[n].sum, sums[n].count);
  }
  return means;
}

bool is_weekend(std::int32_t day) {
  const std::chrono::weekday weekday{std::chrono::sys_days{std::chrono::days{day}}};
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

}  // namespace

BaseLoad base_load(const Amounts& hours, const Calendar& calendar) {
  BaseLoad base;
  std::vector<std::int64_t> all;
  for (const Calendar::Span& month : calendar.months()) {
    std::vector<std::int64_t> nights;
    for (std::size_t day = month.first; day < month.first + month.count; ++day) {
      const auto lowest = lowest_at_night(hours, calendar.days()[day], calendar);
      if (lowest) nights.push_back(*lowest);
    }
    all.insert(all.end(), nights.begin(), nights.end());
    base.months.push_back(median(std::move(nights)));
  }
  base.nights = all.size();
  base.all = median(std::move(all));
  return base;
}

TypicalDay typical_day(const Amounts& hours, const Calendar& calendar) {
  ClockSums workdays, weekends;
  for (const Calendar::Span& day : calendar.days()) {
    ClockSums& sums = is_weekend(day.number) ? weekends : workdays;
    for (std::size_t hour = day.first; hour < day.first + day.count; ++hour) {
      if (!is_whole(hours[hour])) continue;
      Mean& mean = sums[static_cast<std::size_t>(calendar.clock_at(hour) / 60)];
      mean.sum += hours[hour]->value;
      ++mean.count;
    }
  }
  return {means_of(workdays), means_of(weekends)};
}

// ---- peaks -------------------------------------------------------------------------------------

void PeakMonths::period(Instant start, std::int64_t wh) {
  if (month_end_ && start >= *month_end_) close();
  if (!running_) {
    running_.emplace(options_, zone_);
    month_end_ = period_of(start, Step::month, zone_).end;
  }
  running_->period(start, wh);
}

void PeakMonths::hours(const Amounts& row, const Calendar& calendar) {
  for (std::size_t hour = 0; hour < row.size(); ++hour) {
    if (is_whole(row[hour])) period(calendar.start_of(hour), row[hour]->value);
  }
}

void PeakMonths::close() {
  if (running_ && running_->month()) {
    months_.push_back({*running_->month(), Peaks::mean(*running_->month()), running_->step()});
  }
  running_.reset();
  month_end_.reset();
}

std::vector<MonthPeaks> PeakMonths::take() {
  close();
  return std::exchange(months_, {});
}

}  // namespace gridtap::history
