#pragma once
// From a command topic to a command that its entity allows: whose it is, and whether the payload is
// exactly what that kind of entity takes. Nothing is guessed: `on`, `1` and `ON ` are refused.

#include <string_view>

#include "mqtt/device.hpp"
#include "mqtt/topics.hpp"

namespace gridtap::mqtt {

inline constexpr std::size_t max_command = 255;  // bytes, of any kind

// The value of a payload: switch ON or OFF, button PRESS, number a decimal within the limits
// (between two steps: who obeys rounds it as the device does), select one of its options, text
// anything printable. Else why not, for a person to read.
Result<Value> check_command(const EntityState& entity, std::string_view payload);

struct Routed {
  Device* device = nullptr;  // null: there is no such device or entity
  EntityState* entity = nullptr;
};
Routed route(Devices& devices, const Topics& topics, std::string_view topic);

}  // namespace gridtap::mqtt
