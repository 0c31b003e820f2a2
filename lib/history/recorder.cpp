#include "history/recorder.hpp"

#include <algorithm>
#include <utility>

#include "core/ids.hpp"
#include "history/series.hpp"
#include "rules/hour_meter.hpp"

namespace gridtap::history {
namespace {

using model::Device;
using model::Entity;

// By the device, where it can be; else a register that comes seldom, and soon after the full hour,
// is that of the full hour.
Instant measured_at(const GrowthSlots& growth, std::optional<Instant> measured, Instant now) {
  const auto last = growth.read_at();
  if (measured && *measured <= now && (!last || *measured >= *last)) return *measured;
  const Instant hour = std::chrono::floor<std::chrono::hours>(now);
  const bool is_of_hour =
      last && hour - *last >= HourMeter::seldom && now - hour <= HourMeter::register_delay;
  return is_of_hour ? hour : now;
}

Mono end_of_validity(const Device& device, const Entity& entity, Mono now) {
  const auto stale = std::max(device.lease, device.options->stale);
  const Mono::duration validity = entity.validity(stale);
  return validity == Mono::duration::max() ? Mono::max() : now + validity;
}

std::string device_of(std::string_view series) {
  return std::string(series.substr(0, series.find('/')));
}

}  // namespace

Recorder::Recorder(std::vector<std::string> patterns, Clock& clock, Log& log,
                   std::function<void()> on_swap)
    : choice_(std::move(patterns)), clock_(clock), log_(log), on_swap_(std::move(on_swap)) {}

Recorder::~Recorder() = default;

// ---- readings -----------------------------------------------------------------------------------

void Recorder::on_value(const Device& device, const Entity& entity, const model::Change& change,
                        Now now) {
  if (stopped_) return;
  Use& known = use_of(device, entity);
  if (known.own == undecided) known = decided(device, entity);
  const Use use = known;
  if ((use.own == none && use.shaped == none) || !now.wall) return;
  follow_clock(now);
  auto& begun = root_note_of(device).begun;
  if (!begun) begun = now.wall;
  if (use.shaped != none) shape(at(use.shaped), entity, now);
  if (use.own == none) return;
  at(use.own).growth() != nullptr ? count(use.own, entity, change, now)
                                  : hold(at(use.own), entity, now);
}

Series& Recorder::at(std::int16_t place) { return *series_[static_cast<std::size_t>(place)]; }

void Recorder::shape(Series& series, const Entity& entity, Now now) {
  const auto* const number = std::get_if<Decimal>(&entity.value());
  if (number != nullptr && series.growth() != nullptr) series.growth()->live(*number, *now.wall);
}

void Recorder::hold(Series& series, const Entity& entity, Now now) {
  HeldSlots& held = *series.held();
  series.read = now.mono;
  series.holds_until = end_of_validity(*series.device, entity, now.mono);
  const Milliseconds hold = series.hold_from(now.mono);
  if (const auto* const number = std::get_if<Decimal>(&entity.value())) {
    return held.number(*number, *now.wall, hold);
  }
  if (const auto* const position = std::get_if<bool>(&entity.value())) {
    return held.position(*position, *now.wall, hold);
  }
  held.unknown(*now.wall);
}

void Recorder::count(std::int16_t place, const Entity& entity, const model::Change& change,
                     Now now) {
  const auto* const number = std::get_if<Decimal>(&entity.value());
  if (number == nullptr) return;
  const Early reading{place, *number, change.at, change.first, now};
  if (is_waiting(now)) return early_.push_back(reading);
  count_early();
  count(at(place), reading);
}

// What comes first in a run may be an old reading that is told again, unless it has its time or is
// a new one of the hour.
void Recorder::count(Series& series, const Early& reading) {
  GrowthSlots& growth = *series.growth();
  const Instant now = *reading.now.wall, time = measured_at(growth, reading.measured, now);
  const bool may_be_old = reading.is_first && !reading.measured && growth.read_at();
  if (may_be_old && (time == now || growth.is(reading.total))) return;
  growth.total(reading.total, time, is_watched(series, reading.now));
  series.read = reading.now.mono;
}

bool Recorder::is_waiting(Now now) const {
  if (!waits_ || early_.size() == max_early) return false;
  return early_.empty() || now.mono - early_.front().now.mono <= longest_wait;
}

void Recorder::count_early() {
  waits_ = false;
  for (const Early& reading : std::exchange(early_, {})) {
    Series& series = at(reading.place);
    if (series.device != nullptr && !series.is_refused) count(series, reading);
  }
}

bool Recorder::is_watched(const Series& series, Now now) {
  return !is_silent(series, now) && (series.read || goes_on(*series.device));
}

// For long since its last reading, which may be of a run before. A reading may come before it is
// said that its device is back.
bool Recorder::is_silent(const Series& series, Now now) {
  if (series.device == nullptr) return false;
  const DeviceNote& note = note_of(*series.device);
  const Mono read = series.read.value_or(Mono::min());
  const bool was_silent = note.long_silence && *note.long_silence >= read;
  const bool is_offline = note.offline_since && *note.offline_since >= read &&
                          now.mono - *note.offline_since > longest_silence;
  const bool begins = !series.read && root_note_of(*series.device).begun;
  return was_silent || is_offline || (begins && !goes_on(*series.device));
}

// Whether the device, or one that is with it on its line, was known shortly before this run.
bool Recorder::goes_on(const Device& device) {
  const Device& root = device.parent != nullptr ? *device.parent : device;
  const auto begun = note_of(root).begun;
  const auto was_known = [&](const Device& each) {
    const auto until = known_until_.find(each.handle);
    return begun && until != known_until_.end() && *begun - until->second <= longest_silence;
  };
  return was_known(root) || std::any_of(root.children.begin(), root.children.end(),
                                        [&](const Device* each) { return was_known(*each); });
}

// ---- devices and the clock ----------------------------------------------------------------------

void Recorder::on_online(const Device& device) {
  DeviceNote& note = note_of(device);
  const Now now = clock_.now();
  if (device.online()) {
    const auto since = std::exchange(note.offline_since, std::nullopt);
    if (since && now.mono - *since > longest_silence) note.long_silence = since;
    return;
  }
  if (!note.offline_since) note.offline_since = now.mono;
  if (!now.wall) return;
  follow_clock(now);
  for (const auto& series : series_) {
    if (series->device != &device || series->held() == nullptr) continue;
    if (device.speaks_offline(*device.at(series->entity))) continue;
    series->held()->unknown(*now.wall);
    series->holds_until = {};
  }
}

void Recorder::on_replaced(const Device& device, std::string_view) {
  if (stopped_) return;
  std::erase_if(early_, [&](const Early& each) { return at(each.place).device == &device; });
  for (const auto& series : series_) {
    GrowthSlots* const growth = series->growth();
    if (series->device == &device && growth != nullptr) growth->forget();
  }
  note_of(device).replaced = &device;
  forget_registers(device);
  if (on_swap_) on_swap_();
}

// Those that the file knows and that have not been read in this run: the next one must know it.
void Recorder::forget_registers(const Device& device) {
  for (const auto& [name, kept] : kept_) {
    const bool is_of_it = kept.head.kind == SeriesKind::growth && device_of(name) == device.handle;
    const bool is_known = std::any_of(series_.begin(), series_.end(), [&](const auto& series) {
      return series->head.name == kept.head.name;
    });
    if (is_of_it && !is_known) add(device, kept.head);
  }
}

void Recorder::follow_clock(Now now) {
  const auto last = std::exchange(last_, now);
  if (!last) return;
  const auto passed = std::chrono::floor<Milliseconds>(now.mono - last->mono);
  const Milliseconds by = *now.wall - *last->wall - passed;
  if (by <= longest_clock_step) return;
  count_early();
  for (const auto& series : series_) series->move(*now.wall, by);
}

// ---- the file -----------------------------------------------------------------------------------

void Recorder::resume(std::vector<KeptSeries> kept) {
  for (KeptSeries& each : kept) {
    if (each.newest) {
      Instant& until = known_until_[device_of(each.head.name)];
      until =
          std::max<Instant>(until, each.newest->start + std::chrono::seconds(each.newest->covered));
    }
    kept_.insert_or_assign(each.head.name, std::move(each));
  }
  for (const auto& series : series_) take_kept(*series);
  for (DeviceNote& note : notes_) {
    note.entities.clear();
    if (note.replaced != nullptr) forget_registers(*note.replaced);
  }
  count_early();
}

void Recorder::take_kept(Series& series) {
  const auto found = kept_.find(series.head.name);
  if (found == kept_.end()) return;
  const KeptSeries& kept = found->second;
  if (!fits(series.head, kept.head)) {
    series.is_refused = true;
    return;
  }
  if (series.head.exponent != kept.head.exponent) begin_anew(series, kept.head);
  const bool goes = series.device != nullptr && goes_on(*series.device);
  if (kept.newest) series.resume(*kept.newest, goes);
}

bool Recorder::fits(const SeriesHead& head, const SeriesHead& kept) {
  if (head.kind == kept.kind && head.unit == kept.unit) return true;
  log_.write(Level::warning, gateway_device,
             "history: " + head.name + " was a " + std::string(name(kept.kind)) + " in `" +
                 kept.unit + "` and is a " + std::string(name(head.kind)) + " in `" + head.unit +
                 "` now: it has no more history under this name");
  return false;
}

// In the whole numbers of the file; what came in others is left out.
void Recorder::begin_anew(Series& series, const SeriesHead& head) {
  const model::Device* const device = series.device;
  const std::uint16_t entity = series.entity;
  series = Series(head);
  series.device = device;
  series.entity = entity;
}

void Recorder::stop() {
  stopped_ = true;
  early_.clear();
  series_.clear();
  notes_.clear();
}

void Recorder::collect(Now now, bool with_running) {
  if (!now.wall) return;
  follow_clock(now);
  if (!is_waiting(now)) count_early();
  std::size_t gap_quarters = max_gap_quarters;
  for (const auto& series : series_) {
    GrowthSlots* const growth = series->growth();
    if (with_running && growth != nullptr && is_silent(*series, now)) growth->note_silence();
    series->collect(now, with_running, gap_quarters);
  }
}

bool Recorder::has_more() const {
  return std::any_of(series_.begin(), series_.end(), [](const auto& series) {
    return !series->is_refused && series->growth() != nullptr && series->growth()->has_gap();
  });
}

std::vector<SeriesSlots> Recorder::hand_out() {
  std::vector<SeriesSlots> out;
  for (const auto& series : series_) {
    if (series->is_refused || series->unwritten.slots().empty()) continue;
    out.push_back({series->head, series->unwritten.hand_out()});
  }
  return out;
}

void Recorder::written() {
  for (const auto& series : series_) series->unwritten.written();
}

void Recorder::not_written() {
  for (const auto& series : series_) series->unwritten.not_written();
  trim();
}

void Recorder::trim() {
  std::uint64_t dropped = 0;
  for (const auto& series : series_) dropped += series->unwritten.trim();
  dropped_ += dropped;
  if (dropped == 0 || std::exchange(drop_told_, true)) return;
  log_.write(Level::warning, gateway_device,
             "history: it could not be written for two days, and no more than that is kept in "
             "memory: the oldest quarter-hours are lost from now on");
}

std::vector<SeriesHead> Recorder::series() const {
  std::vector<SeriesHead> all;
  for (const auto& [name, kept] : kept_) all.push_back(kept.head);
  for (const auto& series : series_) {
    const bool is_new = kept_.find(series->head.name) == kept_.end();
    if (is_new && series->read) all.push_back(series->head);
  }
  return all;
}

std::vector<Slot> Recorder::pending(std::string_view name, SlotTime begin, SlotTime end) const {
  const auto found = std::find_if(series_.begin(), series_.end(), [&](const auto& series) {
    return series->head.name == name && !series->is_refused;
  });
  return found == series_.end() ? std::vector<Slot>{} : (*found)->pending(begin, end);
}

}  // namespace gridtap::history
