#pragma once
// The alarm against a limit of energy per clock hour: what the hour will come to if things go on as
// in the last minutes, what power is still free, and whether the limit is passed or will be. Pure;
// the time comes with each call (han.md 9 and 11).

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/value.hpp"

namespace gridtap {

// The mean of a power over the last minutes, weighted by time: a kettle is no forecast.
class MeanPower {
 public:
  static constexpr std::chrono::milliseconds window = std::chrono::minutes{2};
  static constexpr std::chrono::milliseconds longest_gap = std::chrono::seconds{60};

  // After a gap it begins anew.
  void add(std::int64_t milliwatts, Mono at);
  void forget() { count_ = 0; }
  // mW; nothing before the first power.
  std::optional<std::int64_t> milliwatts() const;

 private:
  static constexpr std::size_t slots = 24;
  static constexpr std::chrono::milliseconds slot = window / slots;
  struct Point {
    Mono at;
    std::int64_t uws;  // the integral up to here
  };
  void rebase();
  const Point& oldest() const {
    return points_[(next_ + points_.size() - count_) % points_.size()];
  }
  const Point& newest() const { return points_[(next_ + points_.size() - 1) % points_.size()]; }

  std::array<Point, slots + 1> points_{};  // a ring; one every `slot`
  std::size_t next_ = 0, count_ = 0;
  Point last_{};
  std::int64_t last_milliwatts_ = 0;
};

class HourAlarm {
 public:
  enum class State : std::uint8_t { off, projected, passed };

  // Per cent by which the projection must fall below the limit before the alarm ends.
  static constexpr std::int64_t hysteresis_percent = 2;
  // So long an alarm is held: an oven that turns itself off and on again is one alarm.
  static constexpr std::chrono::milliseconds least_hold = std::chrono::minutes{5};
  // So long no hour is projected to pass: it has hardly begun.
  static constexpr std::chrono::milliseconds too_early = std::chrono::minutes{2};
  // Near the end of the hour any power would be free.
  static constexpr std::int64_t most_available_w = 100'000;

  struct Hour {
    Instant start;
    std::int64_t mwh;                        // so far
    std::optional<std::int64_t> milliwatts;  // mean of the last minutes
  };
  struct Figures {
    State state;
    std::optional<std::int64_t> projected_wh, available_w;
    bool is_event;  // the alarm of this hour for this cause begins, for the first time
  };

  explicit HourAlarm(std::int64_t limit_wh) : limit_wh_(limit_wh) {}

  std::int64_t limit_wh() const { return limit_wh_; }
  void set_limit(std::int64_t wh) { limit_wh_ = wh; }

  // REQUIRES: `wall` is not before hour.start.
  Figures update(const Hour& hour, Instant wall, Mono now);
  // Not enough was measured of the hour that began at `start`: no alarm but for what had passed.
  Figures unknown(Instant start);

 private:
  State judge(const Hour& hour, std::optional<std::int64_t> projected_mwh, bool is_early,
              Mono now) const;

  std::int64_t limit_wh_;
  std::optional<Instant> start_;  // of the hour that `told_` is about
  std::array<bool, 3> told_{};
  State state_ = State::off;
  Mono since_{};
};

}  // namespace gridtap
