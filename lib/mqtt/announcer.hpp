#pragma once
// Announces to Home Assistant which entities there are: on first sight, changes collected, what is
// gone removed, and all of it kept over restarts (protocol facts: one config of a device every two
// seconds at most; leaving an entity out does not remove it; an emptied config removes a device).

#include <string>
#include <vector>

#include "mqtt/discovery.hpp"
#include "mqtt/earlier_announcements.hpp"
#include "mqtt/notes.hpp"

namespace gridtap::mqtt {

class Announcer {
 public:
  // Two different configs of one device in quick succession leave Home Assistant with the first.
  static constexpr std::chrono::seconds config_gap{2};

  // Home Assistant up to 2026.10 empties the config of a removed device itself, and may be late:
  // what takes its place is announced once more after that.
  static constexpr std::chrono::seconds again_after_swap{30};

  Announcer(const BridgeOptions& options, const Topics& topics, Broker& broker,
            AnnouncementStore& store, Log& log, const model::Model& model, Notes& notes);

  void start(Now now) { earlier_.start(now); }

  // Changes of the model; the notes of the device and of the entity are there already.
  void on_device(const model::Device& device);
  void on_entity(const model::Device& device, const model::Entity& entity);
  void on_identity(const model::Device& device);
  void on_adopted(const model::Device& device, std::string_view handle, Now now);
  void on_replaced(const model::Device& device, std::string_view serial);
  void on_removed(const model::Device& device, const model::Entity& entity);

  // Earlier devices that are no longer configured.
  Mono give_up_due() const { return earlier_.due(); }
  void give_up(Now now) { earlier_.give_up(now); }

  // Something waits for flush_removals().
  bool has_removals() const { return removals_.waiting(); }
  // Goes out before configs and states; false: the broker has no room.
  bool flush_removals(Now now);
  // Publishes the config of a device when it is due; false: the broker has no room.
  bool flush(DeviceNotes& device, Now now);
  // When the config of a device may go out; max(): nothing to announce.
  Mono due(const DeviceNotes& device) const;

  // Writes what was announced of a device to the store.
  void keep(const model::Device& device);

  // At every connection.
  void say_absent_offline() { earlier_.say_absent_offline(); }

 private:
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
  Removals removals_;
  EarlierAnnouncements earlier_;
  Mono configs_from_{};  // what was removed is gone by then
};

}  // namespace gridtap::mqtt
