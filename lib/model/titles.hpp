#pragma once
// What people read of an entity, and whether they see it at first: the same on every face.

#include <string>
#include <string_view>

#include "model/device.hpp"

namespace gridtap::model {

// "switch" for a toggle; the others as the enumerator.
std::string_view component(Platform platform);

// What the configuration says of the entity; null where it says nothing.
const EntityOverride* override_of(const Device& device, const Entity& entity);

// Its name beside that of its device: the override, the spec's own name, else that of the key, in
// each case without the words that the device's name ends with, unless the rest says nothing.
// Empty: the name of the device is enough.
std::string title(const Device& device, const Entity& entity);

// Shown unless it is asked for otherwise: Home Assistant gets the others disabled.
bool is_enabled(const Device& device, const Entity& entity);

// How many decimals of its numbers people see; -1: all. A meter that sends whole amperes or volts
// shows no decimals that it never sent.
int shown_decimals(const Entity& entity);

}  // namespace gridtap::model
