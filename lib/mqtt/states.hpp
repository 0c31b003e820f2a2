#pragma once
// The newest value of every entity, and when it has to go out: on change, at most once per
// interval with the newest value at its end, at least once per heartbeat; what people act on at
// once. Nothing queues: what could not be published stays due.

#include <string>

#include "mqtt/device.hpp"
#include "mqtt/topics.hpp"

namespace gridtap::mqtt {

class States {
 public:
  // Ends of intervals wait for a shared tick, and heartbeats come early to one, so that a thousand
  // entities wake the process no more often than one.
  static constexpr std::chrono::milliseconds interval_tick{250};
  static constexpr std::chrono::milliseconds heartbeat_tick{1000};
  static constexpr std::size_t max_attributes = 16'384;

  States(const BridgeOptions& options, const Topics& topics, Broker& broker)
      : topics_(topics),
        broker_(broker),
        waits_for_config_(options.discovery != BridgeOptions::Discovery::off) {}

  // A text where a number was promised is not taken.
  enum class Taken { yes, unfit };
  // Keeps the value, moves Device::states_due, and marks the config as changed where the entity
  // has to be announced first.
  Taken take(Device& device, EntityState& entity, const Reading& reading, Now now);

  // Publishes what is due; false: the broker has no room.
  bool flush(Device& device, Now now);

  // Everything is to be said again, as soon as may be.
  static void again(Device& device);
  static void again(Device& device, EntityState& entity);

 private:
  bool publish(const Device& device, EntityState& entity, Now now);
  bool may_go(const EntityState& entity) const;

  const Topics& topics_;
  Broker& broker_;
  bool waits_for_config_;
  std::string scratch_;
};

}  // namespace gridtap::mqtt
