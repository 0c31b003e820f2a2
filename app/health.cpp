#include "app/health.hpp"

#include <chrono>
#include <iostream>

#include "app/exit_status.hpp"
#include "app/house_config.hpp"
#include "io/sign_of_life.hpp"

namespace gridtap::app {

int health(const HealthOptions& options, Output& output) {
  // A configuration that was changed since the start may have mistakes: the daemon lives on.
  const LoadedHouse loaded = load_house(options.config);
  const std::string& directory = loaded.house.state_dir;
  if (directory.empty()) {
    print(loaded.problems, options.config);
    return exit_no_life;
  }
  const std::string why = io::no_life(directory, std::chrono::steady_clock::now());
  if (!why.empty()) {
    std::cerr << why << '\n';
    return exit_no_life;
  }
  output.stream() << "gridtap is running\n";
  return exit_good;
}

}  // namespace gridtap::app
