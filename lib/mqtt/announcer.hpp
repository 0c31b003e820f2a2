#pragma once
// Announces to Home Assistant which entities there are: on first sight, changes collected, what is
// gone removed, and all of it kept over restarts (protocol facts: one config of a device every two
// seconds at most; leaving an entity out does not remove it; an emptied config removes a device).

#include <string>
#include <utility>
#include <vector>

#include "mqtt/discovery.hpp"
#include "mqtt/notes.hpp"
#include "mqtt/outbox.hpp"

namespace gridtap::mqtt {

class Announcer {
 public:
  // Two different configs of one device in quick succession leave Home Assistant with the first.
  static constexpr std::chrono::seconds config_gap{2};

  Announcer(const BridgeOptions& options, const Topics& topics, Broker& broker,
            AnnouncementStore& store, Log& log, const model::Model& model, Notes& notes);

  // Reads what earlier runs announced: removes devices that are no longer configured, and moves to
  // another form of discovery or other topics.
  void start();

  // Changes of the model; the notes of the device and of the entity are there already.
  void on_device(const model::Device& device);
  void on_entity(const model::Device& device, const model::Entity& entity);
  void on_identity(const model::Device& device);
  void on_replaced(const model::Device& device, std::string_view serial);
  void on_removed(const model::Device& device, const model::Entity& entity);

  // Something waits for flush_outbox().
  bool has_mail() const { return !outbox_.done() || !then_.empty(); }
  // Goes out before configs and states; false: the broker has no room.
  bool flush_outbox(Now now);
  // Publishes the config of a device when it is due; false: the broker has no room.
  bool flush(DeviceNotes& device, Now now);
  // When the config of a device may go out; max(): nothing to announce.
  Mono due(const DeviceNotes& device) const;

  // Writes what was announced of a device to the store.
  void keep(const model::Device& device);

  // At every connection: children of earlier runs that have not come yet are offline.
  void say_absent_offline();

 private:
  void remove_device(std::string_view topic, const DeviceRecord& record);
  void remove_config(std::string_view topic, const DeviceRecord& record, bool migrate);
  void empty_state(const Topics& topics, std::string_view device, std::string_view entity,
                   bool attributes);
  void purge_leftovers(DeviceNotes& device);
  bool ready(const DeviceNotes& device) const;
  Announcement announcement_of(const DeviceNotes& device) const;
  bool publish(const Announcement& announcement);
  bool publish_each(const Announcement& announcement);
  void settle(DeviceNotes& device, const Announcement& announcement, Now now);
  void announce_those_behind(const model::Device& device);
  DeviceRecord record_of(const model::Device& device) const;

  const BridgeOptions& options_;
  const Topics& topics_;
  Broker& broker_;
  AnnouncementStore& store_;
  Log& log_;
  const model::Model& model_;
  Notes& notes_;
  Discovery discovery_;
  Outbox outbox_;
  bool overflow_told_ = false;
  // What the store keeps once the outbox is empty; nothing: the device is forgotten.
  std::vector<std::pair<std::string, std::optional<DeviceRecord>>> then_;
};

}  // namespace gridtap::mqtt
