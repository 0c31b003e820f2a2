#pragma once
// Opens the doors that line addresses name.

#include <chrono>
#include <memory>

#include "core/ports.hpp"
#include "io/line_address.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

// Control lines of a serial port, raised while it is open.
struct ControlLines {
  bool rts = true, dtr = true;
};

// How long a TCP line waits before it counts as lost.
struct TcpPatience {
  std::chrono::milliseconds name = std::chrono::seconds(15);    // for the name server
  std::chrono::milliseconds address = std::chrono::seconds(5);  // for each address of the host
  // For bytes of a device that sends unasked; 0: for ever. A device that was asked something is
  // its adapter's to time.
  std::chrono::milliseconds silence = std::chrono::seconds(60);
};

std::unique_ptr<Line> make_line(Loop& loop, const LineAddress& address, ControlLines controls,
                                TcpPatience patience = {});

}  // namespace gridtap::io
