#pragma once
// Opens the doors that line addresses name.

#include <memory>

#include "core/ports.hpp"
#include "io/line_address.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

// Control lines of a serial port, raised while it is open.
struct ControlLines {
  bool rts = true, dtr = true;
};

std::unique_ptr<Line> make_line(Loop& loop, const LineAddress& address, ControlLines controls);

}  // namespace gridtap::io
