#include "rules/peaks.hpp"

#include <algorithm>
#include <cstdint>

namespace gridtap {
namespace {

constexpr std::int64_t most_watts = 100'000'000'000;
constexpr std::int32_t most_days_since_1970 = 400'000;

using Days = std::chrono::sys_days;

std::int32_t month_of(std::int32_t day) {
  const std::chrono::year_month_day date{Days{std::chrono::days{day}}};
  return (int{date.year()} - 1970) * 12 + static_cast<std::int32_t>(unsigned{date.month()}) - 1;
}

std::string padded(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::int64_t sum_of(const Peaks::Month& month) {
  std::int64_t sum = 0;
  for (const Peaks::Peak& each : month.peaks) sum += each.watts;
  return sum;
}

}  // namespace

std::string date_text(std::int32_t day) {
  const std::chrono::year_month_day date{Days{std::chrono::days{day}}};
  return month_text(month_of(day)) + '-' + padded(unsigned{date.day()});
}

std::string month_text(std::int32_t number) {
  return std::to_string(1970 + number / 12) + '-' + padded(static_cast<unsigned>(number % 12) + 1);
}

void Peaks::period(Instant start, std::int64_t wh) {
  const Instant local = start + zone_.offset_at(start);
  const auto day = static_cast<std::int32_t>(
      std::chrono::floor<std::chrono::days>(local).time_since_epoch().count());
  if (day < 0 || day > most_days_since_1970) return;
  turn(month_of(day));
  insert({day, start, wh * options_.periods_an_hour});
}

void Peaks::turn(std::int32_t number) {
  if (month_ && month_->number == number) return;
  const bool is_back = month_ && number < month_->number;
  if (is_back && last_ && last_->number == number) {
    month_ = std::move(last_);
    last_.reset();
    return;
  }
  last_ = is_back ? std::nullopt : std::move(month_);
  month_ = Month{number, {}};
}

// Of two equal days, or hours of one day, the earlier one counts.
void Peaks::insert(const Peak& peak) {
  std::vector<Peak>& peaks = month_->peaks;
  const auto same = std::find_if(peaks.begin(), peaks.end(),
                                 [&](const Peak& each) { return each.day == peak.day; });
  if (same != peaks.end()) {
    if (same->watts >= peak.watts) return;
    peaks.erase(same);
  }
  const auto lower = std::find_if(peaks.begin(), peaks.end(),
                                  [&](const Peak& each) { return each.watts < peak.watts; });
  peaks.insert(lower, peak);
  if (peaks.size() > options_.days) peaks.pop_back();
}

std::optional<Decimal> Peaks::mean(const Month& month) {
  if (month.peaks.empty()) return {};
  const auto count = static_cast<std::int64_t>(month.peaks.size());
  const std::int64_t tenths = (sum_of(month) * 20 + count) / (2 * count);
  return Decimal{tenths, -1};
}

std::optional<Peaks::Step> Peaks::step() const {
  if (!month_ || month_->peaks.empty()) return {};
  const auto count = static_cast<std::int64_t>(month_->peaks.size());
  const std::int64_t sum = sum_of(*month_);
  const std::vector<std::int64_t>& borders = options_.steps_kw;
  const auto above = std::find_if(borders.begin(), borders.end(),
                                  [&](std::int64_t border) { return border * 1000 * count > sum; });
  if (above == borders.begin()) return {};
  Step step{static_cast<std::size_t>(above - borders.begin()), *(above - 1), {}, {}};
  if (above != borders.end()) {
    step.to_kw = *above;
    step.left_w = (*above * 1000 * count - sum + count - 1) / count;
  }
  return step;
}

std::string Peaks::Step::text() const {
  const std::string from = std::to_string(from_kw);
  return to_kw ? from + '-' + std::to_string(*to_kw) + " kW" : from + "+ kW";
}

// ---- restart ------------------------------------------------------------------------------------

namespace {

void keep_month(RecordWriter& record, const std::string& name,
                const std::optional<Peaks::Month>& month) {
  if (!month) return;
  record.add(name, month->number);
  for (const Peaks::Peak& each : month->peaks) {
    record.add(name + ".peak", each.day, each.start.time_since_epoch().count(), each.watts);
  }
}

std::optional<Peaks::Peak> peak_of(const RecordRow& row) {
  const auto day = row.number<std::int32_t>(0);
  const auto start = row.number<std::int64_t>(1), watts = row.number<std::int64_t>(2);
  if (!day || !start || !watts) return {};
  const bool is_sound = *day >= 0 && *day <= most_days_since_1970 && *watts >= 0 &&
                        *watts <= most_watts && *start >= 0;
  if (!is_sound) return {};
  return Peaks::Peak{*day, Instant(std::chrono::milliseconds(*start)), *watts};
}

// Nothing where a peak is of another month: the record is of something else.
std::optional<Peaks::Month> month_from(const Record& record, const std::string& name) {
  const auto number = record.number<std::int32_t>(name);
  if (!number || *number < 0) return {};
  Peaks::Month month{*number, {}};
  for (const RecordRow& row : record.rows()) {
    if (row.name != name + ".peak") continue;
    const auto peak = peak_of(row);
    if (!peak || month_of(peak->day) != *number) return {};
    month.peaks.push_back(*peak);
  }
  return month;
}

}  // namespace

void Peaks::keep(RecordWriter& record) const {
  keep_month(record, "month", month_);
  keep_month(record, "last_month", last_);
}

// By insert(): the settings may want fewer days than before, and rows have any order.
void Peaks::restore(const Record& record) {
  const auto taken = [&](const std::string& name) -> std::optional<Month> {
    const auto found = month_from(record, name);
    if (!found) return {};
    month_ = Month{found->number, {}};
    for (const Peak& each : found->peaks) insert(each);
    return month_;
  };
  const auto last = taken("last_month");
  month_ = taken("month");
  last_ = month_ && last && last->number < month_->number ? last : std::nullopt;
}

}  // namespace gridtap
