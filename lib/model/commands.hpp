#pragma once
// The way of every command from a face to a device: checked, then handed on; refused where it is
// not what its entity takes. All faces go this way, so that none of them allows what another one
// forbids, and a refusal is known to all of them.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/model.hpp"

namespace gridtap::model {

// Takes a command that has passed its checks, to the session of the device.
using OnCommand = std::function<void(std::string_view device, const Command&)>;

// `expires`: who sent it does not want it to be obeyed after that. A refusal, now or later, comes
// by Observer::on_rejected().
void command(Model& model, const Device& device, const Entity& entity, std::string_view payload,
             std::optional<Mono> expires, const OnCommand& on_command, Now now);

// For a reason of the face itself.
void refuse(Model& model, const Device& device, const Entity& entity, std::string_view payload,
            std::string reason, Now now);

}  // namespace gridtap::model
