#pragma once
// The quarter-hours of a value that holds until the next one: a power, a temperature, a switch.
// What is not known is not counted: each value comes with the time for which it holds.
// Pure, exact integers.

#include <deque>
#include <optional>

#include "history/slot.hpp"

namespace gridtap::history {

class HeldSlots {
 public:
  // Beyond this a value is not known. Times the seconds of a year it fits into 63 bits.
  static constexpr std::int64_t most_value = 100'000'000'000;
  // The longest time for which a value holds.
  static constexpr Milliseconds longest_hold = std::chrono::hours{2};
  static constexpr std::size_t max_ended = 96 * 2;  // that are not taken; the oldest goes

  // `kind`: mean, or time_on, of ON.
  HeldSlots(SeriesKind kind, int exponent) : kind_(kind), exponent_(exponent) {}

  // From `at` on. A time before that of the last call counts as that: what has ended stays.
  void number(Decimal value, Instant at, Milliseconds hold);
  void position(bool on, Instant at, Milliseconds hold);
  void unknown(Instant at);  // offline, or no value
  void pass(Instant at);     // nothing new until then
  // The same, and the value, where there still is one, holds from then on.
  void prolong(Instant at, Milliseconds hold);
  // The clock was set forward by that much, to that time: nothing was measured in between.
  void move(Instant to, Milliseconds by);

  // What a run before has kept of its newest quarter-hour. What this one has measured in it, if it
  // measures already, is added; what it has of a time before that is left out.
  void resume(const Slot& kept);

  // Those that have ended and of which anything is known, the oldest first; each once.
  std::optional<Slot> take();
  // All that were taken, where they wait before resume().
  void put_back(const std::deque<Slot>& slots);
  // What is known so far of the running one.
  std::optional<Slot> running() const;

 private:
  void hold(std::optional<std::int64_t> value, Instant at, Milliseconds hold);
  void count(Instant until);
  void end_slot();
  void seed(const Slot& kept);
  Slot joined(const Slot& kept, const Slot& more) const;

  SeriesKind kind_;
  int exponent_;
  std::optional<Instant> time_;  // up to which all is counted
  std::optional<std::int64_t> value_;
  Instant holds_until_{};
  // Of the newest quarter-hour of which anything is known: value x milliseconds, and how long it
  // was known.
  std::optional<SlotTime> start_;
  std::int64_t integral_ = 0;
  Milliseconds known_{0};
  std::int64_t low_ = 0, high_ = 0;
  bool is_kept_ = false;  // nothing is known of it but what was kept
  std::deque<Slot> ended_;
};

}  // namespace gridtap::history
