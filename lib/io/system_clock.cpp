#include "io/system_clock.hpp"

#include <asio.hpp>

namespace gridtap::io {
namespace {

using std::chrono::milliseconds;

// No gridtap ran before this year; an earlier clock has not been set.
constexpr Instant first_believable = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};

Instant wall_now() {
  return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

class SystemClock::LoopTimer final : public Timer {
 public:
  LoopTimer(SystemClock& clock, std::function<void()> due)
      : clock_(clock), timer_(clock.loop_.context()), due_(std::move(due)) {}
  ~LoopTimer() override { *era_ = false; }

  void set(Mono when) override {
    if (when == set_for_) return;
    set_for_ = when;
    timer_.cancel();
    if (when == Mono::max()) return;
    const Mono real = clock_.real(when);
    auto arrived = [this, era = era_, when](std::error_code error) {
      // A handler already on its way when the timer was set anew finds another time.
      if (error || !*era || set_for_ != when) return;
      set_for_ = Mono::max();
      const auto due = due_;  // the timer may end while it runs
      due();
    };
    // What is due already needs no timer of the kernel: every telegram is published that way.
    if (real <= std::chrono::steady_clock::now()) {
      asio::post(clock_.loop_.context(), [arrived] { arrived({}); });
      return;
    }
    timer_.expires_at(real);
    timer_.async_wait(arrived);
  }

 private:
  SystemClock& clock_;
  asio::steady_timer timer_;
  std::function<void()> due_;
  Mono set_for_ = Mono::max();
  std::shared_ptr<bool> era_ = std::make_shared<bool>(true);
};

SystemClock::SystemClock(Loop& loop, int speed)
    : loop_(loop),
      speed_(speed),
      origin_(std::chrono::steady_clock::now()),
      wall_origin_(wall_now()) {}

Now SystemClock::now() const {
  const Mono real_now = std::chrono::steady_clock::now();
  if (speed_ == 1) {
    const Instant wall = wall_now();
    return {real_now, wall < first_believable ? std::nullopt : std::optional(wall)};
  }
  const auto passed = (real_now - origin_) * speed_;
  return {origin_ + passed, wall_origin_ + std::chrono::duration_cast<milliseconds>(passed)};
}

std::unique_ptr<Timer> SystemClock::timer(std::function<void()> due) {
  return std::make_unique<LoopTimer>(*this, std::move(due));
}

Mono SystemClock::real(Mono when) const {
  return speed_ == 1 ? when : origin_ + (when - origin_) / speed_;
}

}  // namespace gridtap::io
