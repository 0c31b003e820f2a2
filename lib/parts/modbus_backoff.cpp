#include "parts/modbus_backoff.hpp"

#include <algorithm>
#include <iterator>

namespace gridtap {
namespace {

// More of them change nothing: the rest has reached its longest long before.
constexpr int most_failures = 16, most_doublings = 6;

}  // namespace

void ModbusBackoff::open(Mono now) {
  busy_ = 0;
  until_ = now;
}

bool ModbusBackoff::wait_while_busy(Mono now) {
  if (busy_ >= static_cast<int>(std::size(busy_waits))) return false;
  until_ = now + busy_waits[busy_++];
  return true;
}

int ModbusBackoff::wait_while_searched(Mono now) {
  const int doublings = std::min(busy_, most_doublings);
  until_ = now + std::min<Time>(first_search_wait * (1 << doublings), longest_rest);
  busy_ = std::min(busy_ + 1, most_failures);
  return busy_;
}

void ModbusBackoff::fail(int weight, Mono now) {
  failures_ = std::min(failures_ + weight, most_failures);
  until_ = now;
  if (!offline()) return;
  const int doublings = std::min(failures_ - failures_to_offline, most_doublings);
  until_ += std::min<Time>(period_ * (2 << doublings), longest_rest);
}

}  // namespace gridtap
