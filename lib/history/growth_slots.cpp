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
  const auto longest = gap_ ? longest_at_once : longest_share;
  if (next.at - longest > register_->at) {
    next_slot(slot_of(next.at - longest));
    register_->at = next.at - longest;
  }
  if (next.at - register_->at > longest_at_once) share_later(next, watched);
  const Register before = *register_;
  const Instant from = before.at;
  while (running_->start < slot_of(next.at)) {
    const Instant border = running_->start + Quarters{1};
    pass(border, before.units + part({next.units - before.units, next.at}, from, border), watched);
    next_slot(slot_of(border));
  }
  pass(next.at, next.units, watched);
}

// All but its first and its last quarter-hour is made later.
void GrowthSlots::share_later(const Register& next, bool watched) {
  const Growth growth{register_->units, next.units, register_->at, next.at, watched};
  shape_.clear();
  const Instant border = running_->start + Quarters{1};
  pass(border, growth.at(border), watched);
  next_slot(slot_of(border));
  const SlotTime last = slot_of(next.at);
  if (growth.units != growth.units_after || watched) {
    gap_.emplace(growth, running_->start, last, std::exchange(ended_, {}));
  }
  register_ = Register{growth.at(last), last};
  next_slot(last);
}

// What of a growth until then came before `time`.
std::int64_t GrowthSlots::part(const Register& growth, Instant from, Instant time) const {
  if (const auto shaped = shape_.part(growth.units, from, growth.at, time)) return *shaped;
  return time > from ? shared(growth.units, time - from, growth.at - from) : 0;
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
  ended_.push_back(slot);
  if (ended_.size() <= max_ended) return;
  const Slot oldest = ended_.front();
  ended_.pop_front();
  Slot& next = ended_.front();
  next = {next.start, next.value + oldest.value, oldest.low, next.high, 0};
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
  earlier.after_silence_ = kept.covered == 0;  // the silence may have been longer than it
  if (is_another_) earlier.forget();
  if (first_) earlier.count(*first_, watched);
  follow(std::move(earlier));
  return !no_more;
}

bool GrowthSlots::says_no_more(const Slot& kept) const {
  const bool is_same = register_ && register_->units == kept.high && !is_another_;
  return is_same && running_->is_empty() && ended_.empty() && !gap_;
}

// What this one has in or before the newest quarter-hour of the earlier one belongs to that.
void GrowthSlots::follow(GrowthSlots earlier) {
  if (!running_) {
    *this = std::move(earlier);
    return;
  }
  Running& last = *earlier.running_;
  std::deque<Slot>& oldest = gap_ ? gap_->before() : ended_;
  while (!oldest.empty() && oldest.front().start <= last.start) {
    last.add(oldest.front());
    oldest.pop_front();
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
  if (gap_) earlier.end_gap();
  oldest.insert(oldest.begin(), earlier.ended_.begin(), earlier.ended_.end());
  while (ended_.size() > max_ended) ended_.pop_front();
  if (earlier.gap_) gap_ = std::move(earlier.gap_);
}

// Two of them are more than are shared: of the first one the end gets all.
void GrowthSlots::end_gap() {
  if (!gap_) return;
  const std::deque<Slot> rest = gap_->rest();
  gap_.reset();
  ended_.insert(ended_.begin(), rest.begin(), rest.end());
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
  if (gap_) {
    gap_->before().insert(gap_->before().begin(), slots.begin(), slots.end());
    return;
  }
  ended_.insert(ended_.begin(), slots.begin(), slots.end());
  if (ended_.empty() || !running_ || ended_.back().start != running_->start) return;
  ended_.pop_back();
  is_new_ = true;
}

std::vector<Slot> GrowthSlots::take_gap(std::size_t quarters) {
  if (!gap_) return {};
  std::vector<Slot> slots = gap_->take(quarters);
  if (gap_->is_over()) gap_.reset();
  return slots;
}

std::optional<Slot> GrowthSlots::take() {
  if (ended_.empty() || gap_) return {};
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
  if (!is_new_ || gap_) return {};
  has_begun_ = is_new_ = false;
  return running_->slot();
}

}  // namespace gridtap::history
