#pragma once
// Pins without hardware, for the demo, for tests and for machines that have no GPIO. A line whose
// name is a path shows its level in that file, `ON` or `OFF` and a line end, and reads it back from
// there: a script can watch it, or play a line that something else drives.

#include <memory>
#include <vector>

#include "core/ports.hpp"
#include "io/pin_settings.hpp"

namespace gridtap::io {

std::unique_ptr<Pins> make_simulated_pins(const std::vector<PinSettings>& pins);

}  // namespace gridtap::io
