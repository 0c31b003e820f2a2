#include "history/day_register.hpp"

#include <algorithm>
#include <utility>

#include "history/register_jump.hpp"
#include "rules/hour_meter.hpp"

namespace gridtap::history {

using std::chrono::hours;

std::string DayRegister::line(Decimal value, Instant at, bool is_read, Milliseconds silence) {
  if (!last_) since_ = at;
  if (last_ && at - seen_ > silence) {
    count_before_silence();
    is_silent_ = true;
    since_ = at;
  }
  if (is_read) {
    if (last_ && !read_ && at - since_ <= stands_for) {
      count(*last_, since_);
      is_silent_ = true;  // it may have stood there for long before
    }
    const Instant time = time_of(at);
    if (last_ && time - since_ > stands_for) count(*last_, time - hours{1});
    count(value, time);
  } else if (at - since_ >= 2 * stands_for) {
    count(value, at - stands_for);
  }
  last_ = value;
  seen_ = at;
  return std::exchange(odd_, {});
}

// What was never read, or stood still for long, was read an hour ago: what it grows by in a silence
// came after that.
void DayRegister::count_before_silence() {
  if (!read_ || seen_ - since_ > stands_for) count(*last_, std::max(since_, seen_ - hours{1}));
}

// One that comes soon after the full hour and comes seldom is that of the full hour.
Instant DayRegister::time_of(Instant at) const {
  const Instant hour = std::chrono::floor<hours>(at);
  const bool is_of_hour = read_ && !is_silent_ && hour - *read_ >= HourMeter::seldom &&
                          at - hour <= HourMeter::register_delay;
  return is_of_hour ? hour : at;
}

void DayRegister::count(Decimal value, Instant at) {
  if (counted_ && is_other_meter(head_, *counted_, value, at - *read_)) {
    odd_ = other_meter_note(head_, *counted_, value);
    slots_.forget();
  }
  slots_.total(value, at, !std::exchange(is_silent_, false));
  counted_ = value;
  read_ = since_ = at;
  take();
}

void DayRegister::take() {
  while (slots_.has_gap()) {
    for (const Slot& each : slots_.take_gap(gap_quarters)) done_.push_back(each);
  }
  while (const auto slot = slots_.take()) done_.push_back(*slot);
}

std::vector<Slot> DayRegister::finish() {
  const auto running = slots_.running();
  if (running && (running->covered > 0 || running->value != 0)) done_.push_back(*running);
  return std::move(done_);
}

}  // namespace gridtap::history
