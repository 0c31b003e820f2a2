#pragma once
// The serial ports that this machine has now, for users who look for theirs.

#include <string>
#include <vector>

namespace gridtap::io {

// The names that stay the same, below DIRECTORY/serial/by-id; where there are none, the adapters
// and UARTs in the directory itself (ttyUSB, ttyACM, ttyAMA). In alphabetical order.
std::vector<std::string> serial_ports(const std::string& directory = "/dev");

}  // namespace gridtap::io
