#include "app/check.hpp"

#include "app/exit_status.hpp"
#include "app/house_config.hpp"

namespace gridtap::app {

int check(const CheckOptions& options, Output& output) {
  const LoadedHouse loaded = load_house(options.config);
  print(loaded.problems, options.config);
  if (!loaded.problems.empty()) return exit_config;
  output.stream() << options.config << ": good, " << loaded.house.devices.size() << " device"
                  << (loaded.house.devices.size() == 1 ? "" : "s") << '\n';
  return exit_good;
}

}  // namespace gridtap::app
