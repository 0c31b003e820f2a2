#pragma once
// Takes what devices say into what we know of them: identity, entities, newest values, online or
// not. Says nothing to the broker itself.

#include <string_view>

#include "mqtt/bridge.hpp"
#include "mqtt/identities.hpp"
#include "mqtt/quiet_log.hpp"
#include "mqtt/states.hpp"

namespace gridtap::mqtt {

class Intake {
 public:
  Intake(Devices& devices, Identities& identities, States& states, BridgeCounters& counters,
         Log& log);

  // Of any effect; the device that it changed, or null.
  Device* take(std::string_view id, const Effect& effect, Now now);

 private:
  Device* identified(std::string_view id, const Identified& effect, Now now);
  Device* declared(std::string_view id, const Entity& effect, Now now);
  Device* reading(std::string_view id, const Reading& effect, Now now);
  Device* frame(std::string_view id, Now now);
  Device* alive(std::string_view id, const Alive& effect);
  EntityState* meet(Device& device, const Reading& effect, Now now);
  EntityState* add(Device& device, const EntitySpec& spec, Now now);
  void collided(std::string_view device, std::string_view name, Now now);

  Devices& devices_;
  Identities& identities_;
  States& states_;
  BridgeCounters& counters_;
  QuietLine collisions_, unfit_;
};

}  // namespace gridtap::mqtt
