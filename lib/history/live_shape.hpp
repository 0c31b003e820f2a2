#pragma once
// How a total that comes often grew between two readings of the register that it stands for, which
// comes seldom: the register says how much, this says when. Kept as one point a quarter-hour.

#include <cstdint>
#include <optional>
#include <vector>

#include "history/slot.hpp"

namespace gridtap::history {

class LiveShape {
 public:
  // A longer gap leaves what came in it without a shape.
  static constexpr Milliseconds longest_gap = std::chrono::minutes{10};
  // So far from the readings of the register it may begin and end.
  static constexpr Milliseconds slack = std::chrono::minutes{2};
  static constexpr std::size_t max_points = 2 * 96;

  // The total as it came at that time, in whole numbers. One that falls, or comes before the last,
  // begins anew.
  void point(std::int64_t units, Instant at);
  void clear() { points_.clear(); }

  // What of a growth between those two times came before `time`; nothing where that is not known.
  std::optional<std::int64_t> part(std::int64_t growth, Instant begin, Instant end,
                                   Instant time) const;

 private:
  struct Point {
    std::int64_t units;
    Instant at;
  };
  static std::int64_t between(const Point& a, const Point& b, Instant time);
  std::int64_t at(Instant time) const;

  std::vector<Point> points_;  // the first, borders of quarter-hours, the newest
};

}  // namespace gridtap::history
