#include "rules/days.hpp"

#include <utility>

#include "core/json_text.hpp"

namespace gridtap {

using namespace std::chrono_literals;

namespace {

struct DirectionKeys {
  std::string_view total, live, today, record;
};
constexpr std::array<DirectionKeys, 2> keys = {{
    {"energy_import", "energy_import_live", "today_import", "import"},
    {"energy_export", "energy_export_live", "today_export", "export"},
}};

std::string since_attribute(Instant since) {
  std::string utc;
  append_utc(utc, since);
  return "{\"since\":" + json_quoted(utc) + '}';
}

}  // namespace

std::vector<std::string_view> DaysRule::day_keys() {
  std::vector<std::string_view> today;
  for (const DirectionKeys& each : keys) today.push_back(each.today);
  return today;
}

void DaysRule::on_effect(std::string_view, const Effect& effect, Now now, Effects& effects) {
  std::visit(overloaded{
                 [&](const Identified& e) { channel_.identified(e.channel, e.device.identity); },
                 [&](const Reading& e) { reading(e); },
                 [&](const Frame&) { frame(now, effects); },
                 [](const auto&) {},
             },
             effect);
}

// Another meter has another register; one that only now identifies itself goes on.
void DaysRule::identified(std::string_view identity) {
  if (identity.empty() || identity == serial_) return;
  if (!serial_.empty()) {
    for (Direction& each : directions_) each.energy.forget();
  }
  serial_ = identity;
}

void DaysRule::reading(const Reading& reading) {
  const auto* number = std::get_if<Decimal>(&reading.value);
  if (number == nullptr) return;
  const std::string_view key = without_meter_part(reading.key);
  for (std::size_t n = 0; n < keys.size(); ++n) {
    const bool is_total = key == keys[n].total, is_live = key == keys[n].live;
    if (!(is_total || is_live) || !channel_.counts(reading.channel)) continue;
    (is_total ? directions_[n].total : directions_[n].live) = *number;
  }
}

// The begin of a day is on the disk within seconds: a power cut does not turn it back to the day
// before.
void DaysRule::frame(Now now, Effects& effects) {
  identified(channel_.identity());
  bool is_new = false;
  if (now.wall) {
    follow_clock(*now.wall, now.mono);
    is_new = turn(*now.wall);
  }
  for (std::size_t n = 0; n < keys.size(); ++n) {
    Direction& each = directions_[n];
    const bool was_known = each.energy.since().has_value();
    if (now.wall) count(each, *now.wall);
    each.total.reset();
    each.live.reset();
    if (!each.energy.since()) continue;
    is_new = is_new || !was_known;
    say(each, keys[n].today, effects);
  }
  if (is_new) effects(Keep{});
}

void DaysRule::count(Direction& direction, Instant wall) {
  if (direction.live) {
    direction.energy.total(*direction.live, DayEnergy::Source::live, wall);
  } else if (direction.total) {
    direction.energy.total(*direction.total, DayEnergy::Source::read, wall);
  }
}

void DaysRule::say(Direction& direction, std::string_view key, Effects& effects) {
  const Said now{*direction.energy.value(), *direction.energy.since()};
  if (direction.said == now) return;
  direction.said = now;
  effects(Reading{"", key, "rule", now.value, {}, since_attribute(now.since)});
}

void DaysRule::follow_clock(Instant wall, Mono mono) {
  if (last_wall_) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(mono - last_mono_);
    const std::chrono::milliseconds moved = wall - *last_wall_ - elapsed;
    if (std::chrono::abs(moved) > longest_clock_step) {
      for (Direction& each : directions_) each.energy.clock_moved(moved);
    }
  }
  last_wall_ = wall;
  last_mono_ = mono;
}

// Returns whether a day has begun. A clock that is put right just after midnight begins none again.
bool DaysRule::turn(Instant wall) {
  if (day_ && wall >= day_->begin && wall < day_->end) return false;
  if (day_ && wall < day_->begin && day_->begin - wall <= longest_clock_step) return false;
  day_ = day_of(wall);
  if (counted_ == day_->begin) return false;
  counted_ = day_->begin;
  for (Direction& each : directions_) each.energy.begin(day_->begin, wall);
  return true;
}

// Where clocks are moved at midnight, the day begins with the first moment of its date.
DaysRule::Day DaysRule::day_of(Instant time) const {
  const std::chrono::milliseconds local = time.time_since_epoch() + zone_.offset_at(time);
  const auto date = std::chrono::floor<std::chrono::days>(local);
  const auto midnight = [&](std::chrono::seconds since_1970) {
    return zone_.resolve(LocalSeconds(since_1970), {}).instant;
  };
  return {midnight(date), midnight(date + 24h)};
}

std::string DaysRule::state() const {
  RecordWriter record;
  if (!counted_) return {};
  record.add("serial", serial_).add("day", counted_->time_since_epoch().count());
  for (std::size_t n = 0; n < keys.size(); ++n) {
    directions_[n].energy.keep(record, std::string(keys[n].record));
  }
  return record.text();
}

void DaysRule::restore(std::string_view text) {
  const Record record(text);
  const auto day = record.number<std::int64_t>("day");
  if (!day || *day < 0) return;
  counted_ = Instant(std::chrono::milliseconds(*day));
  serial_ = record.text("serial").value_or("");
  for (std::size_t n = 0; n < keys.size(); ++n) {
    directions_[n].energy.restore(record, std::string(keys[n].record));
  }
}

}  // namespace gridtap
