#pragma once
// The quarter-hours of a register that only grows: energy, gas, water. What it grew by between two
// readings is shared among the quarter-hours between them by time, so that the increases of any
// span add up to the difference of the registers at its ends, exactly. Nothing is lost in a silence
// or a restart, for the register went on counting. Pure, exact integers.

#include <deque>
#include <optional>

#include "history/slot.hpp"

namespace gridtap::history {

class GrowthSlots {
 public:
  // What came in a longer gap is shared among the last of it.
  static constexpr std::chrono::days longest_share{31};
  static constexpr std::size_t max_ended = 32 * 96;  // that are not taken; the oldest goes

  explicit GrowthSlots(int exponent) : exponent_(exponent) {}

  // After a restart: the register at the end of the newest quarter-hour that was kept, in whole
  // numbers. REQUIRES: it is new.
  void resume(std::int64_t units, Instant at) { begin(units, at); }

  // The register as it was read at that time. `watched`: the device was there since the reading
  // before, and the register stood still or grew; else what came meanwhile counts, and is not
  // covered. A register that fell begins anew, and adds nothing. A time before that of the last
  // reading counts as that: what has ended stays.
  void total(Decimal total, Instant at, bool watched);
  // Another register: the next reading has nothing to do with the one before.
  void forget() { register_.reset(); }

  // Those that have ended, the oldest first; each once. Where nothing was known and nothing came,
  // there is none.
  std::optional<Slot> take();
  // What has come so far of the running one.
  std::optional<Slot> running() const;

 private:
  struct Register {
    std::int64_t units;
    Instant at;
  };
  // The quarter-hour that was read in last.
  struct Running {
    SlotTime start;
    std::int64_t low, high;  // the register at its begin, or the first in it, and the newest
    std::int64_t grown = 0;
    Milliseconds watched{0};
    Slot slot() const;
  };

  void begin(std::int64_t units, Instant at);
  void grow(const Register& next, bool watched);
  void pass(Instant time, std::int64_t units, bool watched);
  void next_slot(SlotTime start);

  int exponent_;
  std::optional<Register> register_;
  std::optional<Running> running_;
  std::deque<Slot> ended_;
};

}  // namespace gridtap::history
