#pragma once
// What a register grew by in a gap of weeks or years, shared over all of it: a year has 35,040
// quarter-hours, which are made when they are asked for. Pure, exact integers.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "history/slot.hpp"

namespace gridtap::history {

// Two readings of a register, and what is between them.
struct Growth {
  std::int64_t units = 0, units_after = 0;
  Instant from, to;
  bool watched = false;  // it was there all the time, and is covered

  // What it had by then, by time alone.
  std::int64_t at(Instant time) const;
};

class LongGap {
 public:
  // The quarter-hours from `begin` on and before `end`; `before`: those of the same register that
  // go first.
  LongGap(Growth growth, SlotTime begin, SlotTime end, std::deque<Slot> before);

  std::deque<Slot>& before() { return before_; }
  // The next of them: what goes first, and at most `quarters` more. A quarter-hour in which nothing
  // came is left out.
  std::vector<Slot> take(std::size_t quarters);
  bool is_over() const { return next_ >= end_ && before_.empty(); }
  // All that is left, as one quarter-hour behind what goes first.
  std::deque<Slot> rest() const;

 private:
  Growth growth_;
  SlotTime next_, end_;
  std::deque<Slot> before_;
};

}  // namespace gridtap::history
