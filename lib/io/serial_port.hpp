#pragma once
// Opens a serial device and sets its line: raw, with baud rate, data bits, parity and stop bits,
// for us alone, RTS and DTR as wanted. LibSerial sets the line; what it does wrong on a line that
// hangs up stays inside the .cpp.

#include <string>

#include "core/part.hpp"
#include "io/make_line.hpp"

namespace gridtap::io {

// Returns a descriptor of the open port, or why not, with the remedy. The text begins with
// "permission denied", "busy", "no such device" or "not a terminal" where it is one of these.
Result<int> open_serial_port(const std::string& path, SerialSettings settings,
                             ControlLines controls);

// Gives the port back to everybody before its descriptor is closed; what has not been sent is lost.
void release_serial_port(int descriptor);

// Parity, framing and overrun errors since the driver was loaded; 0 if it does not count them.
std::uint64_t serial_port_errors(int descriptor);

}  // namespace gridtap::io
