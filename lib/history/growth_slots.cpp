#include "history/growth_slots.hpp"

#include <algorithm>

namespace gridtap::history {

void GrowthSlots::total(Decimal total, Instant at, bool watched) {
  const auto units = whole_of(total, exponent_);
  if (!units || *units < 0) return;
  if (!register_) return begin(*units, at);
  const bool fell = *units < register_->units;
  grow({fell ? register_->units : *units, std::max(at, register_->at)}, watched);
  register_->units = running_->high = *units;
}

// Another register may have begun the quarter-hour.
void GrowthSlots::begin(std::int64_t units, Instant at) {
  if (!running_ || running_->start < slot_of(at)) next_slot(slot_of(at));
  if (running_->grown == 0 && running_->watched == Milliseconds{0}) running_->low = units;
  running_->high = units;
  register_ = Register{units, std::max<Instant>(at, running_->start)};
}

// Each border of two quarter-hours gets the register that it had by then. A span of 31 days in
// milliseconds, times itself, fits into 63 bits.
void GrowthSlots::grow(const Register& next, bool watched) {
  const std::int64_t begin = register_->units, growth = next.units - begin;
  const Instant from = std::max<Instant>(register_->at, next.at - longest_share);
  const std::int64_t span = (next.at - from).count();
  if (from > register_->at) {
    next_slot(slot_of(from));
    register_->at = from;
  }
  while (running_->start < slot_of(next.at)) {
    const Instant border = running_->start + Quarters{1};
    const std::int64_t part = (border - from).count();
    pass(border, begin + growth / span * part + growth % span * part / span, watched);
    next_slot(slot_of(border));
  }
  pass(next.at, next.units, watched);
}

void GrowthSlots::pass(Instant time, std::int64_t units, bool watched) {
  running_->grown += units - register_->units;
  if (watched) running_->watched += time - register_->at;
  running_->high = units;
  register_ = Register{units, time};
}

void GrowthSlots::next_slot(SlotTime start) {
  if (running_ && (running_->grown != 0 || running_->watched > Milliseconds{0})) {
    if (ended_.size() == max_ended) ended_.pop_front();
    ended_.push_back(running_->slot());
  }
  const std::int64_t units = register_ ? register_->units : 0;
  running_ = Running{start, units, units};
}

Slot GrowthSlots::Running::slot() const {
  return {start, grown, low, high, whole_seconds(watched)};
}

std::optional<Slot> GrowthSlots::take() {
  if (ended_.empty()) return {};
  const Slot slot = ended_.front();
  ended_.pop_front();
  return slot;
}

std::optional<Slot> GrowthSlots::running() const {
  return running_ ? std::optional(running_->slot()) : std::nullopt;
}

}  // namespace gridtap::history
