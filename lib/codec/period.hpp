#pragma once
// How often a meter speaks, learned from when it did. A frame that is lost doubles one interval,
// and lists of several kinds come at periods of their own: the shorter of two intervals tells.

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/value.hpp"

namespace gridtap {

class Period {
 public:
  using Milliseconds = std::chrono::milliseconds;
  // `longest`: beyond it the line was away.
  explicit Period(Milliseconds longest) : longest_(longest) {}

  // A frame came. Says the period; nothing before the second one.
  std::optional<Milliseconds> learn(Mono now) {
    const auto before = std::exchange(last_, now);
    if (!before) return period_;
    const auto interval = std::chrono::duration_cast<Milliseconds>(now - *before);
    if (interval <= Milliseconds{0} || interval > longest_) return period_;
    period_ = interval_ ? std::min(interval, *interval_) : interval;
    interval_ = interval;
    return period_;
  }
  // The line closed: the next interval says nothing.
  void interrupt() { last_.reset(); }

 private:
  Milliseconds longest_;
  std::optional<Mono> last_;
  std::optional<Milliseconds> interval_, period_;
};

}  // namespace gridtap
