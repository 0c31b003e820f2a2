#pragma once
// What must survive a restart: the identity of each device, and what was announced to Home
// Assistant, so that what is gone can be removed. The broker is never asked.
//
// A record a device, and one of the topics of all:
//   device ID
//   identity ID SERIAL
//   description SERIAL MANUFACTURER MODEL FIRMWARE     as the device sends them
//   announced FORM BASE PREFIX NODE
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
  std::string serial, manufacturer, model, firmware;
  BridgeOptions::Discovery form = BridgeOptions::Discovery::off;  // off: nothing is announced
  Topics topics{"", ""};
  std::string node;  // of the discovery topics
  bool renamed =
      false;  // read from a version in which its identity, and its unique ids, were others
  std::vector<ComponentRecord> components;
};

class AnnouncementStore final : public model::EarlierRuns {
 public:
  explicit AnnouncementStore(Store& store) : store_(store) {}

  std::optional<model::RememberedDevice> recall(std::string_view handle) const override;
  std::vector<model::RememberedDevice> recall_identity(std::string_view identity) const override;

  std::vector<std::string> topics() const;  // of the devices with a record
  // Nothing if there is none, or it cannot be read. A record without a node is of a version in
  // which nodes were <base>_<device>, and a device without a serial number had its id as its
  // identity: it comes with that node, and with the identity of today.
  std::optional<DeviceRecord> read(std::string_view topic) const;
  void write(std::string_view topic, const DeviceRecord& record);
  void forget(std::string_view topic);

  // Topics of an earlier name that are to be emptied, each with the device that has a new one; kept
  // until they are.
  struct Leftover {
    std::string handle, topic;
  };
  std::vector<Leftover> leftovers() const;
  void write_leftovers(const std::vector<Leftover>& leftovers);

 private:
  Store& store_;
};

}  // namespace gridtap::mqtt
