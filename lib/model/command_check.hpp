#pragma once
// Whether a command is exactly what its entity takes. Nothing is guessed: `on`, `1` and `ON ` are
// refused. Every face asks here before it hands a command on.

#include <string_view>

#include "model/entity.hpp"

namespace gridtap::model {

inline constexpr std::size_t max_command = 255;  // bytes, of any kind

// The value of a command: switch ON or OFF, button PRESS, number a decimal within the limits
// (between two steps: the device rounds it in its own way), select one of its options, text
// anything printable. Else why not, for a person to read.
Result<Value> check_command(const Entity& entity, std::string_view payload);

}  // namespace gridtap::model
