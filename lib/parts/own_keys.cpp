#include "parts/own_keys.hpp"

#include <algorithm>

#include "core/sensor_class.hpp"

namespace gridtap {
namespace {

Words class_names() {
  Words words;
  for (const SensorClass& row : sensor_classes()) words.push_back(row.name);
  return words;
}

// Of a key that no table knows; the vocabulary's has its unit and class already.
void read_unit(OwnKey& key, Section& entity) {
  key.unit = entity.text("unit");
  key.device_class = entity.choice("class", class_names(), "");
  const SensorClass* const row = find_sensor_class(key.device_class);
  if (row != nullptr && !row->takes(key.unit)) {
    entity.problem("unit", "class " + key.device_class +
                               (row->units.empty() ? " has no unit"
                                                   : " has one of " + std::string(row->units)));
  }
  const bool counts = entity.flag("total", row != nullptr && row->counts);
  if (row != nullptr && row->counts != counts) {
    entity.problem("total", row->counts ? "class " + key.device_class + " is always a total"
                                        : "no class of measurements is a total");
  }
  key.spec.statistics = counts                                ? Statistics::total_increasing
                        : row != nullptr || !key.unit.empty() ? Statistics::measurement
                                                              : Statistics::none;
}

void read_command(OwnKey& key, Section& entity, const NameRule& rule) {
  const std::string set = entity.choice("set", {"switch", "number"}, "");
  key.nodes = entity.texts("node");
  for (const std::string& node : key.nodes) {
    if (!rule.takes(node)) entity.problem("node", std::string(rule.text));
  }
  key.least = entity.number("min");
  key.most = entity.number("max");
  if (key.least && key.most && !(*key.least < *key.most)) {
    entity.problem("max", "must be above `min`");
  }
  const auto step = entity.number("step");
  if (set.empty()) return;
  if (key.nodes.empty()) entity.problem("", "`set` needs `node`, the node that takes it");
  key.spec.platform = set == "switch" ? Platform::toggle : Platform::number;
  key.spec.statistics = Statistics::none;
  if (set == "switch") key.unit.clear();
  if (set == "switch") key.device_class.clear();
  if (key.least) key.spec.min = *key.least;
  if (key.most) key.spec.max = *key.most;
  if (step) key.spec.step = *step;
}

}  // namespace

void OwnKeys::describe(OwnKey& key, Section entity, const NameRule& node) {
  entity.accept("name");  // whoever shows it reads these
  entity.accept("enabled");
  if (const EntitySpec* const row = find_spec(key.key)) {
    key.unit = row->unit;
    key.device_class = row->device_class;
    for (const std::string_view fixed : {"unit", "class", "total"}) {
      entity.accept(fixed);
      if (entity.has(fixed)) {
        entity.problem(fixed, '`' + key.key + "` has its unit already: " + key.unit);
      }
    }
  } else {
    read_unit(key, entity);
  }
  read_command(key, entity, node);
  entity.finish();
  key.spec.unit = key.unit;
  key.spec.device_class = key.device_class;
}

OwnKeys OwnKeys::read(Section& section, const NameRule& rule, const NameRule& node) {
  OwnKeys keys;
  Section names = section.section("keys");
  for (const std::string& name : names.names()) {
    if (!rule.takes(name)) names.problem(name, std::string(rule.text));
    keys.add(name, names.text(name));
  }
  names.finish();
  Section entities = section.section("entities");
  for (const std::string& key : entities.names()) {
    const auto known = std::find_if(keys.keys_.begin(), keys.keys_.end(),
                                    [&](const OwnKey& other) { return other.key == key; });
    describe(known == keys.keys_.end() ? keys.add(key, key) : *known, entities.section(key), node);
  }
  if (keys.keys_.size() > most) section.problem("entities", "at most 128 of them");
  return keys;
}

OwnKey& OwnKeys::add(std::string name, std::string key) {
  OwnKey& added = keys_.emplace_back();
  added.name = std::move(name);
  added.key = std::move(key);
  if (const EntitySpec* const row = find_spec(added.key)) added.spec = read_only(*row);
  added.spec.key = added.key;
  return added;
}

const OwnKey* OwnKeys::named(std::string_view name) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [&](const OwnKey& key) { return key.name == name; });
  return found == keys_.end() ? nullptr : &*found;
}

const OwnKey* OwnKeys::find(std::string_view wanted) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const OwnKey& key) { return key.key == wanted; });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace gridtap
