#pragma once
// The line of a device with `serve`, for other programs too: their port, the rule that serves them,
// and the line as the session gets it.

#include <memory>

#include "app/house_config.hpp"
#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::app {

// The port outlives the rule and the line. The rule is the session's, after those of the device.
struct ServedLine {
  std::unique_ptr<StreamPort> port;
  std::unique_ptr<Rule> rule;
  std::unique_ptr<Line> line;
};

// Everything named outlives what is returned. REQUIRES: `device.serve`.
ServedLine serve_line(const DeviceConfig& device, std::unique_ptr<Line> line, io::Loop& loop,
                      Clock& clock, Log& log);

}  // namespace gridtap::app
