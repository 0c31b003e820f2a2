#pragma once
// A sum that only gridtap counts, and that is never shown lower than before. The state has, beside
// the sum, a bound up to which it may be shown: reserved ahead, so that it is on the disk before
// the sum gets there. After a power cut the sum on the disk may be older than the one last shown,
// but that was not above the bound: nothing is shown until the sum has passed it. What the power
// cut took is not made up for; a guess would be a wrong value. An orderly end writes the sum itself
// as the bound, and nothing is held back.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace gridtap {

class KeptSum {
 public:
  // `reserve`: so far ahead is the bound; half of it is more than the sum rises by while a disk
  // writes.
  explicit KeptSum(std::int64_t reserve) : reserve_(reserve), bound_(reserve) {}

  void add(std::int64_t amount) {
    sum_ += amount;
    if (bound_ - sum_ < reserve_ / 2) move_bound();
  }
  // Nothing while it is held back.
  std::optional<std::int64_t> shown() const {
    return sum_ < floor_ ? std::nullopt : std::optional(sum_);
  }
  // True once for each new bound: the state should be kept.
  bool take_unkept() { return std::exchange(unkept_, false); }
  // Nothing is added any more.
  void stop() { bound_ = std::max(sum_, floor_); }

  std::int64_t sum() const { return sum_; }
  std::int64_t bound() const { return bound_; }
  // REQUIRES: 0 <= sum <= bound. Where no bound is known, it is the sum.
  void restore(std::int64_t sum, std::int64_t bound) {
    sum_ = sum;
    floor_ = bound;
    move_bound();
  }

 private:
  void move_bound() {
    bound_ = std::max(sum_ + reserve_, floor_);
    unkept_ = true;
  }

  std::int64_t reserve_, sum_ = 0, floor_ = 0;
  std::int64_t bound_;
  bool unkept_ = true;
};

}  // namespace gridtap
