#pragma once
// What `gridtap check --gpio` says of the relays' lines on this machine: no line is taken or
// changed.

#include <string>
#include <vector>

#include "app/relay_setting.hpp"
#include "io/gpio_search.hpp"

namespace gridtap::app {

struct GpioCheck {
  std::string text;     // a row for each relay: free, used by whom, or why it cannot be found
  bool is_good = true;  // every line is there
};
GpioCheck check_gpio(const std::vector<RelayConfig>& relays, const io::GpioMachine& machine = {});

}  // namespace gridtap::app
