#include "adapters/sunspec/layout.hpp"

#include <algorithm>
#include <utility>

#include "core/letter_case.hpp"
#include "core/vocabulary.hpp"

namespace gridtap::sunspec {
namespace {

constexpr std::uint16_t header_size = 2;
constexpr std::uint16_t not_counted = 0xFFFF;
constexpr std::string_view number_mark = "<N>";

std::string expert_key(std::uint16_t model, std::string_view name) {
  std::string key = "m" + std::to_string(model) + '_';
  for (const char c : name) key += c == '.' ? '_' : lower(c);
  return key;
}

// A meter beside an inverter, and the second of a kind: their keys say so.
std::string part_of(const PlacedModel& placed, const PlacedDevice& device) {
  const std::string number = placed.instance > 0 ? std::to_string(placed.instance + 1) : "";
  const Role role = placed.model->role;
  if (role == Role::meter && (device.has_inverter || placed.instance > 0)) {
    return "meter" + number + '_';
  }
  return role == Role::inverter && placed.instance > 0 ? "inverter" + number + '_' : "";
}

std::string source_of(const PlacedModel& placed, const std::string& name) {
  std::string source = std::to_string(placed.found.id);
  if (placed.instance > 0) source += '#' + std::to_string(placed.instance + 1);
  return source + '.' + name;
}

Watch watch_of(std::string_view key, std::string_view point) {
  if (key == "state") return Watch::state;
  if (key == "power") return Watch::power;
  if (point == "Evt1" || point == "Evt2" || point == "Alrm") return Watch::alarm;
  if (key == "battery_power" || key == "battery_current") return Watch::battery_flow;
  return key.find("power_net") != key.npos ? Watch::grid_power : Watch::none;
}

Slot slot_of(const Point& point, std::size_t at, std::string key, std::string source) {
  Slot slot{&point, static_cast<std::uint16_t>(at), std::move(key), std::move(source)};
  slot.watch = watch_of(slot.key, point.name);
  if (const EntitySpec* const spec = find_spec(slot.key)) {
    slot.accumulates = spec->statistics == Statistics::total_increasing;
    slot.is_energy =
        slot.accumulates && (spec->unit == "kWh" || spec->unit == "kvarh" || spec->unit == "kVAh");
    if (spec->decimals >= 0) slot.decimals = spec->decimals;
  }
  return slot;
}

bool fits(const Point& point, std::size_t at, std::uint16_t length) {
  return at + registers_of(point.type) <= std::size_t{header_size} + length;
}

void use(PlacedModel& placed, const Point& point, std::size_t at) {
  const std::size_t end = std::max(at + registers_of(point.type), point.factor + std::size_t{1});
  placed.used = static_cast<std::uint16_t>(std::max<std::size_t>(
      placed.used, std::min<std::size_t>(end, header_size + placed.found.length)));
}

void add_slots(PlacedModel& placed, const PlacedDevice& device,
               const std::vector<std::string>& experts) {
  const std::string part = part_of(placed, device);
  for (const Point& point : placed.model->points) {
    if (!fits(point, point.at, placed.found.length)) continue;
    std::string key = part + std::string(point.key);
    if (point.key.empty()) {
      key = expert_key(placed.found.id, point.name);
      if (std::find(experts.begin(), experts.end(), key) == experts.end()) continue;
    }
    const std::string source = source_of(placed, std::string(point.name));
    placed.slots.push_back(slot_of(point, point.at, std::move(key), source));
    use(placed, point, point.at);
  }
}

// How many of the kind are in the models of the device before this one.
std::size_t groups_before(const Layout& layout, const PlacedModel& placed) {
  std::size_t count = 0;
  for (const PlacedModel& other : layout.models) {
    if (&other == &placed) break;
    const bool same = other.model == placed.model && other.device == placed.device;
    if (same) count += group_count(*other.model, other.found.length, not_counted);
  }
  return count;
}

}  // namespace

std::size_t group_count(const Model& model, std::uint16_t length, std::uint16_t said) {
  const Group& group = model.group;
  if (group.size == 0) return 0;
  const std::size_t fixed = group.begin - std::size_t{header_size};
  const std::size_t room = length > fixed ? (length - fixed) / group.size : 0;
  if (group.count_at == 0) return room;
  return said == not_counted ? 0 : std::min<std::size_t>(room, said);
}

void add_group_slots(Layout& layout, PlacedModel& placed, std::uint16_t said) {
  const Group& group = placed.model->group;
  const bool there = std::any_of(placed.slots.begin(), placed.slots.end(),
                                 [&](const Slot& slot) { return slot.at >= group.begin; });
  if (group.size == 0 || there) return;
  const std::size_t before = groups_before(layout, placed);
  const std::size_t count = group_count(*placed.model, placed.found.length, said);
  for (std::size_t n = 0; n < count; ++n) {
    for (const Point& point : group.points) {
      const std::size_t at = point.at + n * group.size;
      std::string key(point.key);
      key.replace(key.find(number_mark), number_mark.size(), std::to_string(before + n + 1));
      std::string name = std::to_string(n + 1) + '.' + std::string(point.name);
      placed.slots.push_back(slot_of(point, at, std::move(key), source_of(placed, name)));
      use(placed, point, at);
    }
  }
}

// "meter" for a device of meter models, "battery" for one of storage; nothing for any other.
std::string_view kind_of(const Layout& layout, std::size_t device) {
  std::string_view kind;
  for (const PlacedModel& placed : layout.models) {
    if (placed.device != device || placed.model == nullptr) continue;
    if (placed.model->role == Role::inverter) return "inverter";
    if (placed.model->role == Role::meter) kind = "meter";
    const bool storage = placed.found.id == 802 || placed.found.id == 713;
    if (storage && kind.empty()) kind = "battery";
  }
  return kind;
}

// The second meter is "meter 2".
void name_devices(Layout& layout) {
  for (std::size_t n = 1; n < layout.devices.size(); ++n) {
    const std::string_view kind = kind_of(layout, n);
    if (kind.empty()) continue;
    std::size_t number = 1;
    for (std::size_t before = 1; before < n; ++before) number += kind_of(layout, before) == kind;
    const std::string& unit = layout.devices.front().channel;
    layout.devices[n].title = unit.empty() ? std::string(kind) : unit + ' ' + std::string(kind);
    if (number > 1) layout.devices[n].title += ' ' + std::to_string(number);
  }
}

bool is_der(std::uint16_t id) {
  return (id >= 120 && id <= 124) || id == 160 || (id >= 701 && id <= 715) || id == 802;
}

bool holds(const Layout& layout, std::size_t device, Role role) {
  return std::any_of(layout.models.begin(), layout.models.end(), [&](const PlacedModel& placed) {
    return placed.device == device && placed.model != nullptr && placed.model->role == role &&
           !is_der(placed.found.id);
  });
}

bool is_inverter(const Layout& layout, std::size_t device) {
  return std::any_of(layout.models.begin(), layout.models.end(), [&](const PlacedModel& placed) {
    return placed.device == device && placed.model != nullptr &&
           placed.model->role == Role::inverter;
  });
}

// A firmware that brings the 7xx models puts them at the end of the chain, behind the meter's
// common model. A meter has no state, no controls and no battery: they are those of the nearest
// inverter before it.
void return_to_inverter(Layout& layout) {
  for (std::size_t device = 1; device < layout.devices.size(); ++device) {
    if (!holds(layout, device, Role::meter) || holds(layout, device, Role::inverter)) continue;
    std::size_t owner = device;
    while (owner > 0 && (owner == device || !is_inverter(layout, owner))) --owner;
    if (!is_inverter(layout, owner)) continue;
    for (PlacedModel& placed : layout.models) {
      if (placed.device == device && is_der(placed.found.id)) placed.device = owner;
    }
  }
}

void number_instances(Layout& layout) {
  for (std::size_t n = 0; n < layout.models.size(); ++n) {
    PlacedModel& placed = layout.models[n];
    for (std::size_t before = 0; before < n; ++before) {
      const PlacedModel& other = layout.models[before];
      if (other.found.id == placed.found.id && other.device == placed.device) ++placed.instance;
    }
    if (placed.model == nullptr || placed.model->role != Role::inverter) continue;
    layout.devices[placed.device].has_inverter = true;
  }
}

Layout lay_out(const std::vector<FoundModel>& chain, std::string_view channel,
               const std::vector<std::string>& experts) {
  Layout layout;
  layout.devices.push_back({std::string(channel)});
  bool common_seen = false;
  for (const FoundModel& found : chain) {
    if (found.id == common_model && std::exchange(common_seen, true)) {
      const std::string number = std::to_string(layout.devices.size());
      layout.devices.push_back({channel.empty() ? number : std::string(channel) + '_' + number});
    }
    PlacedModel placed{find_model(found.id), found};
    placed.device = layout.devices.size() - 1;
    layout.models.push_back(std::move(placed));
  }
  return_to_inverter(layout);
  number_instances(layout);
  name_devices(layout);
  for (PlacedModel& placed : layout.models) {
    if (placed.model == nullptr) continue;
    add_slots(placed, layout.devices[placed.device], experts);
    if (placed.found.id == common_model) {
      placed.used =
          static_cast<std::uint16_t>(header_size + std::min<int>(placed.found.length, 66));
    }
    if (placed.model->group.count_at == 0) add_group_slots(layout, placed, not_counted);
    // A counted group is read whole until its count is known.
    if (placed.model->group.count_at > 0) {
      placed.used = static_cast<std::uint16_t>(header_size + placed.found.length);
    }
    placed.words.assign(placed.used, 0);
  }
  return layout;
}

}  // namespace gridtap::sunspec
