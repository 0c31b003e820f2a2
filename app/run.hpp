#pragma once
// `gridtap run`: the daemon. Devices in, broker out, until SIGTERM.

#include <string>

namespace gridtap::app {

struct RunOptions {
  std::string config;
};
int run(const RunOptions& options);

}  // namespace gridtap::app
