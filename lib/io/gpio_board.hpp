#pragma once
// Lines of a Raspberry Pi's header that serve a bus or a serial port on this machine now. The
// kernel lets any program drive them all the same.

#include <string>
#include <string_view>

namespace gridtap::io {

// Where the board has switched a function on, its device is there.
using DeviceExists = bool (*)(const std::string& path);
bool device_exists(const std::string& path);

// Returns what a relay on this line would disturb and what helps; empty where nothing is known
// against it. `label` is the chip's.
std::string board_warning(std::string_view label, unsigned offset,
                          DeviceExists exists = device_exists);

}  // namespace gridtap::io
