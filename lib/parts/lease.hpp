#pragma once
// How long a good frame keeps a device online: three of its periods. The period is learned from
// when frames came. A frame that is lost doubles one interval, and lists of several kinds come at
// periods of their own: the shorter of two intervals counts.

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/value.hpp"

namespace gridtap {

// A device may miss two frames in a row.
inline constexpr int periods_of_grace = 3;

class Lease {
 public:
  using Time = std::chrono::milliseconds;
  struct Limits {
    Time first;           // until the period is known
    Time shortest;        // for devices with a short one
    Time longest_period;  // after a longer pause the line was away
  };
  explicit Lease(const Limits& limits) : limits_(limits) {}

  // A good frame came. Returns how long the device is online from now on.
  Time renew(Mono now) {
    learn(now);
    return period_ ? std::max(limits_.shortest, periods_of_grace * *period_) : limits_.first;
  }
  // The line closed: the next interval does not count.
  void interrupt() { last_.reset(); }

 private:
  void learn(Mono now) {
    const auto before = std::exchange(last_, now);
    if (!before) return;
    const auto interval = std::chrono::duration_cast<Time>(now - *before);
    if (interval <= Time{0} || interval > limits_.longest_period) return;
    period_ = interval_ ? std::min(interval, *interval_) : interval;
    interval_ = interval;
  }

  Limits limits_;
  std::optional<Mono> last_;
  std::optional<Time> interval_, period_;
};

}  // namespace gridtap
