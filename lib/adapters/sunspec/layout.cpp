#include "adapters/sunspec/layout.hpp"

#include <algorithm>
#include <utility>

#include "core/vocabulary.hpp"

namespace gridtap::sunspec {
namespace {

constexpr std::uint16_t header_size = 2;
constexpr std::uint16_t not_counted = 0xFFFF;
constexpr std::string_view number_mark = "<N>";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

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

Layout lay_out(const std::vector<FoundModel>& chain, std::string_view channel,
               const std::vector<std::string>& experts) {
  Layout layout;
  layout.devices.push_back({std::string(channel), false});
  bool common_seen = false;
  for (const FoundModel& found : chain) {
    if (found.id == common_model && std::exchange(common_seen, true)) {
      const std::string number = std::to_string(layout.devices.size());
      layout.devices.push_back(
          {channel.empty() ? number : std::string(channel) + '_' + number, false});
    }
    PlacedModel placed{find_model(found.id), found};
    placed.device = layout.devices.size() - 1;
    for (const PlacedModel& other : layout.models) {
      if (other.found.id == found.id && other.device == placed.device) ++placed.instance;
    }
    if (placed.model != nullptr) {
      PlacedDevice& device = layout.devices.back();
      device.has_inverter = device.has_inverter || placed.model->role == Role::inverter;
    }
    layout.models.push_back(std::move(placed));
  }
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
