#pragma once
// The quarter-hours of one series that have ended and are not in the file yet. A file that cannot
// be written costs two days of memory: of a register the increase of what goes is added to what
// stays, which then is not covered.

#include <cstddef>
#include <deque>
#include <vector>

#include "history/slot.hpp"

namespace gridtap::history {

class Unwritten {
 public:
  static constexpr std::size_t max_slots = 2 * 96;  // that could not be written

  explicit Unwritten(SeriesKind kind) : kind_(kind) {}

  // Takes the place of one of the same time.
  void add(const Slot& slot);

  // All of them, to be written; until the answer they stay.
  std::vector<Slot> hand_out();
  void written();                          // what was handed out
  void not_written() { handed_out_ = 0; }  // it is handed out again
  // What is too much while nothing is written, the oldest first. Returns how many went.
  std::size_t trim();

  const std::deque<Slot>& slots() const { return slots_; }
  void clear() { slots_.clear(); }

 private:
  void drop_oldest();

  SeriesKind kind_;
  std::deque<Slot> slots_;
  std::size_t handed_out_ = 0;  // the first of them
};

}  // namespace gridtap::history
