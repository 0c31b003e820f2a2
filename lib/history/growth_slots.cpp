#include "history/growth_slots.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::history {

void GrowthSlots::total(Decimal total, Instant at, bool watched) {
  const auto units = whole_of(total, exponent_);
  if (!units || *units < 0) return;
  count({*units, at}, watched);
  shape_.clear();
}

void GrowthSlots::live(Decimal total, Instant at) {
  const auto units = whole_of(total, exponent_);
  if (units && *units >= 0) shape_.point(*units, at);
}

void GrowthSlots::count(const Register& next, bool watched) {
  if (!first_) first_ = next;
  if (!register_) return begin(next);
  if (next.at + longest_set_back < register_->at) {
    register_->at = next.at;
    next_slot(slot_of(next.at));
  }
  const bool fell = next.units < register_->units;
  const bool is_known = !std::exchange(after_silence_, false) && watched;
  grow({fell ? register_->units : next.units, std::max(next.at, register_->at)}, is_known);
  if (!fell) return;
  register_->units = next.units;
  running_->high = next.units;
  has_begun_ = is_new_ = true;
}

// Another register may have begun the quarter-hour.
void GrowthSlots::begin(const Register& first) {
  const SlotTime start = slot_of(first.at);
  const bool is_back = running_ && first.at + longest_set_back < running_->start;
  if (!running_ || running_->start < start || is_back) next_slot(start);
  if (running_->is_empty()) running_->low = first.units;
  running_->high = first.units;
  register_ = Register{first.units, std::max<Instant>(first.at, running_->start)};
  has_begun_ = is_new_ = true;
}

// Each border of two quarter-hours gets the register that it had by then.
void GrowthSlots::grow(const Register& next, bool watched) {
  const Register before = *register_;
  const Instant from = std::max<Instant>(before.at, next.at - longest_share);
  if (from > before.at) {
    next_slot(slot_of(from));
    register_->at = from;
  }
  while (running_->start < slot_of(next.at)) {
    const Instant border = running_->start + Quarters{1};
    pass(border, before.units + part({next.units - before.units, next.at}, from, border), watched);
    next_slot(slot_of(border));
  }
  pass(next.at, next.units, watched);
}

// What of a growth until then came before `time`. A span of 31 days in milliseconds, times itself,
// fits into 63 bits.
std::int64_t GrowthSlots::part(const Register& growth, Instant from, Instant time) const {
  if (const auto shaped = shape_.part(growth.units, from, growth.at, time)) return *shaped;
  const std::int64_t span = (growth.at - from).count(), part = (time - from).count();
  if (part <= 0) return 0;
  return growth.units / span * part + growth.units % span * part / span;
}

void GrowthSlots::pass(Instant time, std::int64_t units, bool watched) {
  const Milliseconds passed = watched ? time - register_->at : Milliseconds{0};
  is_new_ |= units != register_->units || passed > Milliseconds{0};
  running_->grown += units - register_->units;
  running_->watched += passed;
  running_->high = units;
  register_ = Register{units, time};
}

void GrowthSlots::next_slot(SlotTime start) {
  if (running_ && is_new_ && !running_->is_empty()) end(running_->slot());
  const std::int64_t units = register_ ? register_->units : 0;
  running_ = Running{start, units, units};
  has_begun_ = is_new_ = false;
}

void GrowthSlots::end(const Slot& slot) {
  if (ended_.size() == max_ended) ended_.pop_front();
  ended_.push_back(slot);
}

void GrowthSlots::forget() {
  is_another_ |= !first_;
  register_.reset();
  shape_.clear();
  if (!running_) return;
  running_->high.reset();
  has_begun_ = is_new_ = true;
}

void GrowthSlots::note_silence() {
  if (!register_) return;
  if (!running_->is_empty()) next_slot(running_->start + Quarters{1});
  is_new_ = true;
}

void GrowthSlots::move(Instant to, Milliseconds by) {
  shape_.clear();
  if (!register_) return;
  register_->at = std::clamp(register_->at + by, register_->at, std::max(register_->at, to));
  if (running_->start < slot_of(register_->at)) next_slot(slot_of(register_->at));
}

// ---- after a restart ----------------------------------------------------------------------------

bool GrowthSlots::resume(const Slot& kept, bool watched) {
  if (!kept.low) return true;
  const bool no_more = says_no_more(kept);
  if (no_more) *this = GrowthSlots(exponent_);
  GrowthSlots earlier(exponent_);
  const Milliseconds covered = std::chrono::seconds(kept.covered);
  earlier.running_ = Running{kept.start, *kept.low, kept.high, kept.value, covered};
  if (kept.high) earlier.register_ = Register{*kept.high, kept.start + covered};
  earlier.after_silence_ = earlier.running_->is_empty();
  if (is_another_) earlier.forget();
  if (first_) earlier.count(*first_, watched);
  follow(std::move(earlier));
  return !no_more;
}

bool GrowthSlots::says_no_more(const Slot& kept) const {
  const bool is_same = register_ && register_->units == kept.high && !is_another_;
  return is_same && running_->is_empty() && ended_.empty();
}

// What this one has in or before the newest quarter-hour of the earlier one belongs to that.
void GrowthSlots::follow(GrowthSlots earlier) {
  if (!running_) {
    *this = std::move(earlier);
    return;
  }
  Running& last = *earlier.running_;
  while (!ended_.empty() && ended_.front().start <= last.start) {
    last.add(ended_.front());
    ended_.pop_front();
    earlier.is_new_ = true;
  }
  if (running_->start <= last.start) {
    last.add(running_->slot());
    running_ = last;
    is_new_ |= earlier.is_new_;
    if (register_) register_->at = std::max<Instant>(register_->at, last.start);
  } else {
    earlier.next_slot(running_->start);
  }
  ended_.insert(ended_.begin(), earlier.ended_.begin(), earlier.ended_.end());
  while (ended_.size() > max_ended) ended_.pop_front();
}

void GrowthSlots::Running::add(const Slot& more) {
  grown += more.value;
  high = more.high;
  watched += std::chrono::seconds(more.covered);
}

// ---- what is handed out -------------------------------------------------------------------------

Slot GrowthSlots::Running::slot() const {
  return {start, grown, low, high, std::min(whole_seconds(watched), whole_quarter)};
}

std::optional<Instant> GrowthSlots::read_at() const {
  return register_ ? std::optional(register_->at) : std::nullopt;
}

bool GrowthSlots::is(Decimal total) const {
  return register_ && whole_of(total, exponent_) == register_->units;
}

// The running one may have been handed out before its end.
void GrowthSlots::put_back(const std::deque<Slot>& slots) {
  ended_.insert(ended_.begin(), slots.begin(), slots.end());
  if (ended_.empty() || !running_ || ended_.back().start != running_->start) return;
  ended_.pop_back();
  is_new_ = true;
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

std::optional<Slot> GrowthSlots::take_over(Instant now) {
  const bool is_over = running_ && running_->start + Quarters{1} <= now;
  return is_over || has_begun_ ? take_running() : std::nullopt;
}

std::optional<Slot> GrowthSlots::take_running() {
  if (!is_new_) return {};
  has_begun_ = is_new_ = false;
  return running_->slot();
}

}  // namespace gridtap::history
