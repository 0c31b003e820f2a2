#pragma once
// What a daemon says at its start where the time of day is not known: a Raspberry Pi has no clock
// of its own before it reaches the network, and its log begins in 1970 or at the last shutdown.

#include "core/ports.hpp"

namespace gridtap::app {

inline void notice_clock(const Clock& clock, Log& log) {
  if (clock.now().wall) return;
  log.write(Level::warning, "gateway",
            "the clock of this machine is not set: times of day are left out until it is; values "
            "go on");
}

}  // namespace gridtap::app
