#include "web/state_json.hpp"

#include <algorithm>

#include "model/titles.hpp"
#include "web/json_writer.hpp"

namespace gridtap::web {
namespace {

using model::Device;
using model::Entity;

void append_options(std::string& out, std::string_view options) {
  out += '[';
  while (!options.empty()) {
    const std::string_view option = options.substr(0, options.find(','));
    options.remove_prefix(std::min(option.size() + 1, options.size()));
    append_json(out, option);
    if (!options.empty()) out += ',';
  }
  out += ']';
}

void write_spec(JsonObject& json, const Device& device, const Entity& entity) {
  const EntitySpec& spec = entity.spec();
  json.any("unit", spec.unit);
  json.any("class", spec.device_class);
  if (spec.category == Category::diagnostic) json.text("category", "diagnostic");
  if (spec.category == Category::config) json.text("category", "config");
  if (!model::is_enabled(device, entity)) json.raw("enabled", "false");
  const int decimals = model::is_numeric(spec) ? model::shown_decimals(entity) : -1;
  if (decimals >= 0) json.raw("decimals", std::to_string(decimals));
  if (spec.statistics == Statistics::measurement) json.text("statistics", "measurement");
  if (spec.statistics == Statistics::total_increasing) json.text("statistics", "total_increasing");
  if (spec.line_health) json.raw("health", "true");
  json.any("needs", spec.needs);
  if (spec.needs_value) json.raw("needs_value", "true");
}

void write_limits(JsonObject& json, const Entity& entity) {
  const EntitySpec& spec = entity.spec();
  if (!entity.options().empty()) append_options(json.name("options"), entity.options());
  if (spec.platform != Platform::number) return;
  if (spec.min < spec.max) {
    json.text("min", to_text(spec.min));
    json.text("max", to_text(spec.max));
  }
  if (spec.step > Decimal{}) json.text("step", to_text(spec.step));
}

void append_entity(std::string& out, const Device& device, const Entity& entity, Now now) {
  JsonObject json(out);
  json.text("key", entity.level());
  json.text("name", model::title(device, entity));
  json.text("platform", model::component(entity.spec().platform));
  write_spec(json, device, entity);
  write_limits(json, entity);
  if (!entity.has_value()) return;
  json.text("value", value_text(entity));
  if (const auto at = utc_text(entity.at(), now)) json.text("at", *at);
  if (!entity.attributes().empty()) json.raw("attributes", entity.attributes());
}

void append_entities(std::string& out, const Device& device, const Shown& shown, Now now) {
  out += '[';
  const std::size_t begin = out.size();
  device.each([&](const Entity& entity) {
    if (!shown.entity(device, entity)) return;
    if (out.size() > begin) out += ',';
    append_entity(out, device, entity, now);
  });
  out += ']';
}

void append_devices(std::string& out, const model::Model& model, const Device* only,
                    const Shown& shown, Now now) {
  out += '[';
  const std::size_t begin = out.size();
  for (const Device* const device : shown.devices(model)) {
    if (only != nullptr && device != only) continue;
    if (out.size() > begin) out += ',';
    append_device(out, *device, shown, now);
  }
  out += ']';
}

}  // namespace

std::string value_text(const Entity& entity) { return to_text(entity.value()); }

std::optional<std::string> utc_text(Mono moment, Now now) {
  if (!now.wall) return {};
  std::string text;
  append_utc(text, *now.wall - std::chrono::floor<std::chrono::milliseconds>(now.mono - moment));
  return text;
}

Mono heard_of_line(const Device& device) {
  Mono newest{};
  device.each([&](const Entity& entity) {
    if (entity.has_value() && !entity.by_rule()) newest = std::max(newest, entity.at());
  });
  return newest;
}

std::string_view status_text(const Device& device) {
  return device.online() ? "online" : "offline";
}

void append_device(std::string& out, const Device& device, const Shown& shown, Now now) {
  JsonObject json(out);
  json.text("id", device.handle);
  json.text("name", device.name);
  json.text("status", status_text(device));
  const Mono heard = heard_of_line(device);
  const auto at = heard == Mono{} ? std::nullopt : utc_text(heard, now);
  if (at) json.text("heard", *at);
  if (device.parent != nullptr) json.text("via", device.parent->handle);
  json.any("manufacturer", device.manufacturer);
  json.any("model", device.model);
  json.any("serial", device.serial);
  json.any("firmware", device.firmware);
  append_entities(json.name("entities"), device, shown, now);
}

std::string state_json(const model::Model& model, const Device* only, const Shown& shown,
                       const StateOptions& options, Now now) {
  std::string out;
  {
    JsonObject json(out);
    json.text("version", options.version);
    if (const auto at = utc_text(now.mono, now)) json.text("now", *at);
    json.any("time_zone", options.time_zone);
    json.text("language", options.language);
    json.raw("commands", options.commands ? "true" : "false");
    if (options.history) json.raw("history", "true");
    append_devices(json.name("devices"), model, only, shown, now);
  }
  return out;
}

}  // namespace gridtap::web
