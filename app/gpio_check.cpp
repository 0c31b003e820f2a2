#include "app/gpio_check.hpp"

#include "core/json_text.hpp"
#include "io/gpio_pins.hpp"

namespace gridtap::app {

GpioCheck check_gpio(const std::vector<RelayConfig>& relays, const io::GpioMachine& machine) {
  GpioCheck check;
  for (const RelayConfig& relay : relays) {
    const std::string start = relay.options.rules.name + ": ";
    if (relay.options.simulated) {
      check.text += start + "simulated, it has no line\n";
      continue;
    }
    for (const io::GpioLineState& line : io::gpio_line_states({relay.pin}, machine)) {
      check.text += start + printable(line.text) + '\n';
      if (!line.warning.empty()) check.text += start + "warning: " + line.warning + '\n';
      check.is_good = check.is_good && line.use != io::GpioLineState::Use::missing;
    }
  }
  return check;
}

}  // namespace gridtap::app
