#pragma once
// What was published to Home Assistant and the broker, beside what the model knows: for each entity
// when it goes out next and how it is shown, for each device its status, its config and what is
// left of entities that are gone. Announcer, States and Bridge share it; the model has no part in
// it.

#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "mqtt/announcement_store.hpp"

namespace gridtap::mqtt {

struct EntityNotes {
  static constexpr Mono never = Mono::min();

  Mono due = Mono::max();
  Mono published = never;
  std::int32_t published_tenths = 0;      // of a number
  std::optional<Platform> shown_as = {};  // in Home Assistant, now
  bool shown : 1 = false;                 // as it is: with this platform and all of these options
  bool listed : 1 = true;                 // to be announced; else it has a topic and nothing more
  bool recalled : 1 = false;              // announced by an earlier run
  bool changed : 1 = false;               // since it was last published
  bool attributes_changed : 1 = false;
};

struct DeviceNotes {
  EntityNotes& of(const model::Entity& entity) { return entities[entity.slot()]; }
  const EntityNotes& of(const model::Entity& entity) const { return entities[entity.slot()]; }

  const model::Device* device = nullptr;
  const DeviceOptions* options = nullptr;
  std::vector<EntityNotes> entities = {};  // by slot

  std::optional<bool> status = {};  // what its status topic holds, of this connection
  bool config_changed = false;
  bool announced = false;              // in this run
  bool config_kept = false;            // the config of an earlier run is the one of this run
  bool adopted = false;                // its record was handed over, and it is not complete yet
  bool replaced = false;               // its config is to be emptied before the next
  std::optional<Mono> config_at = {};  // when the newest config went out
  Mono again_at = Mono::max();         // its config is due once more, though nothing has changed
  Mono states_due = Mono::max();
  Mono answers_since = EntityNotes::never;  // refusals that were answered in the second since then
  int answers = 0;

  // Gone from the model, and still in Home Assistant.
  std::vector<ComponentRecord> departed = {};
  // Topics that hold a value of the device that was here before.
  struct Leftover {
    std::string level;
    bool attributes;
  };
  std::vector<Leftover> leftovers = {};
};

class Notes {
 public:
  DeviceNotes& of(const model::Device& device) { return all[device.index]; }
  const DeviceNotes& of(const model::Device& device) const { return all[device.index]; }
  EntityNotes& of(const model::Device& device, const model::Entity& entity) {
    return of(device).of(entity);
  }

  std::vector<DeviceNotes> all = {};  // by Device::index
  model::DueQueue due = {};           // when each of them has something to publish
};

}  // namespace gridtap::mqtt
