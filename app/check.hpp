#pragma once
// `gridtap check`: reads the whole configuration and says everything that is wrong with it.

#include <string>

namespace gridtap::app {

struct CheckOptions {
  std::string config;
};
int check(const CheckOptions& options);

}  // namespace gridtap::app
