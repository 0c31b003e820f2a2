#include "history/day_columns.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "history/series_choice.hpp"

namespace gridtap::history {
namespace {

// Of the rules for hours and days, beside livelier totals.
constexpr std::string_view own_counters[] = {"hour_energy", "today_import", "today_export"};
// How far it is looked ahead for the interval of a file, and whether its registers come often.
constexpr std::chrono::minutes looked_at{10};
constexpr std::size_t least_looked_at = 4, most_looked_at = 700;  // lines
constexpr Milliseconds most_interval = std::chrono::minutes{15};
// After that the interval of a file is known anew where it has changed: most of them have it.
constexpr std::size_t steps_looked_at = 5;

// The middle one of those that are no silences: neither a line that is absent nor one more counts.
std::optional<Milliseconds> usual_of(std::vector<Milliseconds> steps) {
  std::erase_if(steps, [](Milliseconds step) { return step > most_interval; });
  if (steps.empty()) return {};
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

}  // namespace

Milliseconds DayColumns::silence() const {
  return std::max<Milliseconds>(longest_silence, longest_hold * interval_);
}

void DayColumns::begin_file() {
  for (Held& each : held_) each.column = no_column;
  for (Counted& each : counted_) each.column = each.live = no_column;
  is_looking_ = true;
}

bool DayColumns::place(const SeriesHead& head, std::size_t column) {
  const auto put = [&](auto& all, const auto& head_of) {
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const auto& each) { return head_of(each).name == head.name; });
    if (found == all.end()) found = all.emplace(all.end(), head);
    return std::exchange(found->column, column) == no_column;
  };
  if (head.kind != SeriesKind::growth) {
    return put(held_, [](const Held& each) { return each.head; });
  }
  return put(counted_, [](const Counted& each) { return each.counter.head(); });
}

void DayColumns::place_live(const std::string& name, std::size_t column) {
  for (Counted& each : counted_) {
    if (each.counter.head().name == name && each.column != no_column) each.live = column;
  }
}

bool DayColumns::is_used(std::size_t column) const {
  return std::any_of(held_.begin(), held_.end(),
                     [&](const Held& each) { return each.column == column; }) ||
         std::any_of(counted_.begin(), counted_.end(), [&](const Counted& each) {
           return each.column == column || each.live == column;
         });
}

bool DayColumns::is_switch(std::size_t column) const {
  return std::any_of(held_.begin(), held_.end(), [&](const Held& each) {
    return each.column == column && each.head.kind == SeriesKind::time_on;
  });
}

bool DayColumns::has_changed(const DayRow& row) const {
  return std::any_of(counted_.begin(), counted_.end(), [&](const Counted& each) {
    const auto value = row.of(each.column);
    return value && !is_own(each) && each.counter.is_changed(*value);
  });
}

// Registers that change twice in the first minutes come often: the first line has them just read.
void DayColumns::look_ahead() {
  is_looking_ = false;
  int changes = 0;
  std::vector<Milliseconds> steps;
  for (std::size_t n = 1; n < ahead_.size(); ++n) {
    steps.push_back(ahead_[n].at - ahead_[n - 1].at);
    changes += std::any_of(counted_.begin(), counted_.end(), [&](const Counted& each) {
      return !is_own(each) && ahead_[n].of(each.column) != ahead_[n - 1].of(each.column);
    });
  }
  if (const auto usual = usual_of(std::move(steps))) interval_ = *usual;
  steps_.clear();
  if (changes >= 2 && !is_lively_) {
    is_lively_ = true;
    changed_ = ahead_.front().at;
  }
  for (const DayRow& each : std::exchange(ahead_, {})) count(each);
}

void DayColumns::take(const DayRow& row) {
  if (!is_looking_) return count(row);
  ahead_.push_back(row);
  const bool is_enough =
      ahead_.size() >= least_looked_at && row.at - ahead_.front().at >= looked_at;
  if (is_enough || ahead_.size() == most_looked_at) look_ahead();
}

// The configured interval may have changed within a file.
void DayColumns::measure(Instant at) {
  if (!last_) return;
  steps_.push_back(at - *last_);
  if (steps_.size() > steps_looked_at) steps_.erase(steps_.begin());
  if (steps_.size() < steps_looked_at) return;
  if (const auto usual = usual_of(steps_)) interval_ = *usual;
}

void DayColumns::count(const DayRow& row) {
  measure(row.at);
  for (Held& each : held_) {
    const auto value = row.of(each.column);
    if (!value) {
      each.slots.unknown(row.at);
    } else if (each.head.kind == SeriesKind::time_on) {
      each.slots.position(*value != Decimal{}, row.at, longest_hold * interval_);
    } else {
      each.slots.number(*value, row.at, longest_hold * interval_);
    }
    each.take();
  }
  hear_registers(row);
  last_ = row.at;
}

// Those of a device come together: where one has changed all were read.
void DayColumns::hear_registers(const DayRow& row) {
  const bool is_change = has_changed(row);
  const bool is_recent = changed_ && row.at - *changed_ < silence();
  is_lively_ = is_change ? is_recent : is_lively_ && is_recent;
  if (is_change) changed_ = row.at;
  for (Counted& each : counted_) {
    if (const auto live = row.of(each.live)) each.counter.live(*live, row.at);
    const auto value = row.of(each.column);
    const bool is_read = is_change || is_lively_ || is_own(each);
    if (!value) continue;
    std::string odd = each.counter.line(*value, row.at, is_read, silence());
    if (!odd.empty()) notes_.add(row.place, std::move(odd));
  }
}

// The last line holds for an interval.
void DayColumns::finish(Imported& imported) {
  for (Held& each : held_) {
    if (last_) each.slots.pass(*last_ + interval_);
    each.take();
    if (const auto running = each.slots.running()) each.done.push_back(*running);
    if (!each.done.empty()) imported.series.push_back({each.head, std::move(each.done)});
  }
  for (Counted& each : counted_) {
    auto slots = each.counter.finish();
    if (!slots.empty()) imported.series.push_back({each.counter.head(), std::move(slots)});
  }
}

// What this program counts itself changes all the time: it does not tell when registers were read.
bool DayColumns::is_own(const Counted& series) {
  const std::string_view name = series.counter.head().name;
  const std::string_view key = name.substr(name.find('/') + 1);
  return !register_of_live(key).empty() ||
         std::find(std::begin(own_counters), std::end(own_counters), key) != std::end(own_counters);
}

void DayColumns::end_file() {
  if (is_looking_) look_ahead();
}

}  // namespace gridtap::history
