#pragma once
// The time of day by the machine's clock, for commands: they end soon, and need no loop.

#include <chrono>

#include "core/value.hpp"

namespace gridtap::app {

inline Instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace gridtap::app
