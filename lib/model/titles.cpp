#include "model/titles.hpp"

#include <algorithm>
#include <iterator>

#include "core/json_text.hpp"
#include "model/slug.hpp"

namespace gridtap::model {
namespace {

// The counter of a meter behind the meter; not where there are two of them.
bool is_nameless(const Device& device, const Entity& entity) {
  if (device.parent == nullptr || !is_main_feature(entity.key())) return false;
  bool alone = true;
  device.each([&](const Entity& other) {
    alone = alone && (&other == &entity || !is_main_feature(other.key()));
  });
  return alone;
}

// What follows where a name begins as its device's name ends: "Clock" of "Meter clock" for the
// device "House meter". Empty where it does not.
std::string_view behind_device(std::string_view name, std::string_view device) {
  for (std::size_t begin = 0; begin < device.size(); begin = device.find(' ', begin) + 1) {
    const std::string_view end = device.substr(begin);
    const bool leads = name.size() > end.size() + 1 && name[end.size()] == ' ' &&
                       slug(name.substr(0, end.size())) == slug(end);
    if (leads) return name.substr(end.size() + 1);
    if (end.find(' ') == end.npos) break;
  }
  return {};
}

// A number, or a single word that means nothing without the one before it.
bool says_nothing(std::string_view rest) {
  static constexpr std::string_view words[] = {"average", "count", "full",  "left",  "live",
                                               "max",     "min",   "name",  "now",   "off",
                                               "on",      "set",   "state", "total", "type"};
  const bool number = rest[0] >= '0' && rest[0] <= '9';
  return number || std::find(std::begin(words), std::end(words), slug(rest)) != std::end(words);
}

}  // namespace

std::string_view component(Platform platform) {
  static constexpr std::string_view names[] = {"sensor", "binary_sensor", "number", "switch",
                                               "button", "select",        "text"};
  return names[static_cast<std::size_t>(platform)];
}

const EntityOverride* override_of(const Device& device, const Entity& entity) {
  for (const EntityOverride& each : device.options->entities) {
    if (each.key == entity.key()) return &each;
  }
  return nullptr;
}

bool is_enabled(const Device& device, const Entity& entity) {
  const EntityOverride* const wish = override_of(device, entity);
  return wish != nullptr && wish->enabled ? *wish->enabled : entity.spec().enabled;
}

int shown_decimals(const Entity& entity) {
  const int wanted = entity.spec().decimals, sent = entity.decimals();
  return wanted < 0 || sent < 0 ? std::max(wanted, sent) : std::min(wanted, sent);
}

std::string title(const Device& device, const Entity& entity) {
  const EntityOverride* const wish = override_of(device, entity);
  const bool own = wish != nullptr && wish->name;
  if (!own && entity.spec().name.empty() && is_nameless(device, entity)) return {};
  std::string name = printable(own                          ? *wish->name
                               : entity.spec().name.empty() ? entity_name(entity.key())
                                                            : std::string(entity.spec().name));
  std::string rest(behind_device(name, device.name));
  if (rest.empty() || says_nothing(rest)) return name;
  if (rest[0] >= 'a' && rest[0] <= 'z') rest[0] = static_cast<char>(rest[0] - 'a' + 'A');
  return rest;
}

}  // namespace gridtap::model
