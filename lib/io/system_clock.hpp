#pragma once
// The machine's clock and timers on the loop. Intervals come from the steady clock; the time of day
// is missing while the machine plainly does not know it (a Raspberry Pi before its first NTP
// answer).

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class SystemClock final : public Clock {
 public:
  // With `speed` N both times run N times faster from now on: for simulators.
  explicit SystemClock(Loop& loop, int speed = 1);

  Now now() const override;
  std::unique_ptr<Timer> timer(std::function<void()> due) override;

 private:
  class LoopTimer;
  Mono real(Mono when) const;

  Loop& loop_;
  int speed_;
  Mono origin_;
  Instant wall_origin_;
};

}  // namespace gridtap::io
