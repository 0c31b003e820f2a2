#include "history/sums.hpp"

#include <utility>

namespace gridtap::history {

std::optional<Point> Sums::add(const Slot& slot) {
  if (last_ && slot.start <= *last_) return {};
  const Instant start = slot.start;
  const bool is_over = sum_ && start >= sum_->period.end;
  const std::optional<Point> ended = is_over ? end() : std::nullopt;
  add(slot, sum_ ? sum_->period : period_of(start, step_, zone_));
  return ended;
}

void Sums::add(const Slot& slot, const Period& period) {
  if (last_ && slot.start <= *last_) return;
  last_ = slot.start;
  if (!sum_) sum_ = Point{period};
  take(slot, *sum_);
}

void Sums::take(const Slot& slot, Point& sum) const {
  const bool is_mean = kind_ == SeriesKind::mean;
  sum.covered += slot.covered;
  sum.value += is_mean ? slot.value * slot.covered : slot.value;
  if (!slot.low || !slot.high) return;
  if (!sum.low || (is_mean && *slot.low < *sum.low)) sum.low = slot.low;
  if (!sum.high || !is_mean || *slot.high > *sum.high) sum.high = slot.high;
}

std::optional<Point> Sums::end() {
  auto ended = std::exchange(sum_, std::nullopt);
  last_.reset();
  const bool is_mean = kind_ == SeriesKind::mean;
  if (ended && is_mean && ended->covered > 0) {
    ended->value = rounded_quotient(ended->value, ended->covered);
  }
  return ended;
}

}  // namespace gridtap::history
