#include "app/check.hpp"

#include <algorithm>
#include <string>

#include "app/exit_status.hpp"
#include "app/gpio_check.hpp"
#include "app/house_config.hpp"
#include "io/own_process.hpp"

namespace gridtap::app {

namespace {

std::string relays_text(const HouseConfig& house) {
  const std::size_t count = house.relays.size();
  if (count == 0) return {};
  const auto simulated =
      std::count_if(house.relays.begin(), house.relays.end(),
                    [](const RelayConfig& each) { return each.options.simulated; });
  std::string text = ", " + std::to_string(count) + (count == 1 ? " relay" : " relays");
  if (simulated > 0) text += " (" + std::to_string(simulated) + " simulated)";
  return text;
}

// Who sees the house.
std::string faces_text(const HouseConfig& house) {
  const mqtt::PahoOptions& broker = house.broker;
  std::string text = house.has_broker
                         ? "; the broker is " + broker.host + ':' + std::to_string(broker.port) +
                               (broker.tls ? ", by TLS" : "")
                         : std::string("; no broker, as there is no `mqtt:`");
  if (house.web) text += "; the page is " + house.web->address(io::machine_name());
  return text;
}

}  // namespace

int check(const CheckOptions& options, Output& output) {
  const LoadedHouse loaded = load_house(options.config);
  print(loaded.problems, options.config);
  if (!loaded.problems.empty()) return exit_config;
  for (const Problems& warnings : {loaded.secret_warnings, loaded.place_warnings}) {
    for (const Problem& warning : warnings) {
      print({{warning.place, warning.key, "warning: " + warning.text}}, options.config);
    }
  }
  output.stream() << options.config << ": good, " << loaded.house.devices.size() << " device"
                  << (loaded.house.devices.size() == 1 ? "" : "s") << relays_text(loaded.house)
                  << faces_text(loaded.house) << '\n';
  if (!options.gpio) return exit_good;
  const GpioCheck lines = check_gpio(loaded.house.relays);
  output.stream() << lines.text;
  return lines.is_good ? exit_good : exit_no_input;
}

}  // namespace gridtap::app
