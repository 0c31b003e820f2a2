#include "history/long_gap.hpp"

#include <utility>

namespace gridtap::history {

std::int64_t Growth::at(Instant time) const {
  return units + shared(units_after - units, time - from, to - from);
}

LongGap::LongGap(Growth growth, SlotTime begin, SlotTime end, std::deque<Slot> before)
    : growth_(growth), next_(begin), end_(end), before_(std::move(before)) {}

std::vector<Slot> LongGap::take(std::size_t quarters) {
  std::vector<Slot> out(before_.begin(), before_.end());
  before_.clear();
  std::int64_t low = growth_.at(next_);
  for (; quarters > 0 && next_ < end_; --quarters) {
    const SlotTime start = std::exchange(next_, next_ + Quarters{1});
    const std::int64_t high = growth_.at(next_);
    if (high != low || growth_.watched) {
      out.push_back({start, high - low, low, high, growth_.watched ? whole_quarter : 0});
    }
    low = high;
  }
  return out;
}

std::deque<Slot> LongGap::rest() const {
  std::deque<Slot> all = before_;
  const std::int64_t low = growth_.at(next_), high = growth_.at(end_);
  if (next_ < end_ && low != high) all.push_back({end_ - Quarters{1}, high - low, low, high, 0});
  return all;
}

}  // namespace gridtap::history
