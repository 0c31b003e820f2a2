#pragma once
// The configuration of devices, apart from how a face shows them.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gridtap::model {

using ShortSeconds = std::chrono::duration<std::int32_t>;  // there are two copies of each option

struct DeviceOptions {
  std::string id, name;            // an empty name is made of the id
  ShortSeconds identity_wait{60};  // for a serial number, before the id has to do
  ShortSeconds stale{0};           // offline after so long in silence; 0: as the device says
};

struct Options {
  std::string base = "gridtap";  // the gateway's own identity
  std::vector<DeviceOptions> devices = {};
};

}  // namespace gridtap::model
