#include "mqtt/announcer.hpp"

#include <algorithm>

#include "core/ids.hpp"
#include "model/titles.hpp"

namespace gridtap::mqtt {
namespace {

using Form = BridgeOptions::Discovery;
using model::Life;

// Fit for a config: has a value or takes commands now, or had one in an earlier run.
bool visible(const model::Entity& entity, const EntityNotes& notes) {
  if (!notes.listed) return false;
  switch (entity.life()) {
    case Life::seen:
      return true;
    case Life::declared:
      return entity.takes_commands() || notes.recalled;
    case Life::remembered:
    case Life::missing:
      return !entity.declared();  // what took commands may take none now
    case Life::gone:
      break;
  }
  return false;
}

// Home Assistant has it with another platform.
bool changes_platform(const model::Entity& entity, const EntityNotes& notes) {
  return notes.shown_as && *notes.shown_as != entity.spec().platform;
}

bool has_something(const DeviceNotes& device) {
  bool any = !device.departed.empty();
  device.device->each([&](const model::Entity& entity) {
    const EntityNotes& notes = device.of(entity);
    any = any || visible(entity, notes) || changes_platform(entity, notes);
  });
  return any;
}

ComponentRecord record_of(const model::Entity& entity, Platform platform) {
  return {std::string(entity.key()),
          platform,
          entity.declared(),
          entity.by_rule(),
          entity.has_attributes(),
          entity.decimals(),
          std::string(entity.options())};
}

}  // namespace

Announcer::Announcer(const BridgeOptions& options, const Topics& topics, Broker& broker,
                     AnnouncementStore& store, Log& log, const model::Model& model, Notes& notes)
    : options_(options),
      topics_(topics),
      broker_(broker),
      store_(store),
      log_(log),
      model_(model),
      notes_(notes),
      discovery_(options, topics),
      removals_(broker, store, log),
      earlier_(options, topics, store, log, model, removals_) {}

// ---- changes of the model -----------------------------------------------------------------------

void Announcer::on_device(const model::Device& device) {
  notes_.of(device).config_kept = earlier_.in_place(device.handle);
}

void Announcer::on_entity(const model::Device& device, const model::Entity& entity) {
  DeviceNotes& notes = notes_.of(device);
  EntityNotes& its = notes.of(entity);
  const auto back =
      std::find_if(notes.departed.begin(), notes.departed.end(),
                   [&](const auto& other) { return topic_level(other.key) == entity.level(); });
  if (back != notes.departed.end()) {  // before its removal was published
    its.shown_as = back->platform;
    notes.departed.erase(back);
  }
  if (entity.life() == Life::remembered && !its.recalled) {
    its.recalled = true;
    if (!notes.config_kept) return;
    its.shown_as = entity.spec().platform;
    notes.announced = true;
    return;
  }
  its.listed = its.recalled || entity.declared() || notes.options->announce_unknown_keys ||
               find_spec(entity.key()) != nullptr;
  notes.config_changed |= entity.declared();
}

void Announcer::on_identity(const model::Device& device) {
  DeviceNotes& notes = notes_.of(device);
  notes.config_changed = true;
  if (device.identity.empty()) return;
  if (notes.replaced) {
    removals_.then(device.handle, record_of(device));
  } else if (!std::exchange(notes.adopted, false)) {
    keep(device);
  }
}

// What was announced is handed over before its entities are known.
void Announcer::on_adopted(const model::Device& device, std::string_view handle, Now now) {
  DeviceNotes& notes = notes_.of(device);
  notes.adopted = true;
  notes.config_kept = earlier_.adopt(device, handle, now);
}

void Announcer::on_replaced(const model::Device& device, std::string_view serial) {
  log_.write(
      Level::info, device.handle,
      "another serial number (" + std::string(serial) + "): a new device for Home Assistant");
  DeviceNotes& notes = notes_.of(device);
  if (notes.announced) removals_.config(record_of(device), false);
  device.each([&](const model::Entity& entity) {
    EntityNotes& its = notes.of(entity);
    if (its.published != EntityNotes::never || its.recalled) {
      notes.leftovers.push_back({std::string(entity.level()), entity.has_attributes()});
    }
    its.shown = its.recalled = false;
    its.shown_as.reset();
    its.due = Mono::max();
  });
  for (const ComponentRecord& gone : notes.departed) {
    notes.leftovers.push_back({topic_level(gone.key), gone.has_attributes});
  }
  notes.departed.clear();
  notes.announced = false;
  notes.replaced = true;
}

void Announcer::on_removed(const model::Device& device, const model::Entity& entity) {
  DeviceNotes& notes = notes_.of(device);
  const EntityNotes& its = notes.of(entity);
  if (!its.shown_as) return;
  notes.departed.push_back(mqtt::record_of(entity, *its.shown_as));
  notes.config_changed = true;
}

// ---- removal ------------------------------------------------------------------------------------

void Announcer::purge_leftovers(DeviceNotes& device) {
  for (const DeviceNotes::Leftover& leftover : device.leftovers) {
    removals_.state(topics_, device.device->handle, leftover.level, leftover.attributes);
  }
  device.leftovers.clear();
}

bool Announcer::flush_removals(Now now) {
  if (!has_removals()) return true;
  for (DeviceNotes& device : notes_.all) {
    if (device.replaced) purge_leftovers(device);
  }
  if (!removals_.flush()) return false;
  if (earlier_.take_renamed()) configs_from_ = now.mono + config_gap;
  for (DeviceNotes& device : notes_.all) {
    if (!std::exchange(device.replaced, false)) continue;
    device.config_at = now.mono;
    device.again_at = now.mono + again_after_swap;
    notes_.due.hasten(device.device->index, due(device));
  }
  return true;
}

// ---- announcing ---------------------------------------------------------------------------------

// A child waits for the identity of the device that it is behind.
bool Announcer::ready(const DeviceNotes& notes) const {
  if (options_.discovery == Form::off || !notes.config_changed || notes.replaced) return false;
  const model::Device& device = *notes.device;
  const bool known = device.identified && !device.identity.empty();
  return known && (device.parent == nullptr || !device.parent->identity.empty()) &&
         has_something(notes);
}

Mono Announcer::due(const DeviceNotes& device) const {
  if (!ready(device)) return device.again_at;
  const Mono gap_over = device.config_at ? *device.config_at + config_gap : Mono{};
  return std::max(gap_over, configs_from_);
}

bool Announcer::flush(DeviceNotes& device, Now now) {
  if (due(device) > now.mono) return true;
  if (device.again_at <= now.mono) {
    device.again_at = Mono::max();
    device.config_changed = true;
    if (!ready(device)) return true;
  }
  const Announcement announcement = announcement_of(device);
  if (!publish(announcement)) return false;
  settle(device, announcement, now);
  return true;
}

Announcement Announcer::announcement_of(const DeviceNotes& notes) const {
  const model::Device& device = *notes.device;
  Announcement announcement{device, *notes.options};
  const model::Device* const via = device.parent != nullptr ? device.parent
                                   : device.is_gateway()    ? nullptr
                                                            : model_.all().front().get();
  if (via != nullptr && notes_.of(*via).announced) announcement.via = via->identity;
  for (const ComponentRecord& gone : notes.departed) {
    announcement.removed.push_back({topic_level(gone.key), gone.platform});
  }
  device.each([&](const model::Entity& entity) {
    const EntityNotes& its = notes.of(entity);
    if (changes_platform(entity, its)) {
      announcement.removed.push_back({std::string(entity.level()), *its.shown_as});
    } else if (visible(entity, its)) {
      announcement.shown.push_back(&entity);
    }
  });
  return announcement;
}

bool Announcer::publish(const Announcement& announcement) {
  if (options_.discovery == Form::entity) return publish_each(announcement);
  return broker_.publish({topics_.device_config(Topics::node(announcement.device.identity)),
                          discovery_.device_payload(announcement), true, 1});
}

bool Announcer::publish_each(const Announcement& announcement) {
  const std::string node = Topics::node(announcement.device.identity);
  const auto say = [&](std::string_view level, Platform platform, const std::string& payload) {
    return broker_.publish(
        {topics_.entity_config(model::component(platform), node, level), payload, true, 1});
  };
  return std::all_of(announcement.removed.begin(), announcement.removed.end(),
                     [&](const auto& gone) { return say(gone.level, gone.platform, {}); }) &&
         std::all_of(announcement.shown.begin(), announcement.shown.end(), [&](const auto* entity) {
           return say(entity->level(), entity->spec().platform,
                      discovery_.entity_payload(announcement, *entity));
         });
}

// Home Assistant drops an entity of a device only if its component comes once more with nothing but
// the platform. So what was removed goes out twice: once like that, and a moment later not at all.
// A sensor that becomes a switch is both: removed by the first message, announced by the second. A
// value that waited for its announcement follows at once.
void Announcer::settle(DeviceNotes& device, const Announcement& announcement, Now now) {
  const bool first = !std::exchange(device.announced, true);
  device.config_at = now.mono;
  device.config_changed = !announcement.removed.empty();  // once more, without what was removed
  for (const ComponentRecord& gone : device.departed) {
    removals_.state(topics_, device.device->handle, topic_level(gone.key), gone.has_attributes);
  }
  device.departed.clear();
  device.device->each([&](const model::Entity& entity) {
    EntityNotes& its = device.of(entity);
    if (changes_platform(entity, its)) {
      its.shown_as.reset();
      its.shown = false;
    } else if (visible(entity, its)) {
      its.shown_as = entity.spec().platform;
      its.shown = true;
      if (its.changed) device.states_due = its.due = Mono{};
    }
  });
  removals_.hasten(device.device->handle, now.mono + config_gap);
  if (first) announce_those_behind(*device.device);
  keep(*device.device);
}

// Their configs name the device that they are behind.
void Announcer::announce_those_behind(const model::Device& device) {
  for (DeviceNotes& other : notes_.all) {
    const model::Device& it = *other.device;
    const bool behind = it.parent == &device || (device.is_gateway() && it.parent == nullptr);
    if (!behind || &it == &device || !other.announced) continue;
    other.config_changed = true;
    notes_.due.hasten(it.index, due(other));
  }
}

// ---- the store ----------------------------------------------------------------------------------

DeviceRecord Announcer::record_of(const model::Device& device) const {
  const DeviceNotes& notes = notes_.of(device);
  DeviceRecord record;
  record.id = device.id;
  record.identity = device.identity;
  record.wire_identity = device.wire_identity;
  record.serial = device.serial;
  record.manufacturer = device.manufacturer;
  record.model = device.model;
  record.firmware = device.firmware;
  record.topics = topics_;
  record.node = Topics::node(device.identity);
  if (notes.announced) record.form = options_.discovery;
  const bool off = options_.discovery == Form::off;  // then what has a topic is kept
  device.each([&](const model::Entity& entity) {
    const EntityNotes& its = notes.of(entity);
    if (!its.shown_as && !(off && its.published != EntityNotes::never)) return;
    record.components.push_back(
        mqtt::record_of(entity, its.shown_as.value_or(entity.spec().platform)));
  });
  record.components.insert(record.components.end(), notes.departed.begin(), notes.departed.end());
  return record;
}

void Announcer::keep(const model::Device& device) {
  store_.write(device.handle, record_of(device));
}

}  // namespace gridtap::mqtt
