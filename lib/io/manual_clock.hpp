#pragma once
// A clock that is turned by hand: of a timed decode, which lives in its input's time, and of the
// tests, which live in none. Timers fire in the order of their due times while it is turned.

#include <memory>
#include <vector>

#include "core/ports.hpp"

namespace gridtap::io {

class ManualClock final : public Clock {
 public:
  // Starts at some moment; `wall` is the time of day there, if it has one.
  explicit ManualClock(std::optional<Instant> wall = {});

  Now now() const override { return now_; }
  std::unique_ptr<Timer> timer(std::function<void()> due) override;

  // Turns on to that moment (never back), firing what falls due on the way.
  void advance_to(Mono when);
  void advance(std::chrono::milliseconds by) { advance_to(now_.mono + by); }

 private:
  class ManualTimer;
  void step_to(Mono when);
  ManualTimer* next_due(Mono until) const;

  Now now_;
  std::vector<ManualTimer*> timers_;
};

}  // namespace gridtap::io
