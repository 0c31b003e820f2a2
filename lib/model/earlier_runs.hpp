#pragma once
// What earlier runs of the program knew of a device. Whoever keeps it on the disk hands it to the
// model, once for each device.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/entity.hpp"

namespace gridtap::model {

struct RememberedEntity {
  std::string key;
  Platform platform = Platform::sensor;
  bool declared = false, by_rule = false, has_attributes = false;
  std::int8_t decimals = -1;
  std::string options = {};
};

struct RememberedDevice {
  std::string handle, id;  // what it was called, and the configured device
  std::string identity, wire_identity;
  std::string serial, manufacturer, model, firmware;
  std::vector<RememberedEntity> entities;
};

struct EarlierRuns {
  // By Device::handle; nothing where the device is new.
  virtual std::optional<RememberedDevice> recall(std::string_view handle) const = 0;
  // All that had this identity, whatever they were called.
  virtual std::vector<RememberedDevice> recall_identity(std::string_view identity) const = 0;

 protected:
  ~EarlierRuns() = default;
};

}  // namespace gridtap::model
