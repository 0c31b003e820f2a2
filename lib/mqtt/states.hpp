#pragma once
// When the newest value of an entity goes out: on change, at most once per interval with the newest
// value at its end, at least once per heartbeat; what people act on at once. Does not queue: what
// could not be published stays due.

#include <string>

#include "mqtt/notes.hpp"
#include "mqtt/topics.hpp"

namespace gridtap::mqtt {

class States {
 public:
  // Ends of intervals wait for a shared tick, and heartbeats come early to one, so that a thousand
  // entities wake the process no more often than one.
  static constexpr std::chrono::milliseconds interval_tick{250};
  static constexpr std::chrono::milliseconds heartbeat_tick{1000};

  States(const BridgeOptions& options, const Topics& topics, Broker& broker)
      : topics_(topics),
        broker_(broker),
        waits_for_config_(options.discovery != BridgeOptions::Discovery::off) {}

  // A reading came: moves DeviceNotes::states_due, and marks the config as changed where the entity
  // has to be announced first. False: nothing is due earlier than before.
  static bool heard(DeviceNotes& device, const model::Entity& entity, const model::Change& change,
                    Now now);

  // Publishes what is due; false: the broker has no room.
  bool flush(DeviceNotes& device, Now now);

  // Everything is to be published again, as soon as may be.
  static void again(DeviceNotes& device);
  static void again(DeviceNotes& device, EntityNotes& entity);

 private:
  bool publish(const DeviceNotes& device, const model::Entity& entity, EntityNotes& notes, Now now);
  bool say(const model::Device& device, const model::Entity& entity, EntityNotes& notes);
  bool may_go(const model::Entity& entity, const EntityNotes& notes) const;

  const Topics& topics_;
  Broker& broker_;
  bool waits_for_config_;
  std::string topic_, payload_;  // of the message in hand
};

}  // namespace gridtap::mqtt
