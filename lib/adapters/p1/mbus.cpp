#include "adapters/p1/mbus.hpp"

#include <algorithm>

#include "adapters/p1/values.hpp"

namespace gridtap::p1 {
namespace {

using namespace std::chrono_literals;

// Device types of EN 13757-3 and what they measure; `name` is the topic's suffix.
struct Medium {
  int type;
  std::string_view name, key;
  Quantity quantity;
};
constexpr std::array<Medium, 12> media = {{
    {2, "electricity", "mbus_electricity", Quantity::energy},
    {3, "gas", "gas", Quantity::volume},
    {4, "heat", "heat", Quantity::heat},
    {6, "hot_water", "hot_water", Quantity::volume},
    {7, "water", "water", Quantity::volume},
    {8, "heat_cost", "heat_cost", Quantity::none},
    {10, "cooling", "cooling", Quantity::heat},
    {11, "cooling", "cooling", Quantity::heat},
    {12, "heat", "heat", Quantity::heat},
    {13, "heat", "heat", Quantity::heat},
    {21, "hot_water", "hot_water", Quantity::volume},
    {22, "water", "water", Quantity::volume},
}};

// What any of them may have beside its counter; gas may come as energy.
constexpr std::string_view gas_energy_key = "gas_energy", valve_key = "valve",
                           reading_time_key = "reading_time", ean_key = "ean";

const Medium* medium_of(int type) {
  const auto found = std::find_if(media.begin(), media.end(),
                                  [&](const Medium& medium) { return medium.type == type; });
  return found == media.end() ? nullptr : &*found;
}

// What no house draws, in the unit of the key for a second: 40 m3 of gas and 10 m3 of water an
// hour, 100 kW of heat; gas that is sent as energy at 45 MJ to the cubic metre.
std::optional<Decimal> most_of(std::string_view key) {
  if (key == "gas") return Decimal{11112, -6};
  if (key == "water" || key == "hot_water") return Decimal{2778, -6};
  if (key == "heat" || key == "cooling") return Decimal{1, -4};
  if (key == gas_energy_key) return Decimal{5, -4};
  if (key == "mbus_electricity") return most_per_second;
  return {};  // the unit of a heat cost allocator is not known
}

bool is_energy(Quantity quantity) {
  return quantity == Quantity::energy || quantity == Quantity::heat;
}

// The unit decides where type and unit disagree: gas may come as energy, heat in kWh.
bool unit_fits(const Medium& medium, Quantity quantity) {
  if (medium.name == "heat_cost") return quantity != Quantity::unknown;
  if (medium.name == "electricity") return quantity == Quantity::energy;
  if (medium.name == "gas") return quantity == Quantity::volume || is_energy(quantity);
  if (medium.quantity == Quantity::heat) return is_energy(quantity);
  return quantity == medium.quantity;
}

// 24.2.1 first, then 24.2.3, 24.3.0, 24.2.0, .2, .4, .5 (p1.md 6); -1: no reading.
int rank_of(const Object& object) {
  if (object.c != 24) return -1;
  if (object.d == 3) return object.e == 0 ? 2 : object.e == 1 ? 7 : -1;
  if (object.d != 2) return -1;
  constexpr std::array<int, 6> ranks = {3, 0, 4, 1, 5, 6};
  return object.e < ranks.size() ? ranks[object.e] : -1;
}

std::string_view first_group(const Object& object) { return trim(object.first); }

// Behind the medium, the id of a meter that has none: its channel.
constexpr std::array<std::string_view, MBus::channels> channel_marks = {"#1", "#2", "#3", "#4"};

std::string_view channel_of(const Object& object) {
  const std::size_t begin = object.code.find('-') + 1;
  return object.code.substr(begin, object.code.find(':') - begin);
}

// The medium of a meter named `gas` or `gas_2`; empty where it is no such name.
std::string_view medium_named(std::string_view name) {
  for (const Medium& medium : media) {
    if (!name.starts_with(medium.name)) continue;
    const std::string_view number = name.substr(medium.name.size());
    const bool counted = number.size() > 1 && number.size() < 4 && number[0] == '_' &&
                         number.find_first_not_of("0123456789", 1) == number.npos;
    if (number.empty() || counted) return medium.name;
  }
  return {};
}

std::string_view valve_position(std::string_view text) {
  if (text == "0") return "closed";
  if (text == "1") return "open";
  return text == "2" ? "ready" : std::string_view{};
}

// (time)(value*unit); the old form is (time)(status)(minutes)(count)(reference)(unit)(value).
std::optional<Number> number_of(const Object& object) {
  std::string_view groups = object.groups;
  take_group(groups);
  if (object.d != 3) {
    const auto group = take_group(groups);
    return group ? parse_number(*group) : std::nullopt;
  }
  for (int skipped = 0; skipped < 4; ++skipped) take_group(groups);
  const auto unit = take_group(groups), value = take_group(groups);
  if (!unit || !value) return {};
  return parse_number(std::string(trim(*value)) + '*' + std::string(trim(*unit)));
}

}  // namespace

void MBus::publish(const Lines& lines, std::optional<Instant> time, std::chrono::milliseconds lease,
                   Now now, std::pmr::memory_resource* scratch, Effects& effects) {
  Slots slots{Slot(scratch), Slot(scratch), Slot(scratch), Slot(scratch)};
  const Context in{time, lease, now, slots, effects};
  bool any = false;
  Slot day_list(scratch);
  for (const Object& object : lines.objects) {
    if (is_of_day_list(object)) collect_day_list(in, object, day_list);
    if (object.a != 0 || object.b == 0) continue;
    any = true;
    collect(in, object);
  }
  if (!day_list.candidates.empty()) place_day_list(in, day_list);
  if (!any && day_list.candidates.empty()) return;
  for (Slot& slot : slots) choose(in, slot);
  drop_exchanged(in);
  for (std::size_t channel = 0; channel < channels; ++channel)
    publish_slot(in, channel, slots[channel]);
}

// A telegram lists the objects of a channel in any order, and may have several readings of one
// meter: Belgian gas as 24.2.1 or as 24.2.3 (not corrected for temperature), DSMR 2 and 3 as 24.3.0
// with its value in the next line. Which one counts depends on the device type, which may come
// last. So everything is collected first, and choose() decides.
void MBus::collect(const Context& in, const Object& object) {
  const std::uint32_t code = packed(object);
  const std::string_view channel = channel_of(object);
  if (code == packed(0, 96, 3, 10)) return;  // a relay of the meter itself
  if (object.b > channels || object.f != 255) return say_unknown(in, object, channel);
  Slot& slot = in.slots[object.b - 1u];
  if (code == packed(0, 24, 1, 0)) {
    const auto type = parse_number(first_group(object));
    const bool is_type = type && type->value.exponent == 0 && type->value.digits <= 255;
    if (is_type && slot.type < 0) slot.type = static_cast<int>(type->value.digits);
  } else if (code == packed(0, 96, 1, 0) || code == packed(0, 96, 1, 1)) {
    if (slot.id.empty() && is_set_id(first_group(object))) slot.id = first_group(object);
  } else if (code == packed(0, 96, 1, 2)) {
    slot.ean = &object;
  } else if (code == packed(0, 24, 4, 0)) {
    slot.valve = &object;
  } else if (const int rank = rank_of(object); rank >= 0) {
    Candidate candidate{&object, {}, number_of(object), false, false, rank};
    const std::optional<Instant> reference = in.time ? in.time : in.now.wall;
    if (const auto read = parse_time(first_group(object))) {
      candidate.time = clock_.resolve(*read, reference);
    }
    const bool sane = candidate.time && MeterClock::is_sane(candidate.time->instant, reference);
    candidate.available = sane && candidate.number && candidate.number->quantity != Quantity::none;
    slot.candidates.push_back(candidate);
  } else {
    say_unknown(in, object, channel);
  }
}

// Of several readings: available ones, of these those whose unit fits, of these the first in order.
void MBus::choose(const Context& in, Slot& slot) {
  const Medium* medium = medium_of(slot.type);
  if (medium == nullptr) return;
  for (Candidate& candidate : slot.candidates) {
    const bool counts = medium->name == "heat_cost" && candidate.time && candidate.number;
    if (counts) candidate.available = MeterClock::is_sane(candidate.time->instant, in.time);
    candidate.fits = candidate.number && unit_fits(*medium, candidate.number->quantity);
    if (!candidate.available || !candidate.fits) continue;
    if (slot.chosen == nullptr || candidate.rank < slot.chosen->rank) slot.chosen = &candidate;
  }
  slot.live = slot.chosen != nullptr;
}

// Age is measured against the telegram's own time, never ours; without one, against the newest
// reading in it.
void MBus::drop_exchanged(const Context& in) {
  const auto newest_of = [&](std::string_view medium) {
    Instant newest{};
    for (const Slot& slot : in.slots) {
      if (slot.chosen == nullptr) continue;
      const bool counts = medium.empty() || medium_of(slot.type)->name == medium;
      if (counts) newest = std::max(newest, slot.chosen->time->instant);
    }
    return newest;
  };
  const Instant reference = in.time.value_or(newest_of({}));
  for (Slot& slot : in.slots) {
    if (!slot.live || reference - slot.chosen->time->instant <= old_reading) continue;
    slot.live = reference - newest_of(medium_of(slot.type)->name) >= old_reading;
  }
  drop_repeated(in.slots);
}

// A meter that stands on two channels: its newer reading counts.
void MBus::drop_repeated(Slots& slots) {
  for (std::size_t n = 1; n < channels; ++n) {
    for (std::size_t before = 0; before < n; ++before) {
      Slot &first = slots[before], &second = slots[n];
      const bool same = first.live && second.live && !first.id.empty() && first.id == second.id &&
                        medium_of(first.type)->name == medium_of(second.type)->name;
      if (!same) continue;
      const bool newer = second.chosen->time->instant > first.chosen->time->instant;
      (newer ? first : second).live = false;
    }
  }
}

void MBus::publish_slot(const Context& in, std::size_t channel, const Slot& slot) {
  const std::string name(1, static_cast<char>('1' + channel));
  for (const Candidate& candidate : slot.candidates) {
    if (slot.live && &candidate == slot.chosen) continue;
    if (slot.type != 0) say_unknown(in, *candidate.object, name);
  }
  if (!slot.live) return;
  Meter& meter = meter_of(in, slot, channel);
  identify(in, channel, slot, meter);
  publish_reading(in, name, slot, meter);
  if (slot.valve != nullptr) publish_valve(in, name, *slot.valve);
  const Instant read = slot.chosen->time->instant;
  if (meter.reading != read) meter.changed = in.now.mono;
  meter.reading = read;
  const bool stale =
      in.time ? *in.time - read > stale_reading : in.now.mono - meter.changed > stale_reading;
  in.effects(Alive{name, stale ? 0ms : in.lease});
}

void MBus::publish_valve(const Context& in, std::string_view channel, const Object& object) {
  const std::string_view text = first_group(object);
  const std::string_view position = valve_position(text);
  if (position.empty() && !text.empty()) return say_unknown(in, object, channel);
  const Value value = position.empty() ? Value{} : Value{position};
  in.effects(Reading{channel, valve_key, object.code, value, in.time});
}

void MBus::identify(const Context& in, std::size_t channel, const Slot& slot, Meter& meter) {
  if (meter.identified[channel]) return;
  for (Meter& other : meters_) other.identified.reset(channel);
  meter.identified.set(channel);
  const std::string name(1, static_cast<char>('1' + channel));
  const std::string serial(trim(shown(decode_text(slot.id, HexText::id))));
  const std::string identity = slot.id.empty() ? std::string{} : identity_of(slot.id);
  std::string model(medium_of(slot.type)->name);
  std::replace(model.begin(), model.end(), '_', ' ');
  if (model != "heat cost") model += " meter";
  model[0] = static_cast<char>(model[0] - 'a' + 'A');
  in.effects(Identified{name, {meter.name, serial, identity, "M-Bus", model, ""}});
}

void MBus::publish_reading(const Context& in, std::string_view channel, const Slot& slot,
                           Meter& meter) {
  const Medium& medium = *medium_of(slot.type);
  const Candidate& chosen = *slot.chosen;
  const std::string_view source = chosen.object->code;
  const Instant at = chosen.time->instant;
  const bool gas_energy = medium.name == "gas" && chosen.number->quantity != Quantity::volume;
  const bool to_heat = chosen.number->quantity == Quantity::energy &&
                       medium.name != "electricity" && medium.name != "heat_cost";
  const Decimal value = to_heat ? to_gigajoule(chosen.number->value) : chosen.number->value;
  const Reading reading{channel, gas_energy ? gas_energy_key : medium.key, source, value, at};
  const std::string_view why = meter.total.judge(value, {in.now.mono, at}, most_of(reading.key));
  if (why.empty()) {
    in.effects(reading);
  } else {
    held_.hold(reading, why, in.effects);
  }
  in.effects(Reading{channel, reading_time_key, source, *chosen.time, at});
  if (slot.ean == nullptr) return;
  const std::string ean = shown(decode_text(first_group(*slot.ean), HexText::id));
  if (is_set_id(first_group(*slot.ean)))
    in.effects(Reading{channel, ean_key, slot.ean->code, trim(ean), in.time});
}

void MBus::say_unknown(const Context& in, const Object& object, std::string_view channel) {
  in.effects(Unknown{channel, object.code, object.groups});
}

// ---- names --------------------------------------------------------------------------------------

// One id may be on two channels: a meter of heat and cooling has two counters.
bool MBus::is_of(const Meter& meter, const Slot& slot, std::size_t channel) {
  const std::string_view medium = medium_of(slot.type)->name;
  if (medium_named(meter.name) != medium) return false;
  if (!slot.id.empty()) return meter.id == slot.id;
  return meter.id.size() == medium.size() + 2 && meter.id.starts_with(medium) &&
         meter.id.ends_with(channel_marks[channel]);
}

MBus::Meter& MBus::meter_of(const Context& in, const Slot& slot, std::size_t channel) {
  const auto known = std::find_if(meters_.begin(), meters_.end(),
                                  [&](const Meter& meter) { return is_of(meter, slot, channel); });
  if (known != meters_.end()) return *known;
  const std::string_view medium = medium_of(slot.type)->name;
  const std::string id = slot.id.empty() ? std::string(medium) + std::string(channel_marks[channel])
                                         : std::string(slot.id);
  const std::string name = free_name(in.slots, medium);
  // The one that replaces a dead one takes over its name.
  std::erase_if(meters_, [&](const Meter& meter) { return meter.name == name; });
  if (meters_.size() >= max_meters) meters_.erase(meters_.begin());
  meters_.push_back({.id = id, .name = name, .changed = in.now.mono});
  return meters_.back();
}

// `gas`, or `gas_2` and up while those before belong to meters that are in this telegram, too.
std::string MBus::free_name(const Slots& slots, std::string_view medium) const {
  std::string name(medium);
  for (int number = 2;; ++number) {
    const bool taken = std::any_of(meters_.begin(), meters_.end(), [&](const Meter& meter) {
      return meter.name == name && is_live(slots, meter);
    });
    if (!taken) return name;
    name = std::string(medium) + '_' + std::to_string(number);
  }
}

bool MBus::is_live(const Slots& slots, const Meter& meter) {
  for (std::size_t channel = 0; channel < channels; ++channel) {
    if (slots[channel].live && is_of(meter, slots[channel], channel)) return true;
  }
  return false;
}

bool MBus::accept() {
  bool any = false;
  for (Meter& meter : meters_) any = meter.total.accept() || any;
  return any;
}

void MBus::save(RecordWriter& record) const {
  for (const Meter& meter : meters_) {
    const std::string_view name = meter.name;
    record.add("meter", name, std::string_view(meter.id));
    const auto kept = meter.total.kept();
    if (!kept || !kept->time) continue;
    const auto time = std::chrono::floor<std::chrono::seconds>(*kept->time);
    record.add("counted", name, std::string_view(to_text(kept->value)),
               time.time_since_epoch().count());
  }
}

void MBus::restore(std::string_view text) {
  if (!Record::is_one(text)) return restore_version_1(text);
  for (const RecordRow& row : Record(text).rows()) {
    const auto name = row.text(0), id = row.text(1);
    if (row.name == "meter" && name && id) restore_meter(*name, *id);
    if (row.name == "counted" && name) restore_total(*name, row);
  }
}

void MBus::restore_total(std::string_view name, const RecordRow& row) {
  constexpr std::int64_t latest = 1LL << 40;  // s: a time that milliseconds hold
  const auto value = parse_decimal(row.text(1).value_or(""));
  const auto time = row.number<std::int64_t>(2);
  const auto meter = std::find_if(meters_.begin(), meters_.end(),
                                  [&](const Meter& each) { return each.name == name; });
  if (meter == meters_.end() || !value || value->digits < 0 || !time || *time >= latest) return;
  meter->total.restore({*value, Instant(std::chrono::seconds(*time))});
}

// "gas=47303...;gas_2=47303..."
void MBus::restore_version_1(std::string_view text) {
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    const std::size_t equals = entry.find('=');
    if (equals != entry.npos) restore_meter(entry.substr(0, equals), entry.substr(equals + 1));
  }
}

void MBus::restore_meter(std::string_view name, std::string_view id) {
  const bool taken = std::any_of(meters_.begin(), meters_.end(),
                                 [&](const Meter& meter) { return meter.name == name; });
  if (taken || medium_named(name).empty() || meters_.size() >= max_meters) return;
  meters_.push_back({.id = std::string(id), .name = std::string(name)});
}

std::vector<std::string_view> mbus_keys() {
  std::vector<std::string_view> keys;
  for (const Medium& medium : media) keys.push_back(medium.key);
  keys.insert(keys.end(), {gas_energy_key, valve_key, reading_time_key, ean_key});
  return keys;
}

}  // namespace gridtap::p1
