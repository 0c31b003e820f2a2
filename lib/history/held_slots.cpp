#include "history/held_slots.hpp"

#include <algorithm>

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

void HeldSlots::pass(Instant at) {
  if (!time_) time_ = at;
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
  low_ = first ? *value_ : std::min(low_, *value_);
  high_ = first ? *value_ : std::max(high_, *value_);
  const Milliseconds time = until - *time_;
  integral_ += *value_ * time.count();
  known_ += time;
  time_ = until;
}

void HeldSlots::end_slot() {
  if (ended_.size() == max_ended) ended_.pop_front();
  ended_.push_back(*running());
  start_.reset();
  integral_ = 0;
  known_ = Milliseconds{0};
}

std::optional<Slot> HeldSlots::running() const {
  if (!start_) return {};
  const std::int32_t covered = whole_seconds(known_);
  if (kind_ == SeriesKind::time_on)
    return Slot{*start_, rounded_quotient(integral_, 1000), {}, {}, covered};
  return Slot{*start_, rounded_quotient(integral_, known_.count()), low_, high_, covered};
}

std::optional<Slot> HeldSlots::take() {
  if (ended_.empty()) return {};
  const Slot slot = ended_.front();
  ended_.pop_front();
  return slot;
}

}  // namespace gridtap::history
