#pragma once
// `gridtap check`: reads the whole configuration and says everything that is wrong with it.

#include <string>

#include "app/output.hpp"

namespace gridtap::app {

struct CheckOptions {
  std::string config;
};
int check(const CheckOptions& options, Output& output);

}  // namespace gridtap::app
