#include "adapters/sunspec/readings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gridtap::sunspec {
namespace {

constexpr std::size_t serial_registers = 16, version_registers = 8;
constexpr int dark_share = 50;  // less than a fiftieth of the most: the sun goes down

bool starts_with_any(std::string_view key, std::span<const std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view begin) { return key.starts_with(begin); });
}

bool is_flow(std::string_view key) {
  constexpr std::string_view flows[] = {"power_l", "current", "dc_power", "dc_current"};
  return key == "power" || starts_with_any(key, flows);
}
bool is_night(std::string_view state) {
  return state == "off" || state == "sleeping" || state == "standby";
}
Value negated(const Value& value) {
  const auto* const number = std::get_if<Decimal>(&value);
  return number == nullptr ? value : Value{Decimal{-number->digits, number->exponent}};
}

}  // namespace

void Readings::begin(Layout& layout, Effects& effects) {
  devices_.assign(layout.devices.size(), {});
  for (std::size_t n = 0; n < layout.devices.size(); ++n) {
    devices_[n].profile = &profile_of("");
    identify(layout, n, effects);
    choose(layout, n);
  }
}

void Readings::identify(const Layout& layout, std::size_t device, Effects& effects) {
  std::string maker, model, version, serial;
  for (const PlacedModel& placed : layout.models) {
    if (placed.device != device || placed.found.id != common_model) continue;
    maker = text_at(maker_at, serial_registers, placed.words);
    model = text_at(model_at, serial_registers, placed.words);
    version = text_at(version_at, version_registers, placed.words);
    serial = text_at(serial_at, serial_registers, placed.words);
  }
  devices_[device].profile = &profile_of(maker);
  const std::string& channel = layout.devices[device].channel;
  const std::string unique = serial.empty() ? "" : maker + '_' + serial;
  effects(Identified{channel, {channel, serial, unique, maker, model, version}});
}

// Of several models with one key the first that has it: until the next discovery.
void Readings::choose(Layout& layout, std::size_t device) {
  std::vector<std::pair<Slot*, std::array<int, 2>>> owners;  // not implemented goes last; then rank
  for (PlacedModel& placed : layout.models) {
    if (placed.device != device) continue;
    const bool hidden = placed.found.id == 123 && devices_[device].profile->unverifiable_controls;
    for (Slot& slot : placed.slots) {
      slot.chosen = false;
      if (hidden) continue;
      const bool unknown =
          std::holds_alternative<std::monostate>(value(devices_[device], slot, placed.words));
      const std::array<int, 2> order = {unknown ? 1 : 0, rank_of(placed.found.id)};
      const auto owner = std::find_if(owners.begin(), owners.end(), [&](const auto& other) {
        return other.first->key == slot.key;
      });
      if (owner == owners.end()) {
        owners.emplace_back(&slot, order);
      } else if (order < owner->second) {
        *owner = {&slot, order};
      }
    }
  }
  for (const auto& [slot, order] : owners) slot->chosen = true;
}

void Readings::publish(const Layout& layout, PlacedModel& placed, Now now, Effects& effects) {
  const PlacedDevice& device = layout.devices[placed.device];
  Device& state = devices_[placed.device];
  for (Slot& slot : placed.slots) {
    if (slot.chosen) read(device, state, slot, placed.words, now, effects);
  }
  if (placed.model->role == Role::inverter && placed.instance == 0) {
    const bool problem = state.fault || state.alarms > 0;
    effects(Reading{device.channel, problem_key, "computed", problem});
  }
  effects(Frame{2U * placed.used, placed.slots.empty()});
}

void Readings::read(const PlacedDevice& device, Device& state, Slot& slot, Words words, Now now,
                    Effects& effects) {
  const Value found = value(state, slot, words);
  if (slot.watch != Watch::none) note(state, slot, found, words);
  const bool unknown = std::holds_alternative<std::monostate>(found);
  if (slot.accumulates && unknown) return;  // zero of an accumulator: the last one holds
  const Reading reading{device.channel, slot.key, slot.source, found};
  if (const auto* number = std::get_if<Decimal>(&found); number != nullptr && slot.accumulates) {
    const std::string_view why = slot.total.judge(*number, now.mono, {});
    if (!why.empty()) return effects(Held{reading, why});
  }
  effects(reading);
}

Value Readings::value(const Device& state, const Slot& slot, Words words) {
  PointSettings settings;
  settings.decimals = slot.decimals;
  settings.signed_accumulator = settings_.signed_accumulators || state.profile->signed_accumulators;
  settings.inverted_factor = state.profile->inverted_factors;
  const Value found = value_of(*slot.point, slot.at, words, settings, scratch_);
  const bool unknown = std::holds_alternative<std::monostate>(found);
  if (unknown && settings_.night_zero && state.night && is_flow(slot.key)) return Decimal{};
  const bool inverted = (settings_.invert_power && slot.watch == Watch::grid_power) ||
                        (settings_.invert_battery && slot.watch == Watch::battery_flow);
  return inverted ? negated(found) : found;
}

void Readings::note(Device& state, Slot& slot, const Value& value, Words words) {
  if (slot.watch == Watch::state) {
    const auto* const text = std::get_if<std::string_view>(&value);
    state.fault = text != nullptr && *text == "fault";
    state.night = text == nullptr || is_night(*text);
  } else if (slot.watch == Watch::power) {
    const auto* const power = std::get_if<Decimal>(&value);
    if (power != nullptr && *power > state.most_power) state.most_power = *power;
    const auto share = power == nullptr ? std::nullopt : multiply(*power, {dark_share, 0});
    state.dark = !share || *share < state.most_power;
  } else if (slot.watch == Watch::alarm) {
    const bool set = raw_of(slot.point->type, slot.at, words).value_or(0) != 0;
    if (set == std::exchange(slot.raised, set)) return;
    state.alarms += set ? 1 : -1;
  }
}

bool Readings::asleep() const {
  return std::any_of(devices_.begin(), devices_.end(),
                     [](const Device& device) { return device.night || device.dark; });
}

}  // namespace gridtap::sunspec
