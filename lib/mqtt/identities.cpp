#include "mqtt/identities.hpp"

#include <algorithm>

namespace gridtap::mqtt {
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

}  // namespace

void Identities::start(Now now) {
  for (const auto& device : devices_.all()) {
    if (device->is_gateway()) continue;
    const auto wait =
        std::max<std::chrono::seconds>(device->options->identity_wait, first_frame_wait);
    device->identity_due = now.mono + wait;
  }
}

// Only a different serial number makes a new device; one that comes late changes nothing.
void Identities::learn(Device& device, std::string_view wire, Now now) {
  if (device.is_gateway()) return;
  announcer_.recall(device);
  if (device.parent != nullptr && !device.parent->identified && device.parent->identity.empty()) {
    device.parent->identity_due = now.mono;  // it says nothing itself
    settle(now);
  }
  const std::string serial = only_id_characters(wire);
  if (serial.empty()) {
    const Mono due = now.mono + device.options->identity_wait;
    if (device.identity.empty()) device.identity_due = std::min(device.identity_due, due);
    return;
  }
  device.identity_due = Mono::max();
  if (device.wire_identity == serial && !device.identity.empty()) return;
  const bool late = !device.identity.empty() && device.wire_identity.empty();
  announcer_.identify(device, late ? device.identity : unused(device, serial), serial);
}

void Identities::settle(Now now) {
  for (const auto& device : devices_.all()) {
    if (device->identity_due > now.mono) continue;
    device->identity_due = Mono::max();
    device->identified = true;
    device->config_changed = true;
    if (!device->identity.empty()) continue;
    announcer_.identify(*device, unused(*device, device->topic), device->wire_identity);
  }
}

// Two devices that send one serial number are two to Home Assistant all the same.
std::string Identities::unused(const Device& device, std::string identity) const {
  const auto used = [&](const std::string& wanted) {
    return std::any_of(devices_.all().begin(), devices_.all().end(), [&](const auto& other) {
      return other.get() != &device && other->identity == wanted;
    });
  };
  if (!used(identity)) return identity;
  std::string own = identity + '_' + device.topic;
  return used(own) ? device.topic + "_device" : own;
}

}  // namespace gridtap::mqtt
