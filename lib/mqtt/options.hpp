#pragma once
// The configuration of the broker side: names, intervals, what Home Assistant shows.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/options.hpp"

namespace gridtap::mqtt {

struct DeviceOptions : model::DeviceOptions {
  std::chrono::milliseconds interval{10'000};  // 0: every reading
  // Of what moves slowly; nothing: a minute, or the other where that is 0 or longer.
  std::optional<std::chrono::milliseconds> slow_interval = {};
  std::chrono::milliseconds heartbeat{60'000};
  std::string area = {};              // suggested to Home Assistant
  bool announce_unknown_keys = true;  // else they have a topic and nothing more
};

struct BridgeOptions {
  enum class Discovery { device, entity, off };

  std::string base = "gridtap";  // first level of the topics, and the gateway's own identity
  std::string user = {};         // on the broker; for log messages about its rights
  Discovery discovery = Discovery::device;
  std::string prefix = "homeassistant";
  bool reactive_energy_class = false;
  std::string version = {};
  std::vector<DeviceOptions> devices = {};
};

}  // namespace gridtap::mqtt
