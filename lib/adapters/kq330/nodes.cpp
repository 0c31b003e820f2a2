#include "adapters/kq330/nodes.hpp"

#include <algorithm>

namespace gridtap::kq330 {

void Nodes::declare(Effects& effects) {
  meet("", effects);
  for (const OwnKey& key : keys_.all()) {
    for (const std::string& node : key.nodes) meet(node, effects);
  }
}

// The first time: its identity, and the keys that the configuration describes.
bool Nodes::meet(std::string_view channel, Effects& effects) {
  if (met_.contains(channel)) return true;
  if (met_.size() > most) return false;
  met_.emplace(channel);
  const std::string_view model = channel.empty() ? "Power-line modem" : "Power-line node";
  effects(Identified{channel, {channel, "", "", "KQ-330", model, ""}});
  for (const OwnKey& key : keys_.all()) {
    EntitySpec spec = key.spec;
    const bool obeys = std::find(key.nodes.begin(), key.nodes.end(), channel) != key.nodes.end();
    if (!key.nodes.empty() && !obeys) spec = read_only(spec);
    effects(Entity{channel, &spec});
  }
  return true;
}

void Nodes::read(std::string_view channel, std::span<const Named> values, bool guarded,
                 Effects& effects) {
  if (!meet(channel, effects)) {
    too_many_nodes_.say("more than " + std::to_string(most) + " nodes: `" + std::string(channel) +
                            "` and those that follow are not shown. Divide them among several "
                            "modems",
                        effects);
    return effects(Unknown{channel, "node", "one of too many"});
  }
  for (const Named& named : values) read(channel, named, guarded, effects);
  if (!channel.empty()) effects(Alive{channel, periods_of_grace * period_});
}

void Nodes::read(std::string_view channel, const Named& named, bool guarded, Effects& effects) {
  const OwnKey* const key = keys_.named(named.name);
  if (!is_known(channel, named.name, key, effects)) {
    return effects(Unknown{channel, named.name, named.text});
  }
  const std::string_view name = key != nullptr ? std::string_view(key->key) : named.name;
  const bool is_switch = key != nullptr && key->spec.platform == Platform::toggle;
  const Reading reading{channel, name, named.name,
                        is_switch ? position_of(named.text) : value_of(named.text)};
  const auto* const number = std::get_if<Decimal>(&reading.value);
  if (number != nullptr && guarded) {
    const Doubt doubt = guard_.judge(std::string(channel) + ' ' + std::string(name), *number);
    if (doubt == Doubt::unconfirmed) return;
    if (doubt != Doubt::none) return effects(Held{reading, text_of(doubt)});
  }
  const bool below = number != nullptr && key != nullptr && key->least && *number < *key->least;
  const bool above = number != nullptr && key != nullptr && key->most && *number > *key->most;
  if (below || above) return effects(Held{reading, text_of(Doubt::left_range)});
  effects(reading);
}

// Names that are not configured: a limited number, as any sender can invent them.
bool Nodes::is_known(std::string_view channel, std::string_view name, const OwnKey* key,
                     Effects& effects) {
  if (key != nullptr || find_spec(name) != nullptr) return true;
  const std::string what = std::string(channel) + ' ' + std::string(name);
  if (unknown_.contains(what)) return true;
  if (unknown_.size() >= most_unknown_keys) {
    too_many_names_.say("more than " + std::to_string(most_unknown_keys) +
                            " names that no setting describes: `" + std::string(name) +
                            "` and those that follow are not shown. Write them under `entities`",
                        effects);
    return false;
  }
  unknown_.insert(what);
  return true;
}

}  // namespace gridtap::kq330
