#pragma once
// The energy that powers add up to, and how much of the time they cover: against it a step of a
// register is judged. Of any number of spans at once: each begins with a mark, so that registers
// that change at different times share one integral.

#include <chrono>

#include "core/decimal.hpp"
#include "core/value.hpp"

namespace gridtap {

// From a mark until now.
struct PowerSpan {
  double watt_hours = 0;
  std::chrono::milliseconds covered{}, passed{};

  // Whether powers cover that much of it. A span in which no time passed is not covered.
  bool is_covered(int percent = 95) const {
    return passed.count() > 0 && covered * 100 >= passed * percent;
  }
};

class PowerIntegral {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds usual_gap = std::chrono::seconds{30};

  // `longest_gap`: between two powers further apart than this nothing is known, and nothing counts.
  explicit PowerIntegral(Milliseconds longest_gap = usual_gap) : longest_gap_(longest_gap) {}

  // A power in W, which counts with its sign. Its mean with the one before holds between them.
  void power(Decimal watts, Mono now);

  struct Mark {
    double watt_hours = 0;
    Milliseconds covered{};
    Mono at{};
  };
  // The begin of a span. The newest power holds until `now`, so it does not matter whether a list
  // has its power before or behind its registers.
  Mark mark(Mono now) const;
  PowerSpan since(const Mark& mark, Mono now) const;

 private:
  Milliseconds longest_gap_;
  bool begun_ = false;
  double watts_ = 0;  // the newest
  Mono at_{};
  double watt_hours_ = 0;
  Milliseconds covered_{};
};

}  // namespace gridtap
