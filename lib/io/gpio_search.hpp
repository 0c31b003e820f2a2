#pragma once
// Finds the line that a relay's configuration names, among the chips of this machine, and says what
// is wrong in words for a person. Nothing is guessed: what could mean two chips or two lines is
// refused, because the wrong one may switch something else.

#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/gpio_chip.hpp"

namespace gridtap::io {

// Where chips are looked for and how they are opened.
struct GpioMachine {
  OpenGpioChip open = open_gpio_chip;
  std::string directory = "/dev";
};

// The chip by its label; else by its name (gpiochip0), by the path of its device file, or of a
// link to it. Labels stay the same from boot to boot, names may not.
Result<std::unique_ptr<GpioChip>> find_gpio_chip(const GpioMachine& machine,
                                                 const std::string& wanted);

// The line by its offset, where `wanted` is all digits, else by its name.
Result<unsigned> find_gpio_line(GpioChip& chip, const std::string& wanted);

// Why a line could not be made an output: who holds it, or which setting the kernel refuses.
Error gpio_line_refused(GpioChip& chip, unsigned offset, const PinSettings& settings, int error);

// "line 17 of pinctrl-bcm2835"
std::string gpio_line_text(const PinSettings& settings);

}  // namespace gridtap::io
