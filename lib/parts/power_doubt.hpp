#pragma once
// A power that nothing before explains: above what a house carries, and above three times the
// largest so far. One alone is a damaged number; the next one of the same kind that is alike makes
// it a plant. The powers of the first message count as they are: there is nothing to compare them
// with.

#include <cstddef>
#include <cstdint>
#include <forward_list>

#include "core/decimal.hpp"

namespace gridtap {

class PowerDoubt {
 public:
  static constexpr std::int64_t usual_watts = 55'000;  // 3 x 80 A

  // A message begins.
  void begin() { compares_ = largest_ >= 0; }
  // Whether this power, W, waits for the next one of that kind. It counts with its size.
  bool waits(std::size_t kind, Decimal watts) {
    // Nearly all are no larger than one before; decimals make a number smaller than its digits.
    const bool usual = watts.exponent <= 0 && watts.digits <= largest_ && watts.digits >= -largest_;
    return (!usual || !waiting_.empty()) && judge(kind, watts);
  }

 private:
  bool judge(std::size_t kind, Decimal watts);
  struct Waiting {
    std::size_t kind;
    std::int64_t watts;
  };
  bool confirms(std::size_t kind, std::int64_t watts);

  bool compares_ = false;
  std::int64_t largest_ = -1;
  std::forward_list<Waiting> waiting_;  // hardly ever any
};

}  // namespace gridtap
