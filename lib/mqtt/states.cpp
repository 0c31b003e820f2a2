#include "mqtt/states.hpp"

#include <algorithm>
#include <utility>

#include "mqtt/payload.hpp"

namespace gridtap::mqtt {
namespace {

using std::chrono::milliseconds;

Mono floor_to(Mono time, milliseconds tick) { return time - time.time_since_epoch() % tick; }
Mono ceil_to(Mono time, milliseconds tick) {
  const Mono floor = floor_to(time, tick);
  return floor == time ? time : floor + tick;
}

// Relays, alarms and what a person sets are not kept waiting.
bool at_once(const EntityState& entity) { return entity.spec->platform != Platform::sensor; }

bool is_enum(const EntityState& entity) {
  return entity.spec->device_class == "enum" || entity.spec->platform == Platform::select;
}

Mono heartbeat_due(const Device& device, Now now) {
  const milliseconds heartbeat = device.options->heartbeat;
  const Mono due = now.mono + heartbeat;
  return heartbeat < 2 * States::heartbeat_tick ? due : floor_to(due, States::heartbeat_tick);
}

Mono change_due(const Device& device, const EntityState& entity, Now now) {
  if (!entity.published || at_once(entity)) return now.mono;
  // Without an interval a value goes out with its telegram, not at a tick behind it.
  if (device.options->interval == milliseconds{0}) return now.mono;
  const Mono end = ceil_to(*entity.published + device.options->interval, States::interval_tick);
  return std::max(now.mono, end);
}

std::uint8_t qos_of(const EntityState& entity) {
  const Platform platform = entity.spec->platform;
  return platform == Platform::toggle || platform == Platform::binary_sensor ? 1 : 0;
}

void make_due(Device& device, EntityState& entity, Mono due) {
  entity.due = std::min(entity.due, due);
  device.states_due = std::min(device.states_due, entity.due);
}

// A value that Home Assistant does not know yet is announced before it is published.
void take_option(Device& device, EntityState& entity) {
  if (entity.text == "None" || entity.has_option(entity.text)) return;
  if (std::count(entity.options.begin(), entity.options.end(), ',') + 1 >=
      static_cast<std::ptrdiff_t>(max_options)) {
    append(entity.text = {}, Value{});
    return;
  }
  if (!entity.options.empty()) entity.options += ',';
  entity.options += entity.text;
  entity.shown = false;
  device.config_changed = true;
}

void take_first(Device& device, EntityState& entity, const Reading& reading) {
  if (const auto* number = std::get_if<Decimal>(&reading.value)) {
    entity.decimals = std::max<std::int8_t>(0, static_cast<std::int8_t>(-number->exponent));
  }
  entity.by_rule = reading.source == "rule";
  entity.seen = true;
  entity.remembered = false;
  if (!entity.shown) device.config_changed = true;
}

// An entity that had attributes and has none now says so: they are retained. Too long ones are
// left out.
std::string_view attributes_of(const EntityState& entity, const Reading& reading) {
  if (reading.attributes.size() > States::max_attributes) return entity.attributes;
  return reading.attributes.empty() && entity.has_attributes ? "{}" : reading.attributes;
}

void take_attributes(Device& device, EntityState& entity, std::string_view attributes) {
  if (attributes == entity.attributes) return;
  entity.attributes = attributes;
  entity.attributes_changed = true;
  if (!std::exchange(entity.has_attributes, true)) device.config_changed = true;
}

}  // namespace

States::Taken States::take(Device& device, EntityState& entity, const Reading& reading, Now now) {
  if (std::holds_alternative<std::string_view>(reading.value) && entity.numeric()) {
    return Taken::unfit;
  }
  scratch_.clear();
  append_payload(scratch_, reading.value);
  if (!entity.seen) take_first(device, entity, reading);
  entity.stale = false;
  const std::string_view attributes = attributes_of(entity, reading);
  const bool same = scratch_ == entity.text && attributes == entity.attributes;
  if (same && device.options->interval > milliseconds{0}) return Taken::yes;
  entity.text.assign(scratch_);
  take_attributes(device, entity, attributes);
  if (is_enum(entity)) take_option(device, entity);
  entity.changed = true;
  make_due(device, entity, change_due(device, entity, now));
  return Taken::yes;
}

bool States::flush(Device& device, Now now) {
  if (device.states_due > now.mono) return true;
  Mono next = Mono::max();
  for (const auto& entity : device.entities) {
    if (entity->due <= now.mono && !publish(device, *entity, now)) return false;
    next = std::min(next, entity->due);
  }
  device.states_due = next;
  return true;
}

// Nothing that waits for its announcement; a device that is silent does not say its old values
// again and again. What may not go now is made due by the announcement, or by the next change.
bool States::publish(const Device& device, EntityState& entity, Now now) {
  entity.due = Mono::max();
  if (entity.text.empty() || !may_go(entity)) return true;
  const bool fresh = device.online() || device.speaks_offline(entity);
  if (entity.changed || fresh) {
    const std::uint8_t qos = qos_of(entity);
    const auto say = [&](const std::string& topic, std::string_view payload) {
      return broker_.publish({topic, payload, true, qos});
    };
    if ((entity.attributes_changed &&
         !say(topics_.attributes(device.topic, entity.level), entity.attributes)) ||
        !say(topics_.state(device.topic, entity.level), entity.text)) {
      entity.due = now.mono;
      return false;
    }
    entity.changed = entity.attributes_changed = false;
    entity.published = now.mono;
  }
  entity.due = heartbeat_due(device, now);
  return true;
}

bool States::may_go(const EntityState& entity) const {
  if (!waits_for_config_ || entity.shown || !entity.listed) return true;
  const bool new_option = entity.options.size() != entity.spec->options.size();
  return entity.spec->line_health && !new_option;
}

void States::again(Device& device) {
  for (const auto& entity : device.entities) again(device, *entity);
}

void States::again(Device& device, EntityState& entity) {
  entity.changed = true;
  entity.attributes_changed = !entity.attributes.empty();
  make_due(device, entity, Mono{});
}

}  // namespace gridtap::mqtt
