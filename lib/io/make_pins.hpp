#pragma once
// The pins of the configuration, each behind the chip that it names: simulated or GPIO.

#include <memory>
#include <vector>

#include "core/ports.hpp"
#include "io/pin_settings.hpp"

namespace gridtap::io {

// No line is taken before its first set().
std::unique_ptr<Pins> make_pins(const std::vector<PinSettings>& pins);

}  // namespace gridtap::io
