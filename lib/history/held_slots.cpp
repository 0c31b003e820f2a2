#include "history/held_slots.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::history {

void HeldSlots::number(Decimal value, Instant at, Milliseconds hold_for) {
  auto units = whole_of(value, exponent_);
  if (units && (*units > most_value || *units < -most_value)) units.reset();
  hold(units, at, hold_for);
}

void HeldSlots::position(bool on, Instant at, Milliseconds hold_for) {
  hold(on ? 1 : 0, at, hold_for);
}

void HeldSlots::unknown(Instant at) { hold(std::nullopt, at, Milliseconds{0}); }

void HeldSlots::hold(std::optional<std::int64_t> value, Instant at, Milliseconds hold_for) {
  pass(at);
  value_ = value;
  holds_until_ = *time_ + std::clamp(hold_for, Milliseconds{0}, longest_hold);
}

void HeldSlots::prolong(Instant at, Milliseconds hold_for) {
  pass(at);
  if (value_ && *time_ < holds_until_) hold(value_, at, hold_for);
}

void HeldSlots::move(Instant to, Milliseconds by) {
  if (!time_) return;
  pass(to - by);
  const Milliseconds left = holds_until_ - *time_;
  time_ = std::max(*time_, to);
  holds_until_ = *time_ + left;
}

void HeldSlots::pass(Instant at) {
  if (!time_ || at + longest_set_back < *time_) {
    holds_until_ = at;
    time_ = at;
  }
  if (at <= *time_) return;
  const Instant known_until = value_ ? std::clamp(holds_until_, *time_, at) : *time_;
  while (*time_ < known_until) {
    count(std::min<Instant>(known_until, slot_of(*time_) + Quarters{1}));
  }
  time_ = at;
  if (start_ && *start_ < slot_of(at)) end_slot();
}

// Within one quarter-hour.
void HeldSlots::count(Instant until) {
  const SlotTime start = slot_of(*time_);
  if (start_ && *start_ != start) end_slot();
  const bool first = !start_;
  start_ = start;
  is_kept_ = false;
  low_ = first ? *value_ : std::min(low_, *value_);
  high_ = first ? *value_ : std::max(high_, *value_);
  const Milliseconds time = until - *time_;
  integral_ += *value_ * time.count();
  known_ += time;
  time_ = until;
}

void HeldSlots::end_slot() {
  if (!std::exchange(is_kept_, false)) {
    if (ended_.size() == max_ended) ended_.pop_front();
    ended_.push_back(*running());
  }
  start_.reset();
  integral_ = 0;
  known_ = Milliseconds{0};
}

void HeldSlots::resume(const Slot& kept) {
  const bool is_later = time_ && kept.start > slot_of(*time_) + longest_set_back;
  if (kept.covered <= 0 || is_later) return;  // of a clock that was wrong
  std::erase_if(ended_, [&](const Slot& each) { return each.start < kept.start; });
  if (!ended_.empty()) {
    if (ended_.front().start == kept.start) ended_.front() = joined(kept, ended_.front());
    return;
  }
  if (!start_ || *start_ <= kept.start) seed(kept);
}

// What the running one has is added: it is of the same quarter-hour, or none.
void HeldSlots::seed(const Slot& kept) {
  const bool adds = start_ && *start_ == kept.start;
  const bool is_mean = kind_ == SeriesKind::mean;
  if (!adds) known_ = Milliseconds{0}, integral_ = 0;
  low_ = adds && is_mean ? std::min(low_, kept.low.value_or(low_)) : kept.low.value_or(kept.value);
  high_ =
      adds && is_mean ? std::max(high_, kept.high.value_or(high_)) : kept.high.value_or(kept.value);
  start_ = kept.start;
  integral_ += kept.value * (is_mean ? kept.covered : 1) * 1000;
  known_ += std::chrono::seconds(kept.covered);
  is_kept_ = !adds;
  const Instant until = kept.start + std::chrono::seconds(kept.covered);
  time_ = time_ ? std::max(*time_, until) : until;
}

Slot HeldSlots::joined(const Slot& kept, const Slot& more) const {
  HeldSlots both(kind_, exponent_);
  both.seed(kept);
  both.seed(more);
  return *both.running();
}

std::optional<Slot> HeldSlots::running() const {
  if (!start_) return {};
  const std::int32_t covered = std::min(whole_seconds(known_), whole_quarter);
  if (kind_ == SeriesKind::time_on)
    return Slot{*start_, rounded_quotient(integral_, 1000), {}, {}, covered};
  return Slot{*start_, rounded_quotient(integral_, known_.count()), low_, high_, covered};
}

void HeldSlots::put_back(const std::deque<Slot>& slots) {
  ended_.insert(ended_.begin(), slots.begin(), slots.end());
}

std::optional<Slot> HeldSlots::take() {
  if (ended_.empty()) return {};
  const Slot slot = ended_.front();
  ended_.pop_front();
  return slot;
}

}  // namespace gridtap::history
