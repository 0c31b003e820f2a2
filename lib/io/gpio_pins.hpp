#pragma once
// The relays' lines on the GPIO chips of this machine, and what `gridtap check --gpio` tells about
// them.

#include <memory>
#include <string>
#include <vector>

#include "core/ports.hpp"
#include "io/gpio_search.hpp"
#include "io/pin_settings.hpp"

namespace gridtap::io {

// Opens nothing before the first set().
std::unique_ptr<Pins> make_gpio_pins(std::vector<PinSettings> settings, GpioMachine machine = {});

struct GpioLineState {
  enum class Use : std::uint8_t { free, used, missing };
  Use use = Use::missing;
  std::string text;     // which line it is and who uses it, or why it cannot be found
  std::string warning;  // what else the board may do with it; mostly empty
};

// Looks at the line of each pin and changes none.
std::vector<GpioLineState> gpio_line_states(const std::vector<PinSettings>& settings,
                                            const GpioMachine& machine = {});

}  // namespace gridtap::io
