#pragma once
// Takes relays off while the hourly alarm of one meter is on, and gives them back. In the order of
// the configuration, one at a time: the next only where what the hour will come to is still above
// the limit when the mean that it is made of has seen the last one go off. Given back in the
// reverse order. Pure: the time is an argument, relays are driven by the caller.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/value.hpp"
#include "rules/hour_alarm.hpp"

namespace gridtap {

class ShedQueue {
 public:
  // What goes off or comes back is in the mean of the last minutes after this time.
  static constexpr std::chrono::milliseconds pace = MeanPower::window;
  // Within its hour a relay comes back where the hour is projected to stay this many per cent below
  // the limit: more than the alarm's own margin, for the relay needs its part.
  static constexpr std::int64_t margin_percent = 10;
  // In a new hour they come back one after the other, so that not all start in one moment.
  static constexpr std::chrono::milliseconds new_hour_pace = std::chrono::seconds{5};

  struct Move {
    std::size_t relay;
    bool shed;  // off, or given back
  };

  // `relays`: by the caller's numbers, the first is the first to go off.
  explicit ShedQueue(const std::vector<std::size_t>& relays);

  // What the meter's rule says; nothing: it does not know.
  void alarm(std::optional<bool> is_on, Now now);
  void projected(std::optional<std::int64_t> wh) { projected_wh_ = wh; }
  void limit(std::optional<std::int64_t> wh) { limit_wh_ = wh; }

  // The next relay to take off or to give back now; asked until there is none. `is_on`: whether
  // the relay of that number is on now.
  std::optional<Move> next(Now now, const std::function<bool(std::size_t)>& is_on);
  Mono next_wake() const;  // Mono::max(): nothing is due
  // The end of the hour of the alarm, where the time of day is known: when relays come back.
  std::optional<Instant> until() const { return until_; }

 private:
  struct Place {
    std::size_t relay;
    bool shed = false, was_on = false;
  };
  std::optional<Move> take_off(Mono now, const std::function<bool(std::size_t)>& is_on);
  std::optional<Move> give_back(Mono now);
  bool is_calm() const;
  bool is_over() const;

  std::vector<Place> places_;
  std::optional<bool> alarm_ = false;
  std::optional<std::int64_t> projected_wh_, limit_wh_;
  Mono asked_{}, hour_ends_ = Mono::max();
  std::optional<Instant> until_;
  std::optional<Mono> moved_;  // the last relay that was on, or is given back
  bool is_new_hour_ = false;
};

}  // namespace gridtap
