#pragma once
// Memory for the length of one call: lists that are over with the telegram in hand. It is on the
// stack, so all devices of a loop use the same bytes one after the other, and a device that waits
// for its next telegram holds none of them. What does not fit goes to the heap until the call ends.

#include <array>
#include <cstddef>
#include <memory_resource>

namespace gridtap {

class Scratch {
 public:
  static constexpr std::size_t bytes = 8192;

  Scratch() : pool_(room_.data(), room_.size()) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // Valid as long as this is; what is taken from it is given back all at once.
  std::pmr::memory_resource* memory() { return &pool_; }

 private:
  alignas(std::max_align_t) std::array<std::byte, bytes> room_;  // not cleared: that would cost
  std::pmr::monotonic_buffer_resource pool_;
};

}  // namespace gridtap
