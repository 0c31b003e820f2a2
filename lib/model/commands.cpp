#include "model/commands.hpp"

#include <utility>

#include "model/command_check.hpp"

namespace gridtap::model {

void command(Model& model, const Device& device, const Entity& entity, std::string_view payload,
             std::optional<Mono> expires, const OnCommand& on_command, Now now) {
  if (expires && *expires <= now.mono) {
    return refuse(model, device, entity, payload, "it expired on its way (message expiry interval)",
                  now);
  }
  const Result<Value> value = check_command(entity, payload);
  if (!value) return refuse(model, device, entity, payload, value.error().detail, now);
  const std::string key(entity.key()), channel = device.channel;  // may change under the call
  on_command(device.id, {channel, key, *value, payload, expires});
}

// By the model, like what a device refuses: every face hears of it.
void refuse(Model& model, const Device& device, const Entity& entity, std::string_view payload,
            std::string reason, Now now) {
  const std::string key(entity.key());
  model.on_effect(device.id,
                  Rejected{device.channel, key, payload, {Fault::refused, std::move(reason)}}, now);
}

}  // namespace gridtap::model
