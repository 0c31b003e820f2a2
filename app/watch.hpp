#pragma once
// `gridtap watch`: reads the configured devices without a broker and prints what they say.

#include <optional>
#include <string>

#include "app/output.hpp"

namespace gridtap::app {

struct WatchOptions {
  std::string config;
  std::string device;          // empty: all
  std::optional<int> seconds;  // none: until SIGTERM
};
int watch(const WatchOptions& options, Output& output);

}  // namespace gridtap::app
