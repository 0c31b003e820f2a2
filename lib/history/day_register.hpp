#pragma once
// A register as the lines of day files repeat it, which do not say when it was read: a change is a
// reading, and where the registers of its device come often each line is one. One that stands still
// for long was read all the same, an hour ago: what it grows by then came since. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "history/growth_slots.hpp"

namespace gridtap::history {

class DayRegister {
 public:
  // Without a reading for so long it is taken as read with what it was an hour ago: registers that
  // come seldom come each hour.
  static constexpr Milliseconds stands_for = std::chrono::minutes{65};

  explicit DayRegister(SeriesHead head) : head_(std::move(head)), slots_(head_.exponent) {}

  bool is_changed(Decimal value) const { return last_ && *last_ != value; }
  // A line has it. `is_read`: it came just now. After more than `silence` without a line of it what
  // it grew by is not covered. Returns what is odd about it; empty: nothing.
  std::string line(Decimal value, Instant at, bool is_read, Milliseconds silence);
  // A livelier total of the same.
  void live(Decimal total, Instant at) { slots_.live(total, at); }

  const SeriesHead& head() const { return head_; }
  std::vector<Slot> finish();

 private:
  Instant time_of(Instant at) const;
  void count_before_silence();
  void count(Decimal value, Instant at);
  void take();

  static constexpr std::size_t gap_quarters = 32 * 96;  // that are taken at once

  SeriesHead head_;
  GrowthSlots slots_;
  std::vector<Slot> done_;
  std::optional<Decimal> last_, counted_;
  std::string odd_;              // about what was counted in this line
  std::optional<Instant> read_;  // when it was counted last
  Instant seen_{}, since_{};     // the newest line; it stands still since then
  bool is_silent_ = false;       // since it was counted last
};

}  // namespace gridtap::history
