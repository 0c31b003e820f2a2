#pragma once
// An energy register that comes once an hour, made continuous: the last register and the integral
// of the power since. Home Assistant books a change when it arrives, so an hourly register lands in
// the wrong hour, with the wrong price (han.md 8.1 and 9); this one is nearly whole when the hour
// ends. Pure, exact integers, and never falling, over a restart neither.
//
// What is kept has a bound up to which the value may be shown, reserved ahead, so that it is on the
// disk before the value gets there. What was shown before a power cut is newer than the disk, but
// not above the bound: nothing is shown until the value is there again, by integrating or by the
// next register. An orderly end keeps what was shown as the bound.

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "core/decimal.hpp"
#include "core/value.hpp"

namespace gridtap {

class LiveEnergy {
 public:
  using Milliseconds = std::chrono::milliseconds;
  // Between two powers further apart than this the use is unknown; the mean of both ends is
  // held for some of it.
  static constexpr Milliseconds longest_step = std::chrono::seconds{30};
  static constexpr Milliseconds longest_hold = std::chrono::seconds{60};
  // So far above a new register the value cannot be by integrating: it is another meter's.
  static constexpr std::int64_t most_ahead_wh = 10'000;
  // By this much plus this percentage of the span the integral may be above the register.
  static constexpr std::int64_t slack_wh = 20, slack_percent = 2;
  // So far ahead is the bound, in time of the present power, and at least: half of it leaves a disk
  // seconds also with 50 kW.
  static constexpr std::int64_t reserve_minutes = 15, least_reserve_wh = 200;

  // A power in W, at its time. The span since the last one becomes a trapezoid.
  void power(Decimal watts, Mono now);
  // A register in kWh that has just come: the moment that it means is its arrival. What is the
  // same list once more (an old hour) must not be passed in.
  void total(Decimal kilowatt_hours);

  // kWh with three decimals; nothing before the first register, and after a restart nothing until
  // it is sure that no value published before is above it.
  std::optional<Decimal> value() const;

  // What has to survive a restart.
  struct Kept {
    std::int64_t register_wh = 0, shown_wh = 0;
    std::int64_t beyond_mws = 0;  // the integral, in milliwatt-seconds
    std::int64_t power_mw = 0;    // the last one
    // Nothing above it was shown; none: of a version that did not write it.
    std::optional<std::int64_t> bound_wh = {};
    bool is_sound() const;  // no number beyond what a house can have
    friend bool operator==(const Kept&, const Kept&) = default;
  };
  std::optional<Kept> kept() const;
  // Once for each time that it should be on the disk.
  bool take_unkept() { return std::exchange(unkept_, false); }
  // Nothing is shown any more.
  void stop();
  // REQUIRES: kept.is_sound(). `age`: of what was kept, up to a few hours; more may have been said
  // since. With a bound, one that is higher by least_reserve_wh is on the disk. Nothing: it is too
  // old to go on from, and only a mark for what comes with the next register.
  void restore(const Kept& kept, std::optional<Milliseconds> age);

 private:
  struct Point {
    std::int64_t milliwatts;
    Mono at;
  };
  std::int64_t counted_wh() const;
  void lower_floor(std::int64_t register_wh);
  void raise();
  std::int64_t reserve_wh() const;

  std::optional<std::int64_t> register_wh_;
  std::optional<std::int64_t> earlier_wh_;  // a register from before the restart
  std::optional<std::int64_t> shown_wh_;    // never falls
  std::int64_t floor_wh_ = 0;               // below it nothing is said; 0: there is none
  bool floor_is_guess_ = false;             // of a version that kept no bound
  std::int64_t bound_wh_ = 0;               // up to it may be shown; on the disk
  bool unkept_ = false;
  std::int64_t beyond_uws_ = 0;  // integral since the register, in microwatt-seconds
  std::optional<Point> last_;
};

}  // namespace gridtap
