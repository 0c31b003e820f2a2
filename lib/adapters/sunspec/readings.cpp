#include "adapters/sunspec/readings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gridtap::sunspec {
namespace {

constexpr std::uint16_t storage_model = 713;
constexpr std::string_view apparent_key = "apparent_power";
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
bool is_rating(std::string_view key) {
  constexpr std::string_view keys[] = {"power_rated", "power_max", "apparent_power_rated",
                                       "apparent_power_max"};
  return std::find(std::begin(keys), std::end(keys), key) != std::end(keys);
}

// Points of 701 that drafts of the model had without a sign.
bool was_unsigned(std::string_view key) {
  constexpr std::string_view keys[] = {"current_l", "power_factor_l"};
  return starts_with_any(key, keys);
}

// Of a battery that is not there: a level of 0, and nothing else.
bool lacks_battery(const PlacedModel& placed) {
  if (placed.found.id != storage_model) return false;
  return std::all_of(placed.slots.begin(), placed.slots.end(), [&](const Slot& slot) {
    const auto raw = raw_of(slot.point->type, slot.at, placed.words);
    return !raw || (slot.point->name == "SoC" && *raw == 0);
  });
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
  devices_.assign(layout.devices.size(), Device());
  for (std::size_t n = 0; n < layout.devices.size(); ++n) {
    devices_[n].profile = &profile_of("");
    devices_[n].has_inverter = layout.devices[n].has_inverter;
    identify(layout, n, effects);
    choose(layout, n);
    rate(layout, n);
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
  const Profile& profile = profile_of(maker);
  devices_[device].profile = &profile;
  devices_[device].is_plain = !profile.inverted_factors && !profile.unsigned_codes;
  const std::string& channel = layout.devices[device].channel;
  const std::string unique = serial.empty() ? "" : maker + '_' + serial;
  devices_[device].totals = &totals_.try_emplace(channel, settings_.max_power).first->second;
  devices_[device].totals->is_of(unique, !unique.empty());
  effects(Identified{
      channel, {channel, serial, unique, maker, model, version, layout.devices[device].title}});
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

// Nameplates, and what was set below them.
void Readings::rate(Layout& layout, std::size_t device) {
  Device& state = devices_[device];
  state.check = PowerCheck(settings_.max_power);
  for (const PlacedModel& placed : layout.models) {
    if (placed.device != device) continue;
    for (const Slot& slot : placed.slots) {
      if (!is_rating(slot.key)) continue;
      const Value found = value(state, slot, placed.words);
      if (const auto* const watts = std::get_if<Decimal>(&found)) state.check.rate(*watts);
    }
  }
  state.has_power = state.check.most() > Decimal{};
  if (state.has_power) state.totals->carries(state.check.most());
}

// The apparent power of a model is a few points behind its power.
bool Readings::is_implausible(Device& state, const PlacedModel& placed, const Slot& slot,
                              const Value& power, Now now, Effects& effects) {
  const auto* const watts = std::get_if<Decimal>(&power);
  if (watts == nullptr) return false;
  const auto first = placed.slots.begin() + (&slot - placed.slots.data());
  const auto found = std::find_if(first, placed.slots.end(),
                                  [](const Slot& each) { return each.key == apparent_key; });
  std::optional<Decimal> apparent;
  if (found != placed.slots.end()) {
    const Value va = value(state, *found, placed.words);
    if (const auto* const number = std::get_if<Decimal>(&va)) apparent = *number;
  }
  return state.check.withholds(*watts, apparent, now.mono, effects);
}

void Readings::publish(const Layout& layout, PlacedModel& placed, Now now, Effects& effects) {
  const PlacedDevice& device = layout.devices[placed.device];
  Device& state = devices_[placed.device];
  const bool nothing = lacks_battery(placed);
  for (Slot& slot : placed.slots) {
    if (nothing && slot.chosen) effects(Reading{device.channel, slot.key, slot.source, {}});
    if (!nothing && slot.chosen) read(device, state, slot, placed, now, effects);
  }
  const bool inverter = placed.model->role == Role::inverter;
  if (inverter && !state.problem_from) state.problem_from = placed.found.address;
  if (inverter && state.problem_from == placed.found.address) {
    const bool problem = state.fault || state.alarms > 0;
    effects(Reading{device.channel, problem_key, "computed", problem});
  }
  effects(Frame{2U * placed.used, placed.slots.empty()});
}

void Readings::read(const PlacedDevice& device, Device& state, Slot& slot,
                    const PlacedModel& placed, Now now, Effects& effects) {
  const Value found = value(state, slot, placed.words);
  const bool matters = slot.accumulates || slot.watch != Watch::none;
  if (matters && !judge(device, state, slot, placed, found, now, effects)) return;
  Reading& reading = *std::get_if<Reading>(&reading_);
  reading.channel = device.channel;
  reading.key = slot.key;
  reading.source = slot.source;
  reading.value = found;
  effects(reading_);
}

// A value that decides others, or must not be wrong. False: it is not published.
bool Readings::judge(const PlacedDevice& device, Device& state, Slot& slot,
                     const PlacedModel& placed, const Value& found, Now now, Effects& effects) {
  const std::string_view why = why_held(state, slot, placed, found, now, effects);
  if (!why.empty()) {
    held_.hold({device.channel, slot.key, slot.source, found}, why, effects);
    return false;
  }
  if (slot.watch != Watch::none) note(state, slot, found, placed.words, now);
  // Zero of an accumulator: the last one holds.
  return !slot.accumulates || !std::holds_alternative<std::monostate>(found);
}

// Where no power is measured nothing says what a plant carries, and no energy is too much.
std::string_view Readings::why_held(Device& state, const Slot& slot, const PlacedModel& placed,
                                    const Value& value, Now now, Effects& effects) {
  const bool power = slot.watch == Watch::power;
  if (power && is_implausible(state, placed, slot, value, now, effects)) return "implausible";
  const auto* const number = std::get_if<Decimal>(&value);
  if (number == nullptr || !slot.accumulates) return {};
  const bool limited = slot.is_energy && state.has_power;
  return state.totals->judge(
      slot.key, *number, now, effects,
      limited ? MeterTotals::Limit::by_power_later : MeterTotals::Limit::none);
}

Value Readings::value(const Device& state, const Slot& slot, Words words) {
  if (state.is_plain && slot.watch == Watch::none) {
    if (const auto number = plain_number(*slot.point, slot.at, words)) return *number;
  }
  PointSettings settings;
  settings.decimals = slot.decimals;
  settings.signed_accumulator = settings_.signed_accumulators || state.profile->signed_accumulators;
  settings.inverted_factor = state.profile->inverted_factors;
  const Value found = value_of(*slot.point, slot.at, words, settings, scratch_);
  const bool code = state.profile->unsigned_codes && slot.point->type == Type::int16 &&
                    slot.at < words.size() && words[slot.at] == 0xFFFF &&
                    slot.source.starts_with("701.") && was_unsigned(slot.key);
  if (code) return {};
  const bool unknown = std::holds_alternative<std::monostate>(found);
  if (unknown && settings_.night_zero && state.night && is_flow(slot.key)) return Decimal{};
  const bool inverted = (settings_.invert_power && slot.watch == Watch::grid_power) ||
                        (settings_.invert_battery && slot.watch == Watch::battery_flow);
  return inverted ? negated(found) : found;
}

void Readings::note(Device& state, Slot& slot, const Value& value, Words words, Now now) {
  const bool flows = slot.watch == Watch::power || slot.watch == Watch::grid_power;
  if (const auto* const watts = std::get_if<Decimal>(&value); flows && watts != nullptr) {
    const bool away = watts->digits < 0;
    const Decimal size{away ? -watts->digits : watts->digits, watts->exponent}, none{};
    const bool net = slot.key == "power_net";
    const Flow with = away ? Flow::exported : Flow::import;
    const Flow against = away ? Flow::import : Flow::exported;
    state.totals->see(net ? std::optional(with) : flow_of_power(slot.key), size, now);
    if (net) state.totals->see(against, none, now);
    state.has_power = state.has_power || watts->digits != 0;
  }
  if (slot.watch == Watch::state) {
    const auto* const text = std::get_if<std::string_view>(&value);
    state.fault = text != nullptr && *text == "fault";
    state.night = text != nullptr && is_night(*text);
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

void Readings::save(RecordWriter& record) const {
  for (const auto& [channel, totals] : totals_) totals.save(record, channel);
}

void Readings::restore(const Record& record, std::string_view own) {
  constexpr std::size_t most_devices = 64;
  for (const RecordRow& row : record.rows()) {
    const std::string channel(row.text(0).value_or(""));
    const bool ours = own.empty() || channel == own || channel.starts_with(std::string(own) + '_');
    if (row.name != "totals" || !ours || totals_.size() >= most_devices) continue;
    totals_.try_emplace(channel, settings_.max_power).first->second.restore(record, channel);
  }
}

bool Readings::accept() {
  bool any = false;
  for (auto& [channel, totals] : totals_) any = totals.accept({}) || any;
  for (Device& device : devices_) any = device.check.accept() || any;
  return any;
}

bool Readings::asleep() const {
  return std::any_of(devices_.begin(), devices_.end(), [](const Device& device) {
    return device.has_inverter && (device.night || device.dark);
  });
}

}  // namespace gridtap::sunspec
