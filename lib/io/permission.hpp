#pragma once
// Why an ordinary user may not use a device, and what lets her in.

#include <string>

#include "core/result.hpp"

namespace gridtap::io {

// The group that Debian gives such devices, and the udev rule that does so where Debian has none.
struct DeviceGroup {
  std::string name, udev_rule;
};

// Of an open() that failed with `error`, EACCES or EPERM. The text begins with "permission denied
// on PATH".
Error permission_denied(const std::string& path, int error, const DeviceGroup& usual);

}  // namespace gridtap::io
