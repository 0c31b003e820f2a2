#pragma once
// When to accept a counter. One telegram with a zero in it makes Home Assistant count the whole
// meter reading again; so a total that falls, becomes zero, or jumps beyond what the connection can
// carry is held back until three telegrams in a row agree (p1.md 8.3).

#include <optional>
#include <string_view>

#include "core/decimal.hpp"
#include "core/value.hpp"

namespace gridtap {

// Twice what 3 x 80 A carry: 0.0306 kWh each second.
inline constexpr Decimal most_per_second{306, -4};

class Total {
 public:
  static constexpr int agreement = 3;  // telegrams in a row

  // Why the value is held back, "fell", "zero" or "jumped"; empty if it is accepted. `most`: the
  // most that may come in a second, in the total's unit; nothing: no test for jumps. Where no time
  // passes between calls there is none either.
  std::string_view judge(Decimal value, Mono now, std::optional<Decimal> most);

  // Another meter: nothing is known of it.
  void forget() { *this = {}; }

 private:
  struct Point {
    Decimal value;
    Mono changed;  // when it was first seen
  };
  static std::string_view doubt(const Point& last, Decimal value, Mono now,
                                std::optional<Decimal> most);

  std::optional<Point> believed_, pending_;
  int agreeing_ = 0;
};

}  // namespace gridtap
