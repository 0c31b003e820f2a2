#pragma once
// The configuration of devices, apart from how a face shows them.

#include <chrono>
#include <string>
#include <vector>

namespace gridtap::model {

struct DeviceOptions {
  std::string id, name;                    // an empty name is made of the id
  std::chrono::seconds identity_wait{60};  // for a serial number, before the id has to do
};

struct Options {
  std::string base = "gridtap";  // the gateway's own identity
  std::vector<DeviceOptions> devices = {};
};

}  // namespace gridtap::model
