#pragma once
// The house as JSON for the page: a device with everything, and the parts of it that change alone.
// In the forms that site.hpp shows.

#include <optional>
#include <string>
#include <string_view>

#include "web/shown.hpp"

namespace gridtap::web {

struct StateOptions {
  std::string version = {}, time_zone = {}, language = "auto";
  bool commands = true;
  bool history = false;  // one is kept
};

// The text of its state topic.
std::string value_text(const model::Entity& entity);

// "2026-11-28T12:00:01Z" of a moment of this run; nothing until the clock is set.
std::optional<std::string> utc_text(Mono moment, Now now);

// When the line of the device last brought a value of it; Mono{}: not in this run.
Mono heard_of_line(const model::Device& device);

std::string_view status_text(const model::Device& device);

void append_device(std::string& out, const model::Device& device, const Shown& shown, Now now);

// `only`: null for the whole house.
std::string state_json(const model::Model& model, const model::Device* only, const Shown& shown,
                       const StateOptions& options, Now now);

}  // namespace gridtap::web
