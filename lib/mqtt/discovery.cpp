#include "mqtt/discovery.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "mqtt/payload.hpp"

namespace gridtap::mqtt {
namespace {

using nlohmann::json;

constexpr std::string_view project_url = "https://github.com/gridtap/gridtap";
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

const EntityOverride* override_of(const Announcement& announcement, const model::Entity& entity) {
  for (const EntityOverride& each : announcement.options.entities) {
    if (each.key == entity.spec().key) return &each;
  }
  return nullptr;
}

json device_block(const Announcement& announcement) {
  const model::Device& device = announcement.device;
  json block = {{"ids", json::array({unique(device.identity)})}};
  put(block, "name", device.name);
  put(block, "mf", device.manufacturer);
  put(block, "mdl", device.model);
  put(block, "sw", device.firmware);
  put(block, "sn", device.serial);
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
  return list;
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
  // A meter that sends whole amperes shows no decimals (vocabulary.md, rule 9).
  const bool whole = entity.spec().device_class == "current" && entity.decimals() == 0;
  const bool as_sent = entity.spec().decimals < 0 || whole;
  const int decimals = as_sent ? entity.decimals() : entity.spec().decimals;
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

void put_presentation(json& out, const Announcement& announcement, const model::Entity& entity) {
  const EntityOverride* const wish = override_of(announcement, entity);
  const bool own_icon = wish != nullptr && wish->icon;
  put(out, "ic", own_icon ? std::string_view(*wish->icon) : entity.spec().icon);
  if (entity.spec().category == Category::diagnostic) out["ent_cat"] = "diagnostic";
  if (entity.spec().category == Category::config) out["ent_cat"] = "config";
  const bool enabled = wish != nullptr && wish->enabled ? *wish->enabled : entity.spec().enabled;
  if (!enabled) out["en"] = false;
}

json component_block(const Announcement& announcement, const model::Entity& entity,
                     const BridgeOptions& options, const Topics& topics) {
  const model::Device& device = announcement.device;
  const std::string name = entity_title(announcement, entity);
  const std::string_view platform = component(entity.spec().platform);
  std::string id = slug(device.name + '_' + name);
  if (id.empty()) id = slug(device.handle + '_' + std::string(entity.level()));
  json out = {{"uniq_id", unique(device.identity) + '_' + std::string(entity.level())},
              {"def_ent_id", std::string(platform) + '.' + id},
              {"name", name}};
  put_topics(out, device, entity, topics);
  put_class(out, entity, options);
  put(out, "unit_of_meas", entity.spec().unit);
  put_statistics(out, entity);
  put_platform(out, entity);
  put_presentation(out, announcement, entity);
  return out;
}

}  // namespace

std::string_view component(Platform platform) {
  static constexpr std::string_view names[] = {"sensor", "binary_sensor", "number", "switch",
                                               "button", "select",        "text"};
  return names[static_cast<std::size_t>(platform)];
}

std::string entity_title(const Announcement& announcement, const model::Entity& entity) {
  const EntityOverride* const wish = override_of(announcement, entity);
  const model::Device& device = announcement.device;
  std::string name = wish != nullptr && wish->name ? *wish->name
                     : entity.spec().name.empty()  ? entity_name(entity.spec().key)
                                                   : std::string(entity.spec().name);
  name = printable(name);
  const std::string_view front(name.data(), std::min(name.size(), device.name.size()));
  const bool leads = name.size() > front.size() + 1 && name[front.size()] == ' ' &&
                     slug(front) == slug(device.name);
  if (!leads) return name;
  name.erase(0, front.size() + 1);
  if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string Discovery::device_payload(const Announcement& announcement) const {
  const model::Device& device = announcement.device;
  json components = json::object();
  for (const model::Entity* entity : announcement.shown) {
    json block = component_block(announcement, *entity, options_, topics_);
    block["p"] = component(entity->spec().platform);
    const bool own = entity->spec().line_health || entity->spec().needs_value;
    if (own) block["avty"] = availability(device, *entity, topics_);
    if (entity->spec().needs_value) block["avty_mode"] = "all";
    components[std::string(entity->level())] = std::move(block);
  }
  for (const Announcement::Removal& removal : announcement.removed) {
    components[removal.level] = {{"p", component(removal.platform)}};
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
