#pragma once
// How long a Modbus unit is left alone that gave no good answer: a busy one for a moment, a failing
// one until its next poll, and one that is offline for longer and longer.

#include <chrono>

#include "core/value.hpp"

namespace gridtap {

class ModbusBackoff {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr Time busy_waits[] = {Time{200}, Time{500}, Time{1000}};
  // While it is searched there is no poll that it could miss: it is given all the time it takes.
  static constexpr Time first_search_wait{2000};
  static constexpr Time longest_rest{60'000};
  static constexpr int failures_to_offline = 3;

  // `period`: of its polls; the first rest of an offline unit is two of them.
  explicit ModbusBackoff(Time period) : period_(period) {}

  // A new connection: it is asked at once. Failures are only forgotten by recovered().
  void open(Mono now);
  // It is not asked before.
  Mono until() const { return until_; }
  bool offline() const { return failures_ >= failures_to_offline; }

  // The device answers "busy". Returns whether the request is repeated after a moment; false: it
  // has been busy so often that this is a failure.
  [[nodiscard]] bool wait_while_busy(Mono now);
  // The same while it is searched: without end, and the wait doubles up to the longest rest.
  // Returns how often in a row it was busy.
  int wait_while_searched(Mono now);
  void answered() { busy_ = 0; }
  // `weight`: how many failures this one counts for.
  void fail(int weight, Mono now);
  void recovered() { failures_ = 0; }

 private:
  Time period_;
  int failures_ = 0, busy_ = 0;
  Mono until_{};
};

}  // namespace gridtap
