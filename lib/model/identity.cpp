// Who each device is: fixed before anything of it is shown, kept over restarts, and another one
// only when another serial number comes (product.md 4).
#include <algorithm>

#include "model/model.hpp"

namespace gridtap::model {
namespace {

std::string only_id_characters(std::string_view identity) {
  std::string out;
  for (const char c : identity) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_';
    if (fits) out += c;
  }
  return out;
}

void describe(Device& device, const RememberedDevice& earlier) {
  device.serial = earlier.serial;
  device.manufacturer = earlier.manufacturer;
  device.model = earlier.model;
  device.firmware = earlier.firmware;
}

EntitySpec spec_of(const RememberedEntity& entity) {
  const EntitySpec* const row = find_spec(entity.key);
  EntitySpec spec = row != nullptr ? read_only(*row) : EntitySpec{};
  spec.key = entity.key;
  spec.platform = entity.platform;
  return spec;
}

}  // namespace

// A bus sends nothing itself, and what is behind it names it: if known, it is not waited for.
void Model::start() {
  const Now now = clock_.now();
  for (const auto& device : devices_.all()) recall(*device);
  for (const auto& device : devices_.all()) {
    if (device->is_gateway()) continue;
    const bool known = !device->identity.empty();
    const auto wait =
        known ? recalled_wait
              : std::max<std::chrono::seconds>(device->options->identity_wait, first_frame_wait);
    device->identity_due = now.mono + wait;
    schedule(*device);
  }
}

// The gateway, too, stays who it was first: its `base` may have changed.
void Model::recall(Device& device) {
  if (std::exchange(device.recalled, true)) return;
  const auto earlier = earlier_.recall(device.handle);
  if (!earlier) return;
  const bool takes = device.identity.empty() || device.is_gateway();
  if (takes && !earlier->identity.empty()) {
    device.identity = earlier->identity;
    device.wire_identity = earlier->wire_identity;
    if (!device.identified) describe(device, *earlier);
  }
  if (earlier->identity == device.identity) remember(device, earlier->entities);
}

// It may have been called something else in an earlier run.
void Model::adopt(Device& device) {
  if (device.is_gateway()) return;
  for (const RememberedDevice& earlier : earlier_.recall_identity(device.identity)) {
    const bool is_free = devices_.find_handle(earlier.handle) == nullptr &&
                         (earlier.id == device.id || devices_.find(earlier.id, "") == nullptr);
    if (!is_free) continue;
    tell([&](Observer& observer) { observer.on_adopted(device, earlier.handle); });
    return remember(device, earlier.entities);
  }
}

void Model::remember(Device& device, const std::vector<RememberedEntity>& entities) {
  for (const RememberedEntity& each : entities) {
    if (device.find(each.key) != nullptr) continue;  // it has come before the identity
    Entity* const entity = device.add(spec_of(each), Life::remembered);
    if (entity == nullptr) continue;
    entity->remember(
        {each.declared, each.by_rule, each.has_attributes, each.decimals, each.options});
    tell([&](Observer& observer) { observer.on_entity(device, *entity); });
  }
}

// Only a different serial number makes a new device; one that comes late changes nothing.
void Model::learn(Device& device, std::string_view wire, Now now) {
  if (device.is_gateway()) return;
  recall(device);
  Device* const parent = device.parent;
  if (parent != nullptr && !parent->identified && parent->identity.empty()) {
    settle(*parent);  // it sends nothing itself
  }
  const std::string serial = only_id_characters(wire);
  if (serial.empty()) {
    if (!device.identity.empty()) return;
    device.identity_due = std::min(device.identity_due, now.mono + device.options->identity_wait);
    return schedule(device);
  }
  device.identity_due = Mono::max();
  schedule(device);
  if (device.wire_identity == serial && !device.identity.empty()) return;
  const bool late = !device.identity.empty() && device.wire_identity.empty();
  identify(device, late ? device.identity : unused(device, serial), serial);
}

// It had to wait long enough, and goes by its base and id.
void Model::settle(Device& device) {
  device.identity_due = Mono::max();
  schedule(device);
  device.identified = true;
  if (device.identity.empty()) {
    identify(device, unused(device, options_.base + '_' + device.handle), device.wire_identity);
  } else {
    tell([&](Observer& observer) { observer.on_identity(device); });
  }
}

void Model::identify(Device& device, std::string identity, std::string wire_identity) {
  const bool first = device.identity.empty();
  if (!first && device.identity != identity) {
    tell([&](Observer& observer) { observer.on_replaced(device, wire_identity); });
    empty(device);
  }
  device.identity = std::move(identity);
  device.wire_identity = std::move(wire_identity);
  if (first) adopt(device);
  tell([&](Observer& observer) { observer.on_identity(device); });
}

// What this run has declared stays, without a value.
void Model::empty(Device& device) {
  device.each([&](Entity& entity) {
    const bool of_this_run =
        entity.declared() && (entity.life() == Life::declared || entity.life() == Life::seen);
    entity.step(of_this_run ? LifeEvent::emptied : LifeEvent::replaced);
    if (entity.life() == Life::gone) return remove(device, entity);
    entity.forget_value();
  });
}

// Two devices that send one serial number are two all the same.
std::string Model::unused(const Device& device, std::string identity) const {
  const auto used = [&](const std::string& wanted) {
    return std::any_of(devices_.all().begin(), devices_.all().end(), [&](const auto& other) {
      return other.get() != &device && other->identity == wanted;
    });
  };
  if (!used(identity)) return identity;
  std::string own = identity + '_' + device.handle;
  return used(own) ? device.handle + "_device" : own;
}

}  // namespace gridtap::model
