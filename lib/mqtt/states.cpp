#include "mqtt/states.hpp"

#include <algorithm>
#include <utility>

#include "mqtt/pace.hpp"
#include "mqtt/payload.hpp"

namespace gridtap::mqtt {
namespace {

using std::chrono::milliseconds;

Mono floor_to(Mono time, milliseconds tick) { return time - time.time_since_epoch() % tick; }
Mono ceil_to(Mono time, milliseconds tick) {
  const Mono floor = floor_to(time, tick);
  return floor == time ? time : floor + tick;
}

constexpr milliseconds default_slow{60'000};

// The shortest time between two changes that are published. An interval of zero alone is one for
// all.
milliseconds interval_of(const DeviceOptions& options, Pace pace) {
  if (pace != Pace::slow) return options.interval;
  const bool every = options.interval == milliseconds{0};
  return options.slow_interval.value_or(every ? options.interval
                                              : std::max(options.interval, default_slow));
}

bool is_switch(const model::Entity& entity) { return entity.spec().platform == Platform::toggle; }

Mono heartbeat_due(const DeviceNotes& device, Now now) {
  const milliseconds heartbeat = device.options->heartbeat;
  const Mono due = now.mono + heartbeat;
  return heartbeat < 2 * States::heartbeat_tick ? due : floor_to(due, States::heartbeat_tick);
}

// Never `marked`: how much the newest change is worth is known here.
Pace pace_now(const DeviceOptions& options, const model::Entity& entity, const EntityNotes& notes) {
  const Pace pace = pace_of(entity.spec(), entity.value());
  if (pace != Pace::marked) return pace;
  const auto* const value = std::get_if<Decimal>(&entity.value());
  const bool slow_is_slower = interval_of(options, Pace::slow) > options.interval;
  return !slow_is_slower || value == nullptr ||
                 is_marked(entity.spec(), notes.published_tenths, *value)
             ? Pace::fast
             : Pace::slow;
}

Mono change_due(const DeviceNotes& device, const model::Entity& entity, const EntityNotes& notes,
                Now now) {
  const Pace pace = pace_now(*device.options, entity, notes);
  if (notes.published == EntityNotes::never || pace == Pace::at_once) return now.mono;
  // Without an interval a value goes out with its telegram, not at a tick behind it.
  const milliseconds interval = interval_of(*device.options, pace);
  if (interval == milliseconds{0}) return now.mono;
  const Mono end = ceil_to(notes.published + interval, States::interval_tick);
  return std::max(now.mono, end);
}

std::uint8_t qos_of(const model::Entity& entity) {
  const Platform platform = entity.spec().platform;
  return platform == Platform::toggle || platform == Platform::binary_sensor ? 1 : 0;
}

void make_due(DeviceNotes& device, EntityNotes& entity, Mono due) {
  entity.due = std::min(entity.due, due);
  device.states_due = std::min(device.states_due, entity.due);
}

}  // namespace

bool States::heard(DeviceNotes& device, const model::Entity& entity, const model::Change& change,
                   Now now) {
  EntityNotes& notes = device.of(entity);
  if (!device.leftovers.empty()) {
    std::erase_if(device.leftovers,
                  [&](const auto& leftover) { return leftover.level == entity.level(); });
  }
  if (change.first && !notes.shown) device.config_changed = true;
  // With every telegram go measurements: who sees a switch published sees it move.
  const Pace pace = pace_now(*device.options, entity, notes);
  const bool again = interval_of(*device.options, pace) == milliseconds{0} && !is_switch(entity);
  if (!change.any() && !again) return false;
  // A value that Home Assistant does not know yet is announced before it is published.
  if (change.option) notes.shown = false;
  if (change.option || change.described) device.config_changed = true;
  notes.changed = true;
  notes.attributes_changed |= change.attributes;
  make_due(device, notes, change_due(device, entity, notes, now));
  return true;
}

bool States::flush(DeviceNotes& device, Now now) {
  if (device.states_due > now.mono) return true;
  Mono next = Mono::max();
  for (std::size_t slot = 0; slot < device.entities.size(); ++slot) {
    EntityNotes& notes = device.entities[slot];
    if (notes.due <= now.mono && !publish(device, *device.device->at(slot), notes, now)) {
      return false;
    }
    next = std::min(next, notes.due);
  }
  device.states_due = next;
  return true;
}

// Nothing that waits for its announcement; a device that is silent does not publish its old values
// again and again. What may not go now is made due by the announcement, or by the next change.
bool States::publish(const DeviceNotes& device, const model::Entity& entity, EntityNotes& notes,
                     Now now) {
  notes.due = Mono::max();
  if (!entity.has_value() || !may_go(entity, notes)) return true;
  if (notes.changed || device.device->online() || device.device->speaks_offline(entity)) {
    if (!say(*device.device, entity, notes)) {
      notes.due = now.mono;
      return false;
    }
    notes.changed = false;
    notes.published = now.mono;
    const auto* number = std::get_if<Decimal>(&entity.value());
    notes.published_tenths = number == nullptr ? no_tenths : tenths_of(*number);
  }
  notes.due = heartbeat_due(device, now);
  return true;
}

// What has gone out is not due again: a broker with room for one message at a time would else get
// the attributes for ever, and never the state.
bool States::say(const model::Device& device, const model::Entity& entity, EntityNotes& notes) {
  const std::uint8_t qos = qos_of(entity);
  if (notes.attributes_changed && !entity.attributes().empty() &&
      !broker_.publish(
          {topics_.attributes(device.handle, entity.level()), entity.attributes(), true, qos})) {
    return false;
  }
  notes.attributes_changed = false;
  topic_.clear();
  topics_.append_state(topic_, device.handle, entity.level());
  payload_.clear();
  append_payload(payload_, entity.value());
  return broker_.publish({topic_, payload_, true, qos});
}

bool States::may_go(const model::Entity& entity, const EntityNotes& notes) const {
  if (!waits_for_config_ || notes.shown || !notes.listed) return true;
  const bool new_option = entity.options().size() != entity.spec().options.size();
  return entity.spec().line_health && !new_option;
}

void States::again(DeviceNotes& device) {
  device.device->each([&](const model::Entity& entity) { again(device, device.of(entity)); });
}

void States::again(DeviceNotes& device, EntityNotes& entity) {
  entity.changed = entity.attributes_changed = true;
  make_due(device, entity, Mono{});
}

}  // namespace gridtap::mqtt
