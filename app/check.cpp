#include "app/check.hpp"

#include "app/exit_status.hpp"
#include "app/house_config.hpp"

namespace gridtap::app {

int check(const CheckOptions& options, Output& output) {
  const LoadedHouse loaded = load_house(options.config);
  print(loaded.problems, options.config);
  if (!loaded.problems.empty()) return exit_config;
  for (const Problems& warnings : {loaded.secret_warnings, loaded.place_warnings}) {
    for (const Problem& warning : warnings) {
      print({{warning.place, warning.key, "warning: " + warning.text}}, options.config);
    }
  }
  const mqtt::PahoOptions& broker = loaded.house.broker;
  output.stream() << options.config << ": good, " << loaded.house.devices.size() << " device"
                  << (loaded.house.devices.size() == 1 ? "" : "s") << "; the broker is "
                  << broker.host << ':' << broker.port << (broker.tls ? ", by TLS" : "") << '\n';
  return exit_good;
}

}  // namespace gridtap::app
