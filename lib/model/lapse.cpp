// What a device sends no longer while it sends the rest, or what is refused: the old value must not
// go on as if it were the newest, so it becomes unknown after three of its own periods.
#include <algorithm>

#include "model/model.hpp"

namespace gridtap::model {
namespace {

// A lease that is no measure of silence: such a device is online as long as its line is open.
constexpr std::chrono::hours endless{26};
constexpr std::chrono::minutes instead_of_endless{5};

bool is_online_by_its_line(const Device& device) { return device.lease > endless; }

// Behind another device the `stale` of the configuration does not count.
Mono::duration stale_of(const Device& device) {
  const bool own = device.parent == nullptr && device.options->stale > std::chrono::seconds{0};
  if (own) return device.options->stale;
  return is_online_by_its_line(device) ? Mono::duration(instead_of_endless) : device.lease;
}

// From when on it counts: what came before a silence of the whole device has its time again.
Mono begin_of(const Device& device, const Entity& entity) {
  return std::max(entity.at(), device.online_since);
}

// duration::max(): it holds for good, or is unknown already.
Mono::duration validity_of(const Device& device, const Entity& entity) {
  const bool known = entity.has_value() && !std::holds_alternative<std::monostate>(entity.value());
  return known ? entity.validity(stale_of(device)) : Mono::duration::max();
}

// A device that sends nothing at all will be offline soon, and has left out no single value.
bool sends_others(const Device& device, const Entity& entity, Mono::duration validity) {
  return is_online_by_its_line(device) || device.heard - begin_of(device, entity) >= validity / 2;
}

}  // namespace

// A value where there was none, or one whose period is known now: lapse() looks at it in time.
void Model::watch(Device& device, const Entity& entity) {
  const Mono::duration validity = validity_of(device, entity);
  if (validity == Mono::duration::max()) return;
  const Mono due = begin_of(device, entity) + validity;
  if (due >= device.lapse_due) return;
  device.lapse_due = due;
  schedule(device);
}

void Model::came_online(Device& device, Now now) {
  device.online_since = now.mono;
  device.lapse_due = now.mono + stale_of(device);
  schedule(device);
}

// Of a device that is offline nothing is shown; came_online() goes on.
void Model::lapse(Device& device, Now now) {
  device.lapse_due = Mono::max();
  if (!device.online()) return;
  std::string names;
  device.each([&](Entity& entity) {
    const Mono::duration validity = validity_of(device, entity);
    if (validity == Mono::duration::max()) return;
    Mono due = begin_of(device, entity) + validity;
    if (due <= now.mono && !sends_others(device, entity, validity)) due = now.mono + validity / 4;
    if (due > now.mono) {
      device.lapse_due = std::min(device.lapse_due, due);
      return;
    }
    const Change change = entity.lapse();
    tell([&](Observer& observer) { observer.on_value(device, entity, change, now); });
    names += (names.empty() ? "" : ", ") + std::string(entity.level());
  });
  if (names.empty()) return;
  lapsed_.write(Level::info, device.handle,
                "no longer sent, or held back, and so unknown from now on: " + names, now);
}

}  // namespace gridtap::model
