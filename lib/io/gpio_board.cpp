#include "io/gpio_board.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace gridtap::io {
namespace {

constexpr std::array<std::string_view, 3> raspberry_chips = {"pinctrl-bcm2835", "pinctrl-bcm2711",
                                                             "pinctrl-rp1"};
constexpr unsigned header_lines = 28;  // GPIO 0 to 27 are on the 40-pin header

struct Function {
  unsigned first, last;
  std::string_view name, device;  // the function is on while this device is there
  std::string_view remedy;
};
constexpr std::array<Function, 5> functions = {{
    {2, 3, "I2C bus 1", "/dev/i2c-1", "dtparam=i2c_arm=off"},
    {7, 11, "SPI bus 0", "/dev/spidev0.0", "dtparam=spi=off"},
    {14, 15, "serial port", "/dev/serial0", "enable_uart=0"},
    {4, 4, "1-Wire bus", "/sys/bus/w1/devices/w1_bus_master1", "no dtoverlay=w1-gpio"},
}};

// On a Raspberry Pi 5 serial0 is a plug of its own beside the header.
std::string_view device_of(const Function& function, std::string_view label) {
  const bool own_plug = label == "pinctrl-rp1" && function.device == "/dev/serial0";
  return own_plug ? "/dev/ttyAMA0" : function.device;
}

}  // namespace

bool device_exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::string board_warning(std::string_view label, unsigned offset, DeviceExists exists) {
  const auto* const chip = std::find(raspberry_chips.begin(), raspberry_chips.end(), label);
  if (chip == raspberry_chips.end()) return {};
  if (offset >= header_lines) {
    return "it is not on the 40-pin header: the board may need it, for its SD card for one";
  }
  if (offset < 2) return "it is reserved for the memory chip of add-on boards: take another";
  for (const Function& function : functions) {
    if (offset < function.first || offset > function.last) continue;
    if (!exists(std::string(device_of(function, label)))) continue;
    return "it belongs to the " + std::string(function.name) +
           ", which is switched on: take another line, or switch that off (" +
           std::string(function.remedy) + " in config.txt)";
  }
  return {};
}

}  // namespace gridtap::io
