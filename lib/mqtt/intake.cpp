#include "mqtt/intake.hpp"

#include <utility>

#include "core/json_text.hpp"

namespace gridtap::mqtt {
namespace {

bool assign(std::string& to, std::string_view text) {
  if (to == text) return false;
  to = text;
  return true;
}

// Of a key that comes as a value: what nobody declared takes no commands.
EntitySpec spec_of(std::string_view key) {
  const EntitySpec* const row = find_spec(key);
  EntitySpec spec = row != nullptr ? read_only(*row) : EntitySpec{};
  spec.key = key;
  return spec;
}

}  // namespace

Intake::Intake(Devices& devices, Identities& identities, States& states, BridgeCounters& counters,
               Log& log)
    : devices_(devices),
      identities_(identities),
      states_(states),
      counters_(counters),
      collisions_(log),
      unfit_(log) {}

Device* Intake::take(std::string_view id, const Effect& effect, Now now) {
  return std::visit(overloaded{
                        [&](const Reading& e) { return reading(id, e, now); },
                        [&](const Frame&) { return frame(id, now); },
                        [&](const Alive& e) { return alive(id, e); },
                        [&](const Identified& e) { return identified(id, e, now); },
                        [&](const Entity& e) { return declared(id, e, now); },
                        [](const auto&) { return static_cast<Device*>(nullptr); },
                    },
                    effect);
}

Device* Intake::reading(std::string_view id, const Reading& effect, Now now) {
  Device* const device = devices_.find(id, effect.channel);
  if (device == nullptr) return nullptr;
  EntityState* entity = device->find(effect.key);
  if (entity == nullptr || entity->remembered) entity = meet(*device, effect, now);
  if (entity == nullptr) return nullptr;
  if (device->parent != nullptr) Announcer::frame_came(*device, now);
  if (states_.take(*device, *entity, effect, now) == States::Taken::unfit) {
    ++counters_.unfit_readings;
    unfit_.write(Level::warning, device->topic,
                 "text where a number was promised, not published: " + entity->level, now);
  }
  return device;
}

// An entity that this run has not met; null where it gets no topic. That the device does not know
// a value is no reason to show it, but it may change what was shown before.
EntityState* Intake::meet(Device& device, const Reading& effect, Now now) {
  const EntitySpec spec = spec_of(effect.key);
  if (EntityState* const entity = device.find(effect.key)) {
    entity->forgotten = false;
    const bool other = spec.platform != entity->spec->platform;
    if (!entity->declared && other) device.respecify(*entity, spec);
    return entity;
  }
  if (std::holds_alternative<std::monostate>(effect.value)) return nullptr;
  EntityState* const entity = add(device, spec, now);
  if (entity != nullptr) {
    entity->listed = device.options->announce_unknown_keys || find_spec(effect.key) != nullptr;
  }
  return entity;
}

Device* Intake::declared(std::string_view id, const Entity& effect, Now now) {
  Device* const device = devices_.find(id, effect.channel);
  if (device == nullptr) return nullptr;
  EntityState* entity = device->find(effect.spec->key);
  if (entity == nullptr) {
    entity = add(*device, *effect.spec, now);
    if (entity == nullptr) return nullptr;
  } else {
    device->respecify(*entity, *effect.spec);
    if (!entity->options.starts_with(effect.spec->options)) entity->options = effect.spec->options;
  }
  entity->declared = entity->listed = true;
  entity->forgotten = false;
  device->config_changed = true;
  return device;
}

Device* Intake::frame(std::string_view id, Now now) {
  Device* const device = devices_.find(id, "");
  if (device == nullptr || device->first_frame) return nullptr;
  Announcer::frame_came(*device, now);
  return device;
}

Device* Intake::alive(std::string_view id, const Alive& effect) {
  Device* const device = devices_.find(id, effect.channel);
  const bool alive = effect.lease > std::chrono::milliseconds{0};
  if (device == nullptr || device->alive == alive) return nullptr;
  device->alive = alive;
  device->ever_alive = true;
  return device;
}

Device* Intake::identified(std::string_view id, const Identified& effect, Now now) {
  const Devices::Bound bound = devices_.bind(id, effect);
  if (bound.refused) collided(id, effect.device.suffix, now);
  if (bound.device == nullptr) return nullptr;
  Device& device = *bound.device;
  device.identified = true;
  bool changed = assign(device.serial, effect.device.serial);
  changed |= assign(device.manufacturer, effect.device.manufacturer);
  changed |= assign(device.model, effect.device.model);
  changed |= assign(device.firmware, effect.device.firmware);
  if (changed || !device.announced) device.config_changed = true;
  identities_.learn(device, effect.device.identity, now);
  return &device;
}

EntityState* Intake::add(Device& device, const EntitySpec& spec, Now now) {
  if (device.refused(spec.key)) return nullptr;
  EntityState* const entity = device.add(spec);
  if (entity == nullptr) collided(device.topic, spec.key, now);
  return entity;
}

void Intake::collided(std::string_view device, std::string_view name, Now now) {
  ++counters_.name_collisions;
  collisions_.write(Level::warning, device,
                    "`" + printable(name) +
                        "` is not published: another one has its topic, or there are too many. "
                        "Give it another name where it comes from",
                    now);
}

}  // namespace gridtap::mqtt
