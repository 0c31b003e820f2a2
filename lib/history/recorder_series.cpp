// Which readings are of which series.
#include <algorithm>
#include <utility>

#include "core/ids.hpp"
#include "history/recorder.hpp"
#include "history/series.hpp"

namespace gridtap::history {

using model::Device;
using model::Entity;

Recorder::DeviceNote& Recorder::note_of(const Device& device) {
  if (device.index >= notes_.size()) notes_.resize(device.index + 1);
  return notes_[device.index];
}

Recorder::DeviceNote& Recorder::root_note_of(const Device& device) {
  return note_of(device.parent != nullptr ? *device.parent : device);
}

Recorder::Use& Recorder::use_of(const Device& device, const Entity& entity) {
  auto& uses = note_of(device).entities;
  if (entity.slot() >= uses.size()) uses.resize(entity.slot() + std::size_t{1});
  return uses[entity.slot()];
}

Recorder::Use Recorder::decided(const Device& device, const Entity& entity) {
  Use use{none, none};
  const std::string_view seldom = register_of_live(entity.level());
  if (device.find_level(seldom) != nullptr && choice_.takes(device.handle, seldom)) {
    use.shaped = place_of(device, seldom, device.find_level(seldom)->spec());
  }
  if (!choice_.takes(device.handle, entity.level())) return use;
  use.own = place_of(device, entity.level(), entity.spec());
  if (use.own == none) return use;
  Series& series = at(use.own);
  series.device = &device;
  series.entity = entity.slot();
  return use;
}

std::int16_t Recorder::place_of(const Device& device, std::string_view key,
                                const EntitySpec& spec) {
  auto head = head_of(device.handle + '/' + std::string(key), spec);
  if (!head) return none;
  const auto known = std::find_if(series_.begin(), series_.end(), [&](const auto& series) {
    return series->head.name == head->name;
  });
  if (known == series_.end()) return add(device, *std::move(head));
  const bool is_same = (*known)->head.kind == head->kind && (*known)->head.unit == head->unit;
  if (!is_same || (*known)->is_refused) return none;
  return static_cast<std::int16_t>(known - series_.begin());
}

std::int16_t Recorder::add(const Device& device, SeriesHead head) {
  if (!has_room(head)) return none;
  Series& series = *series_.emplace_back(std::make_unique<Series>(std::move(head)));
  series.device = &device;
  GrowthSlots* const growth = series.growth();
  if (growth != nullptr && note_of(device).replaced != nullptr) growth->forget();
  take_kept(series);
  return series.is_refused ? none : static_cast<std::int16_t>(series_.size() - 1);
}

bool Recorder::has_room(const SeriesHead& head) {
  if (series_.size() < max_series) return true;
  if (!std::exchange(limit_told_, true)) {
    log_.write(Level::warning, gateway_device,
               "history: more than " + std::to_string(max_series) + " values: " + head.name +
                   " and those that follow have none; choose fewer with `series`");
  }
  return false;
}

// An entity that is new may be what another one waits for, or another one in its place.
void Recorder::on_entity(const Device& device, const Entity&) { note_of(device).entities.clear(); }

void Recorder::on_removed(const Device& device, const Entity& entity) {
  for (const auto& series : series_) {
    if (series->device != &device || series->entity != entity.slot()) continue;
    const Now now = clock_.now();
    HeldSlots* const held = series->held();
    if (held != nullptr && now.wall) held->unknown(*now.wall);
    series->device = nullptr;
    series->holds_until = {};
  }
  note_of(device).entities.clear();
}

}  // namespace gridtap::history
