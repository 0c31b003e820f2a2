#pragma once
// Where a pin is and how it is driven: what the configuration says of one output line.

#include <cstdint>
#include <string>

namespace gridtap::io {

enum class Bias : std::uint8_t { as_is, disabled, pull_up, pull_down };
enum class Drive : std::uint8_t { push_pull, open_drain, open_source };

struct PinSettings {
  std::string chip;  // label of the GPIO chip, or simulated_chip
  std::string line;  // offset on the chip, or the name of the line
  bool active_low = false;
  Bias bias = Bias::as_is;
  Drive drive = Drive::push_pull;
};

// The chip of pins without hardware: for the demo, and for machines that have no GPIO.
inline constexpr const char* simulated_chip = "simulated";

}  // namespace gridtap::io
