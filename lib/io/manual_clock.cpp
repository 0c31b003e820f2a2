#include "io/manual_clock.hpp"

#include <algorithm>

namespace gridtap::io {

class ManualClock::ManualTimer final : public Timer {
 public:
  ManualTimer(ManualClock& clock, std::function<void()> call)
      : clock_(clock), call_(std::move(call)) {
    clock_.timers_.push_back(this);
  }
  ~ManualTimer() override { std::erase(clock_.timers_, this); }
  void set(Mono when) override { due = when; }

  void fire() {
    due = Mono::max();
    const auto call = call_;  // the timer may end while it runs
    call();
  }

  Mono due = Mono::max();

 private:
  ManualClock& clock_;
  std::function<void()> call_;
};

// An hour after the epoch of the steady clock: a moment before now can be named, too.
ManualClock::ManualClock(std::optional<Instant> wall)
    : now_{Mono{} + std::chrono::hours(1), wall} {}

std::unique_ptr<Timer> ManualClock::timer(std::function<void()> due) {
  return std::make_unique<ManualTimer>(*this, std::move(due));
}

void ManualClock::advance_to(Mono when) {
  while (ManualTimer* timer = next_due(when)) {
    step_to(timer->due);
    timer->fire();
  }
  step_to(when);
}

ManualClock::ManualTimer* ManualClock::next_due(Mono until) const {
  ManualTimer* next = nullptr;
  for (ManualTimer* timer : timers_) {
    if (timer->due <= until && (next == nullptr || timer->due < next->due)) next = timer;
  }
  return next;
}

void ManualClock::step_to(Mono when) {
  if (when <= now_.mono) return;
  if (now_.wall) {
    *now_.wall += std::chrono::duration_cast<std::chrono::milliseconds>(when - now_.mono);
  }
  now_.mono = when;
}

}  // namespace gridtap::io
