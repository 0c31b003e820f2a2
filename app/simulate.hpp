#pragma once
// `gridtap simulate`: plays a device on a pseudo-terminal or a TCP port, until SIGTERM. Of two
// devices on one wire each has a terminal of its own.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/output.hpp"

namespace gridtap::app {

struct SimulateOptions {
  std::string adapter;
  std::vector<std::string> sets;
  std::vector<std::string> pty;  // one link, or two
  std::optional<std::uint16_t> port;
  int speed = 1;
};
int simulate(const SimulateOptions& options, Output& output);

}  // namespace gridtap::app
