#pragma once
// `gridtap simulate`: plays a device on a pseudo-terminal or a TCP port, until SIGTERM.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gridtap::app {

struct SimulateOptions {
  std::string adapter;
  std::vector<std::string> sets;
  std::string pty;
  std::optional<std::uint16_t> port;
  int speed = 1;
};
int simulate(const SimulateOptions& options);

}  // namespace gridtap::app
