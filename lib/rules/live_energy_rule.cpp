#include "rules/live_energy_rule.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/record.hpp"

namespace gridtap {

using namespace std::chrono_literals;

namespace {

struct DirectionKeys {
  std::string_view power, total, live, record;
};
constexpr std::array<DirectionKeys, 2> keys = {{
    {"power_import", "energy_import", "energy_import_live", "import"},
    {"power_export", "energy_export", "energy_export_live", "export"},
}};

// A row of a direction in the record: "import.register_wh".
std::string row_of(const DirectionKeys& direction, std::string_view what) {
  return std::string(direction.record) + '.' + std::string(what);
}

// Of the state before version 2 of the record.
constexpr std::string_view version_1 = "1";
constexpr std::string_view none = "-";

std::string_view take_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  const std::string_view word = take_word(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size()) return {};
  return number;
}

}  // namespace

// Before anything is shown, the disk has a bound above it.
void LiveEnergyRule::on_start(Now, Effects& effects) {
  if (directions_[0].restored || directions_[1].restored) effects(Keep{});
}

void LiveEnergyRule::on_stop(Now, Effects&) {
  stopped_ = true;
  for (Direction& each : directions_) each.energy.stop();
}

void LiveEnergyRule::on_effect(std::string_view, const Effect& effect, Now now, Effects& effects) {
  std::visit(overloaded{
                 [&](const Identified& e) {
                   if (e.channel.empty()) identified(e.device);
                 },
                 [&](const Reading& e) {
                   if (e.channel.empty()) reading(e);
                 },
                 [&](const Frame&) { list(now, effects); },
                 [](const auto&) {},
             },
             effect);
}

// Another meter begins anew; one that only now identifies itself goes on.
void LiveEnergyRule::identified(const DeviceInfo& device) {
  if (device.identity.empty() || device.identity == serial_) return;
  const bool other_than_stored = !restored_serial_.empty() && restored_serial_ != device.identity;
  if (!serial_.empty() || other_than_stored) {
    directions_ = {};
    last_clock_.clear();
    is_needed_ = false;
  }
  restored_serial_.clear();
  serial_ = device.identity;
}

void LiveEnergyRule::reading(const Reading& reading) {
  if (reading.key == "meter_clock") {
    if (const auto* text = std::get_if<std::string_view>(&reading.value)) clock_ = *text;
    return;
  }
  const auto* number = std::get_if<Decimal>(&reading.value);
  if (number == nullptr) return;
  for (std::size_t n = 0; n < keys.size(); ++n) {
    if (reading.key == keys[n].power) directions_[n].power = *number;
    if (reading.key == keys[n].total) directions_[n].total = *number;
  }
}

// Not "a later clock": the last Sunday of October has one hour twice, and a list may have no clock.
bool LiveEnergyRule::is_new_list() const {
  bool grown = false;
  for (const Direction& each : directions_) {
    grown = grown || (each.total && (!each.last_total || *each.total > *each.last_total));
  }
  return grown || clock_ != last_clock_;
}

void LiveEnergyRule::list(Now now, Effects& effects) {
  resume(now);
  const bool has_totals = directions_[0].total || directions_[1].total;
  const bool has_powers = directions_[0].power || directions_[1].power;
  const bool is_new = has_totals && is_new_list();
  is_needed_ = is_needed_ || (has_powers && !has_totals);
  for (std::size_t n = 0; n < keys.size(); ++n) {
    Direction& each = directions_[n];
    if (each.power) each.energy.power(*each.power, now.mono);
    if (each.total && is_new) {
      each.energy.total(*each.total);
      each.registered = now.wall;
      each.last_total = each.total;
    }
    each.power.reset();
    each.total.reset();
    if (each.energy.take_unkept()) effects(Keep{});
    const auto value = each.energy.value();
    if (!value || value == each.said || !is_needed_) continue;
    each.said = value;
    effects(Reading{"", keys[n].live, "rule", *value});
  }
  if (now.wall) heard_ = now.wall;
  if (has_totals) last_clock_ = clock_;
  clock_.clear();
}

// The age of the stored state is known only once the time of day is.
void LiveEnergyRule::resume(Now now) {
  if (std::exchange(resumed_, true)) return;
  for (Direction& each : directions_) {
    if (!each.restored) continue;
    each.energy.restore(*each.restored, age_of(each, now));
    each.restored.reset();
  }
}

// Nothing where the register is too old to go on from, or the clock runs backwards.
std::optional<LiveEnergy::Milliseconds> LiveEnergyRule::age_of(const Direction& direction,
                                                               Now now) const {
  if (!now.wall || !direction.registered || !heard_) return {};
  const bool in_order = *direction.registered <= *heard_ && *heard_ <= *now.wall;
  if (!in_order || *now.wall - *direction.registered >= fresh_for) return {};
  return *now.wall - *heard_;
}

std::vector<std::string_view> LiveEnergyRule::live_keys() {
  std::vector<std::string_view> live;
  for (const auto& direction : keys) live.push_back(direction.live);
  return live;
}

std::string LiveEnergyRule::state() const {
  const auto milliseconds = [](const std::optional<Instant>& time) {
    return time ? std::int64_t{time->time_since_epoch().count()} : 0;
  };
  RecordWriter record;
  record.add("serial", serial_.empty() ? restored_serial_ : serial_);
  record.add("heard", milliseconds(heard_));
  bool any = false;
  for (std::size_t n = 0; n < keys.size(); ++n) {
    const Direction& each = directions_[n];
    const auto kept = each.restored ? each.restored : each.energy.kept();
    if (!kept) continue;
    any = true;
    record.add(row_of(keys[n], "registered"), milliseconds(each.registered));
    record.add(row_of(keys[n], "register_wh"), kept->register_wh);
    record.add(row_of(keys[n], "shown_wh"), kept->shown_wh);
    record.add(row_of(keys[n], "beyond_mws"), kept->beyond_mws);
    record.add(row_of(keys[n], "power_mw"), kept->power_mw);
    if (!kept->bound_wh) continue;
    const bool reserves = each.restored && !stopped_;
    record.add(row_of(keys[n], "bound_wh"),
               *kept->bound_wh + (reserves ? LiveEnergy::least_reserve_wh : 0));
  }
  return any ? record.text() : std::string{};
}

void LiveEnergyRule::restore(std::string_view text) {
  if (!Record::is_one(text)) return restore_version_1(text);
  const Record record(text);
  const auto number = [&](const DirectionKeys& direction, std::string_view what) {
    return record.number<std::int64_t>(row_of(direction, what));
  };
  std::array<Direction, 2> restored;
  for (std::size_t n = 0; n < keys.size(); ++n) {
    const auto registered = number(keys[n], "registered"), base = number(keys[n], "register_wh"),
               shown = number(keys[n], "shown_wh"), beyond = number(keys[n], "beyond_mws"),
               power = number(keys[n], "power_mw");
    if (!registered || !base || !shown || !beyond || !power) continue;
    restored[n].registered = Instant(std::chrono::milliseconds(*registered));
    restored[n].restored =
        LiveEnergy::Kept{*base, *shown, *beyond, *power, number(keys[n], "bound_wh")};
  }
  const auto heard = record.number<std::int64_t>("heard");
  if (heard) take_over(restored, *heard, record.text("serial").value_or(""));
}

// "1 SERIAL HEARD" and, for import and export, five numbers as above, or "-".
void LiveEnergyRule::restore_version_1(std::string_view text) {
  if (take_word(text) != version_1) return;
  const std::string_view serial = take_word(text);
  const auto heard = take_number(text);
  if (!heard) return;
  std::array<Direction, 2> restored;
  for (Direction& each : restored) {
    std::string_view ahead = text;
    if (take_word(ahead) == none) {
      text = ahead;
      continue;
    }
    std::array<std::int64_t, 5> numbers{};
    for (std::int64_t& number : numbers) {
      const auto taken = take_number(text);
      if (!taken) return;
      number = *taken;
    }
    const auto [registered, register_wh, shown_wh, beyond_mws, power_mw] = numbers;
    each.registered = Instant(std::chrono::milliseconds(registered));
    each.restored = LiveEnergy::Kept{register_wh, shown_wh, beyond_mws, power_mw, {}};
  }
  take_over(restored, *heard, serial == none ? std::string_view{} : serial);
}

void LiveEnergyRule::take_over(const std::array<Direction, 2>& directions, std::int64_t heard,
                               std::string_view serial) {
  const auto is_sound = [](const Direction& each) {
    return !each.restored ||
           (each.restored->is_sound() && each.registered->time_since_epoch() >= 0s);
  };
  if (heard < 0 || !std::all_of(directions.begin(), directions.end(), is_sound)) return;
  directions_ = directions;
  heard_ = Instant(std::chrono::milliseconds(heard));
  restored_serial_ = serial;
}

}  // namespace gridtap
