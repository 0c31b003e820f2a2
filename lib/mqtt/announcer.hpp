#pragma once
// Tells Home Assistant which entities there are: on first sight, changes collected, what is gone
// removed, and all of it remembered over restarts (protocol facts: one config of a device every two
// seconds at most; leaving an entity out does not remove it; an emptied config removes a device).

#include <string>
#include <utility>
#include <vector>

#include "mqtt/discovery.hpp"
#include "mqtt/errands.hpp"
#include "mqtt/memory.hpp"

namespace gridtap::mqtt {

class Announcer {
 public:
  // Two different configs of one device in quick succession leave Home Assistant with the first.
  static constexpr std::chrono::seconds config_gap{2};
  // What took commands in an earlier run is declared before the first frame, or some frames later.
  static constexpr std::chrono::seconds declared_grace{30};
  // What only shows up now and then (hourly lists, meters behind a meter) is given a day.
  static constexpr std::chrono::hours seen_grace{25};

  Announcer(const BridgeOptions& options, const Topics& topics, Broker& broker, Store& store,
            Log& log);

  // Reads what earlier runs announced: removes devices that are no longer configured, moves to
  // another form of discovery or other topics, and gives every configured device its identity.
  void start(Devices& devices);
  // What the store holds of a device that has just come up.
  void recall(Device& device);
  // Sets the identity and keeps it; another identity than before: the old device is removed first.
  void identify(Device& device, std::string identity, std::string wire_identity);

  // Said before configs and states; false: the broker has no room.
  bool flush_errands(Devices& devices, Now now);
  // Publishes the config of a device when it is due; false: the broker has no room.
  bool flush(Devices& devices, Device& device, Now now);
  // When the config of a device may go out; max(): nothing to say.
  Mono due(const Device& device) const;

  // From its first good frame on it is judged what of an earlier run is missing.
  static void frame_came(Device& device, Now now);

  // Writes what is known of a device to the store.
  void keep(const Device& device);

  // At every connection: children of earlier runs that have not come yet are offline.
  void say_absent_offline(Devices& devices);
  // Empties the topics of values that the device before this one left behind.
  void purge_stale(Device& device);

 private:
  void remove_device(std::string_view topic, const DeviceRecord& record);
  void remove_config(std::string_view topic, const DeviceRecord& record, bool migrate);
  void empty_state(const Topics& topics, std::string_view device, std::string_view entity,
                   bool attributes);
  bool ready(const Device& device) const;
  void give_up_missing(Device& device, Now now);
  bool publish(const Announcement& announcement);
  bool publish_each(const Announcement& announcement);
  void settle(Devices& devices, Device& device, const Announcement& announcement, Now now);
  DeviceRecord record_of(const Device& device) const;

  const BridgeOptions& options_;
  const Topics& topics_;
  Broker& broker_;
  Log& log_;
  Memory memory_;
  Discovery discovery_;
  Errands errands_;
  // What the store says once the errands are done; nothing: the device is forgotten.
  std::vector<std::pair<std::string, std::optional<DeviceRecord>>> then_;
};

}  // namespace gridtap::mqtt
