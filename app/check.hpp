#pragma once
// `gridtap check`: reads the whole configuration and says everything that is wrong with it. Of the
// machine it looks at the relays' lines only, and only when asked to.

#include <string>

#include "app/output.hpp"

namespace gridtap::app {

struct CheckOptions {
  std::string config;
  bool gpio = false;  // looks at the relays' lines
};
int check(const CheckOptions& options, Output& output);

}  // namespace gridtap::app
