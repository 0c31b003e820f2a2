#pragma once
// The pins of the configuration, each behind the chip that it names: simulated or GPIO.

#include <memory>
#include <vector>

#include "core/ports.hpp"
#include "io/pin_settings.hpp"

namespace gridtap::io {

// Whether this build can drive the lines of GPIO chips.
bool has_gpio();

// No line is taken before its first set(). Without has_gpio(), a line of a GPIO chip answers every
// call with an error.
std::unique_ptr<Pins> make_pins(const std::vector<PinSettings>& pins);

}  // namespace gridtap::io
