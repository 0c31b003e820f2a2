#include "mqtt/announcer.hpp"

#include <algorithm>

namespace gridtap::mqtt {
namespace {

using Form = BridgeOptions::Discovery;

constexpr std::string_view migrate_payload = R"({"migrate_discovery":true})";

// Fit for a config: has a value or takes commands now, or had one in an earlier run.
bool visible(const EntityState& entity) {
  if (entity.stale || entity.forgotten || !entity.listed) return false;
  if (entity.seen || (entity.declared && entity.takes_commands())) return true;
  return entity.remembered && (entity.declared || !entity.remembered_declared);
}

// Home Assistant has it with another platform, or shall not have it any more.
bool to_remove(const EntityState& entity) {
  return entity.shown_as && (entity.forgotten || *entity.shown_as != entity.spec->platform);
}

bool has_something(const Device& device) {
  return std::any_of(device.entities.begin(), device.entities.end(),
                     [](const auto& e) { return visible(*e) || to_remove(*e); });
}

EntitySpec spec_of(const ComponentRecord& component) {
  const EntitySpec* const row = find_spec(component.key);
  EntitySpec spec = row != nullptr ? read_only(*row) : EntitySpec{};
  spec.key = component.key;
  spec.platform = component.platform;
  return spec;
}

}  // namespace

Announcer::Announcer(const BridgeOptions& options, const Topics& topics, Broker& broker,
                     Store& store, Log& log)
    : options_(options),
      topics_(topics),
      broker_(broker),
      log_(log),
      memory_(store),
      discovery_(options, topics) {}

// ---- what earlier runs left ---------------------------------------------------------------------

void Announcer::start(Devices& devices) {
  for (const std::string& topic : memory_.topics()) {
    auto record = memory_.read(topic);
    if (!record) continue;
    if (devices.find(record->id, "") == nullptr) {
      log_.write(Level::info, topic, "no longer configured: removed from the broker");
      remove_device(topic, *record);
    } else if (record->form != Form::off &&
               (record->form != options_.discovery || record->topics != topics_)) {
      const bool migrate = options_.discovery != Form::off && record->topics == topics_;
      remove_config(topic, *record, migrate);
      record->form = Form::off;
      then_.emplace_back(topic, std::move(record));
    }
  }
  for (const auto& device : devices.all()) recall(*device);
}

void Announcer::recall(Device& device) {
  if (std::exchange(device.recalled, true)) return;
  const auto record = memory_.read(device.topic);
  if (!record) return;
  if (!device.is_gateway() && device.identity.empty()) {
    device.identity = record->identity;
    device.wire_identity = record->wire_identity;
  }
  if (record->identity != device.identity) return;
  const bool shown = record->form == options_.discovery && record->topics == topics_;
  for (const ComponentRecord& component : record->components) {
    EntityState* const entity = device.add(spec_of(component));
    if (entity == nullptr) continue;
    entity->remembered = true;
    entity->remembered_declared = component.declared;
    entity->by_rule = component.by_rule;
    entity->has_attributes = component.has_attributes;
    entity->decimals = component.decimals;
    if (!component.options.empty()) entity->options = component.options;
    if (shown) entity->shown_as = component.platform;
  }
  device.announced = shown && !record->components.empty();
}

void Announcer::say_absent_offline(Devices& devices) {
  for (const std::string& topic : memory_.topics()) {
    const auto record = memory_.read(topic);
    const bool configured = record && devices.find(record->id, "") != nullptr;
    if (configured && devices.find_topic(topic) == nullptr) {
      errands_.add(topics_.status(topic), "offline", true);
    }
  }
}

// ---- removal ------------------------------------------------------------------------------------

void Announcer::remove_device(std::string_view topic, const DeviceRecord& record) {
  remove_config(topic, record, false);
  for (const ComponentRecord& component : record.components) {
    empty_state(record.topics, topic, topic_level(component.key), component.has_attributes);
  }
  errands_.empty(record.topics.status(topic));
  then_.emplace_back(topic, std::nullopt);
}

// With the handshake of a migration Home Assistant keeps entities, history and settings.
void Announcer::remove_config(std::string_view topic, const DeviceRecord& record, bool migrate) {
  std::vector<std::string> configs;
  if (record.form == Form::device) configs.push_back(record.topics.device_config(topic));
  if (record.form == Form::entity) {
    for (const ComponentRecord& component : record.components) {
      configs.push_back(record.topics.entity_config(mqtt::component(component.platform), topic,
                                                    topic_level(component.key)));
    }
  }
  if (migrate) {
    for (const std::string& config : configs) {
      errands_.add(config, std::string(migrate_payload), false);
    }
  }
  for (std::string& config : configs) errands_.empty(std::move(config));
}

void Announcer::empty_state(const Topics& topics, std::string_view device, std::string_view entity,
                            bool attributes) {
  errands_.empty(topics.state(device, entity));
  if (attributes) errands_.empty(topics.attributes(device, entity));
}

bool Announcer::flush_errands(Devices& devices, Now now) {
  if (errands_.done() && then_.empty()) return true;
  if (!errands_.flush(broker_)) return false;
  for (auto& [topic, record] : then_) {
    if (record) {
      memory_.write(topic, *record);
    } else {
      memory_.forget(topic);
    }
  }
  then_.clear();
  for (const auto& device : devices.all()) {
    if (!device->removed) continue;
    device->removed = false;
    device->config_at = now.mono;
  }
  return true;
}

void Announcer::purge_stale(Device& device) {
  if (!device.removed) return;
  for (std::size_t n = device.entities.size(); n-- > 0;) {
    EntityState& entity = *device.entities[n];
    if (!entity.stale) continue;
    entity.stale = false;
    empty_state(topics_, device.topic, entity.level, entity.has_attributes);
    if (!entity.declared) device.erase(entity);
  }
}

// ---- identity -----------------------------------------------------------------------------------

void Announcer::identify(Device& device, std::string identity, std::string wire_identity) {
  const bool other = !device.identity.empty() && device.identity != identity;
  if (other) {
    log_.write(Level::info, device.topic,
               "another serial number (" + wire_identity + "): a new device to Home Assistant");
    DeviceRecord old = record_of(device);
    if (device.announced) remove_config(device.topic, old, false);
    for (const auto& entity : device.entities) {
      entity->stale = entity->published || entity->remembered;
      entity->text.clear();
      entity->attributes.clear();
      entity->seen = entity->shown = entity->remembered = false;
      entity->shown_as.reset();
      entity->due = Mono::max();
    }
    device.announced = false;
    device.removed = true;
  }
  device.identity = std::move(identity);
  device.wire_identity = std::move(wire_identity);
  device.config_changed = true;
  if (other) {
    then_.emplace_back(device.topic, record_of(device));
  } else {
    keep(device);
  }
}

// ---- announcing ---------------------------------------------------------------------------------

// A child waits for the identity of the device that it is behind.
bool Announcer::ready(const Device& device) const {
  if (options_.discovery == Form::off || !device.config_changed || device.removed) return false;
  const bool known = device.identified && !device.identity.empty();
  return known && (device.parent == nullptr || !device.parent->identity.empty()) &&
         has_something(device);
}

Mono Announcer::due(const Device& device) const {
  if (!ready(device)) return Mono::max();
  return device.config_at ? *device.config_at + config_gap : Mono{};
}

void Announcer::frame_came(Device& device, Now now) {
  if (device.first_frame) return;
  device.first_frame = now.mono;
  device.missing_due = device.is_gateway() ? now.mono : now.mono + declared_grace;
}

bool Announcer::flush(Devices& devices, Device& device, Now now) {
  give_up_missing(device, now);
  if (due(device) > now.mono) return true;
  Announcement announcement{device, {}};
  const Device& gateway = *devices.all().front();
  const Device* const via = device.parent != nullptr ? device.parent
                            : device.is_gateway()    ? nullptr
                                                     : &gateway;
  if (via != nullptr && via->announced) announcement.via = via->identity;
  for (const auto& entity : device.entities) {
    if (to_remove(*entity)) {
      announcement.removed.push_back(entity.get());
    } else if (visible(*entity)) {
      announcement.shown.push_back(entity.get());
    }
  }
  if (!publish(announcement)) return false;
  settle(devices, device, announcement, now);
  return true;
}

// What an earlier run announced and this one has not met.
void Announcer::give_up_missing(Device& device, Now now) {
  if (now.mono < device.missing_due) return;
  const Mono day_end = *device.first_frame + seen_grace;
  const bool day_over = now.mono >= day_end;
  device.missing_due = day_over ? Mono::max() : day_end;
  const auto give_up = [&](auto missing) {
    bool any = false;
    for (const auto& entity : device.entities) {
      const bool unmet = entity->remembered && !entity->declared && !entity->forgotten;
      if (!unmet || !missing(*entity)) continue;
      entity->forgotten = any = device.config_changed = true;
    }
    return any;
  };
  const bool any = give_up([&](const EntityState& e) { return e.remembered_declared || day_over; });
  // The values of a rule go with what it let people set.
  if (any) give_up([](const EntityState& e) { return e.by_rule && !e.spec->line_health; });
}

bool Announcer::publish(const Announcement& announcement) {
  if (options_.discovery == Form::entity) return publish_each(announcement);
  return broker_.publish({topics_.device_config(announcement.device.topic),
                          discovery_.device_payload(announcement), true, 1});
}

bool Announcer::publish_each(const Announcement& announcement) {
  const Device& device = announcement.device;
  const auto say = [&](const EntityState& entity, Platform platform, const std::string& payload) {
    return broker_.publish(
        {topics_.entity_config(component(platform), device.topic, entity.level), payload, true, 1});
  };
  return std::all_of(announcement.removed.begin(), announcement.removed.end(),
                     [&](const auto* e) { return say(*e, *e->shown_as, {}); }) &&
         std::all_of(announcement.shown.begin(), announcement.shown.end(), [&](const auto* e) {
           return say(*e, e->spec->platform, discovery_.entity_payload(announcement, *e));
         });
}

void Announcer::settle(Devices& devices, Device& device, const Announcement& announcement,
                       Now now) {
  const std::vector<const EntityState*>& removed = announcement.removed;
  const bool first = !std::exchange(device.announced, true);
  device.config_at = now.mono;
  device.config_changed = !removed.empty();  // once more, without what was removed
  for (std::size_t n = device.entities.size(); n-- > 0;) {
    EntityState& entity = *device.entities[n];
    if (std::find(removed.begin(), removed.end(), &entity) != removed.end()) {
      entity.shown_as.reset();
      entity.shown = false;
      if (!entity.forgotten) continue;
      empty_state(topics_, device.topic, entity.level, entity.has_attributes);
      device.erase(entity);
    } else if (visible(entity)) {
      entity.shown_as = entity.spec->platform;
      entity.shown = true;
      if (entity.changed) device.states_due = entity.due = Mono{};
    }
  }
  for (const auto& other : devices.all()) {
    const bool behind = other->parent == &device || (device.is_gateway() && !other->parent);
    if (first && behind && other.get() != &device && other->announced) other->config_changed = true;
  }
  keep(device);
}

DeviceRecord Announcer::record_of(const Device& device) const {
  DeviceRecord record;
  record.id = device.id;
  record.identity = device.identity;
  record.wire_identity = device.wire_identity;
  record.topics = topics_;
  if (device.announced) record.form = options_.discovery;
  const bool off = options_.discovery == Form::off;  // then what has a topic is kept
  for (const auto& entity : device.entities) {
    if (!entity->shown_as && !(off && entity->published)) continue;
    record.components.push_back({std::string(entity->spec->key),
                                 entity->shown_as.value_or(entity->spec->platform),
                                 entity->declared || entity->remembered_declared, entity->by_rule,
                                 entity->has_attributes, entity->decimals, entity->options});
  }
  return record;
}

void Announcer::keep(const Device& device) { memory_.write(device.topic, record_of(device)); }

}  // namespace gridtap::mqtt
