#pragma once
// How long to wait before a line is opened again: the first delay, doubled up to the longest, and
// up to a fifth more, so that many devices behind one switch do not come back in one instant.

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace gridtap {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest, std::uint32_t seed)
      : first_(first), longest_(longest), next_(first), seed_(seed) {}

  std::chrono::milliseconds next() { return next_up_to(longest_); }

  // The same with another longest delay, for a device that turns us away.
  std::chrono::milliseconds next_up_to(std::chrono::milliseconds longest) {
    const std::chrono::milliseconds base = std::min(next_, longest);
    next_ = std::min(2 * base, longest);
    seed_ = seed_ * 1664525u + 1013904223u;  // Numerical Recipes' generator: jitter, no secret
    return base + base * (seed_ >> 24) / 1280;
  }

  void reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_, longest_, next_;
  std::uint32_t seed_;
};

}  // namespace gridtap
