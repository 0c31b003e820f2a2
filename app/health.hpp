#pragma once
// `gridtap health`: does the daemon of this configuration live? For containers and scripts.

#include <string>

#include "app/output.hpp"

namespace gridtap::app {

struct HealthOptions {
  std::string config;
};
// Good where the daemon's loop has given a sign of life within 30 s, else exit_no_life and the
// reason on standard error.
int health(const HealthOptions& options, Output& output);

}  // namespace gridtap::app
