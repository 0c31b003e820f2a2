#pragma once
// What must survive a restart: the identity of each device, and what was announced to Home
// Assistant, so that what is gone can be removed. The broker is never asked.
//
// A record a device, and one of the topics of all:
//   device ID
//   identity ID SERIAL
//   announced FORM BASE PREFIX
//   component KEY PLATFORM FLAGS DECIMALS OPTIONS      flags: d declared, r by rule, a attributes

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.hpp"
#include "model/earlier_runs.hpp"
#include "mqtt/options.hpp"
#include "mqtt/topics.hpp"

namespace gridtap::mqtt {

using ComponentRecord = model::RememberedEntity;

struct DeviceRecord {
  std::string id;  // the configured device
  std::string identity, wire_identity;
  BridgeOptions::Discovery form = BridgeOptions::Discovery::off;  // off: nothing is announced
  Topics topics{"", ""};
  std::vector<ComponentRecord> components;
};

class AnnouncementStore final : public model::EarlierRuns {
 public:
  explicit AnnouncementStore(Store& store) : store_(store) {}

  std::optional<model::RememberedDevice> recall(std::string_view handle) const override;

  std::vector<std::string> topics() const;  // of the devices with a record
  // Nothing if there is none, or it cannot be read.
  std::optional<DeviceRecord> read(std::string_view topic) const;
  void write(std::string_view topic, const DeviceRecord& record);
  void forget(std::string_view topic);

 private:
  Store& store_;
};

}  // namespace gridtap::mqtt
