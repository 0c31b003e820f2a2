#include "mqtt/discovery.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "model/slug.hpp"
#include "model/titles.hpp"
#include "mqtt/payload.hpp"

namespace gridtap::mqtt {
namespace {

using nlohmann::json;

constexpr std::string_view project_url = "https://github.com/gridtap/gridtap";
constexpr std::string_view documentation_url = "https://github.com/gridtap/gridtap#readme";
constexpr std::size_t max_device_text = 128;
constexpr int max_text_command = 255;
constexpr int widest = 1'000'000;  // of a number without limits; Home Assistant's own are 1 to 100

std::string dumped(const json& payload) {
  return payload.dump(-1, ' ', false, json::error_handler_t::replace);
}

// A decimal of the vocabulary as a JSON number; these are short and come back as written.
json number(Decimal value) { return json::parse(to_text(value)); }

std::string unique(std::string_view identity) { return "gridtap_" + std::string(identity); }

void put(json& object, const char* key, std::string_view text) {
  if (!text.empty()) object[key] = model::front_of(printable(text), max_device_text);
}

json device_block(const Announcement& announcement) {
  const model::Device& device = announcement.device;
  json block = {{"ids", json::array({unique(device.identity)})}};
  put(block, "name", device.name);
  put(block, "mf", device.manufacturer);
  put(block, "mdl", device.model);
  put(block, "sw", device.firmware);
  put(block, "sn", device.serial);
  put(block, "sa", announcement.options.area);
  if (device.is_gateway()) block["cu"] = documentation_url;
  if (!announcement.via.empty()) block["via_device"] = unique(announcement.via);
  return block;
}

json origin_block(const BridgeOptions& options) {
  json origin = {{"name", "gridtap"}, {"url", project_url}};
  put(origin, "sw", options.version);
  return origin;
}

// The status topics that must all say `online`.
json availability(const model::Device& device, bool gateway_alone, const Topics& topics) {
  json list = json::array({{{"t", topics.status()}}});
  if (!gateway_alone) list.push_back({{"t", topics.status(device.handle)}});
  return list;
}

// The same for one entity; that of some is their own state, too: while it is not known they are
// unavailable, though the device is there.
json availability(const model::Device& device, const model::Entity& entity, const Topics& topics) {
  json list = availability(device, device.speaks_offline(entity), topics);
  if (entity.spec().needs_value) {
    list.push_back({{"t", topics.state(device.handle, entity.level())},
                    {"val_tpl", "{{ 'offline' if value == 'None' else 'online' }}"}});
  }
  if (!entity.spec().needs.empty()) {
    list.push_back({{"t", topics.state(device.handle, entity.spec().needs)},
                    {"val_tpl", "{{ 'offline' if value in ['None', 'none'] else 'online' }}"}});
  }
  return list;
}

// A value that has another word for people than on its topic: "Line status: none" asks "of what?",
// and a select of Home Assistant takes "none" as unknown.
struct Shown {
  std::string_view key, value, shown;
};
constexpr Shown shown_as[] = {{"cause", "none", "ok"}, {"storage_control_mode", "none", "off"}};

const Shown* shown_of(std::string_view key) {
  const auto* const found = std::find_if(std::begin(shown_as), std::end(shown_as),
                                         [&](const Shown& each) { return each.key == key; });
  return found == std::end(shown_as) ? nullptr : found;
}

json option_list(std::string_view options) {
  json list = json::array();
  while (!options.empty()) {
    const std::string_view word = options.substr(0, options.find(','));
    options.remove_prefix(std::min(word.size() + 1, options.size()));
    list.push_back(word);
  }
  return list;
}

// "{{ 'ok' if value == 'none' else value }}"
std::string in_place_of(std::string_view word, std::string_view other) {
  return "{{ '" + std::string(other) + "' if value == '" + std::string(word) + "' else value }}";
}

void put_shown(json& out, const model::Entity& entity) {
  const Shown* const each = shown_of(entity.key());
  if (each == nullptr || !out.contains("ops")) return;
  std::replace(out["ops"].begin(), out["ops"].end(), json(each->value), json(each->shown));
  out["val_tpl"] = in_place_of(each->value, each->shown);
  if (out.contains("cmd_t")) out["cmd_tpl"] = in_place_of(each->shown, each->value);
}

void put_class(json& out, const model::Entity& entity, const BridgeOptions& options) {
  const std::string_view cls = entity.spec().device_class;
  if (cls == "enum") {
    if (entity.options().empty()) return;  // refused without options
    out["ops"] = option_list(entity.options());
  }
  if (cls != "reactive_energy" || options.reactive_energy_class) put(out, "dev_cla", cls);
}

void put_statistics(json& out, const model::Entity& entity) {
  if (entity.spec().platform != Platform::sensor) return;
  if (entity.spec().statistics == Statistics::measurement) out["stat_cla"] = "measurement";
  if (entity.spec().statistics == Statistics::total_increasing)
    out["stat_cla"] = "total_increasing";
  if (!model::is_numeric(entity.spec())) return;
  const int decimals = model::shown_decimals(entity);
  if (decimals >= 0) out["sug_dsp_prc"] = decimals;
}

void put_platform(json& out, const model::Entity& entity) {
  const EntitySpec& spec = entity.spec();
  switch (spec.platform) {
    case Platform::number:
      out["mode"] = "box";
      out["min"] = spec.min < spec.max ? number(spec.min) : json(-widest);
      out["max"] = spec.min < spec.max ? number(spec.max) : json(widest);
      if (spec.step > Decimal{}) out["step"] = number(spec.step);
      break;
    case Platform::select:
      out["ops"] = option_list(entity.options());
      break;
    case Platform::text:
      out["max"] = max_text_command;
      break;
    case Platform::sensor:
    case Platform::binary_sensor:
    case Platform::toggle:
    case Platform::button:
      break;
  }
}

void put_topics(json& out, const model::Device& device, const model::Entity& entity,
                const Topics& topics) {
  const Platform platform = entity.spec().platform;
  if (platform != Platform::button) out["stat_t"] = topics.state(device.handle, entity.level());
  if (entity.takes_commands()) out["cmd_t"] = topics.set(device.handle, entity.level());
  if (entity.has_attributes())
    out["json_attr_t"] = topics.attributes(device.handle, entity.level());
  if (platform == Platform::toggle || platform == Platform::binary_sensor) out["qos"] = 1;
}

// What Home Assistant shows with an eye: sensors without class and icon.
std::string_view icon_of(const EntitySpec& spec) {
  const bool plain = spec.device_class.empty() || spec.device_class == "enum";
  if (!spec.icon.empty() || spec.platform != Platform::sensor || !plain) return spec.icon;
  if (spec.device_class == "enum") return "mdi:format-list-bulleted";
  if (!model::is_numeric(spec)) return "mdi:text-short";
  return spec.statistics == Statistics::total_increasing ? "mdi:counter" : "mdi:gauge";
}

void put_presentation(json& out, const Announcement& announcement, const model::Entity& entity) {
  const model::EntityOverride* const wish = model::override_of(announcement.device, entity);
  const bool own_icon = wish != nullptr && wish->icon;
  put(out, "ic", own_icon ? std::string_view(*wish->icon) : icon_of(entity.spec()));
  if (entity.spec().category == Category::diagnostic) out["ent_cat"] = "diagnostic";
  if (entity.spec().category == Category::config) out["ent_cat"] = "config";
  if (!model::is_enabled(announcement.device, entity)) out["en"] = false;
}

json component_block(const Announcement& announcement, const model::Entity& entity,
                     const BridgeOptions& options, const Topics& topics) {
  const model::Device& device = announcement.device;
  const std::string name = model::title(announcement.device, entity);
  const std::string_view platform = model::component(entity.spec().platform);
  std::string id = model::slug(name.empty() ? device.name : device.name + '_' + name);
  if (id.empty()) id = model::slug(device.handle + '_' + std::string(entity.level()));
  json out = {{"uniq_id", unique(device.identity) + '_' + std::string(entity.level())},
              {"def_ent_id", std::string(platform) + '.' + id},
              {"name", name.empty() ? json() : json(name)}};
  put_topics(out, device, entity, topics);
  put_class(out, entity, options);
  put(out, "unit_of_meas", entity.spec().unit);
  put_statistics(out, entity);
  put_platform(out, entity);
  put_shown(out, entity);
  put_presentation(out, announcement, entity);
  return out;
}

}  // namespace

std::string Discovery::device_payload(const Announcement& announcement) const {
  const model::Device& device = announcement.device;
  json components = json::object();
  for (const model::Entity* entity : announcement.shown) {
    json block = component_block(announcement, *entity, options_, topics_);
    block["p"] = model::component(entity->spec().platform);
    const bool needs = entity->spec().needs_value || !entity->spec().needs.empty();
    const bool own = entity->spec().line_health || needs;
    if (own) block["avty"] = availability(device, *entity, topics_);
    if (needs) block["avty_mode"] = "all";
    components[std::string(entity->level())] = std::move(block);
  }
  for (const Announcement::Removal& removal : announcement.removed) {
    components[removal.level] = {{"p", model::component(removal.platform)}};
  }
  return dumped({{"dev", device_block(announcement)},
                 {"o", origin_block(options_)},
                 {"avty", availability(device, device.is_gateway(), topics_)},
                 {"avty_mode", "all"},
                 {"cmps", std::move(components)}});
}

std::string Discovery::entity_payload(const Announcement& announcement,
                                      const model::Entity& entity) const {
  const model::Device& device = announcement.device;
  json payload = component_block(announcement, entity, options_, topics_);
  payload["dev"] = device_block(announcement);
  payload["o"] = origin_block(options_);
  payload["avty"] = availability(device, entity, topics_);
  payload["avty_mode"] = "all";
  return dumped(payload);
}

}  // namespace gridtap::mqtt
