#include "history/day_lines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/ids.hpp"
#include "history/series_choice.hpp"
#include "history/slot.hpp"
#include "history/tables.hpp"

namespace gridtap::history {
namespace {

using model::Device;
using model::Entity;

constexpr Milliseconds early{20};               // of a timer, by a clock that goes its own way
constexpr std::chrono::minutes look_period{1};  // clocks are set, and what was gathered is due
constexpr std::size_t max_piece = 64 * 1024;    // of lines: they are dropped by pieces
constexpr std::size_t date = 10;                // characters: 2026-11-28

std::string local_text(Instant time, const Zone& zone) {
  std::string text;
  append(text, Timestamp{time, zone.offset_at(time)});
  return text;
}

bool is_column(const Device& device, const Entity& entity) {
  const EntitySpec& spec = entity.spec();
  const bool is_of_program = device.is_gateway() && spec.category == Category::diagnostic;
  return !spec.line_health && !is_of_program && head_of({}, spec);
}

void append_column(std::string& head, const Entity& entity) {
  std::string name(entity.level());
  if (const std::string_view unit = entity.spec().unit; !unit.empty()) {
    ((name += '[') += unit) += ']';
  }
  append_field(head += ',', name);
}

bool is_known(const Device& device, const Entity& entity, Mono now) {
  if (!entity.has_value() || !(device.online() || device.speaks_offline(entity))) return false;
  const auto stale = std::max(device.lease, device.options->stale);
  return now - entity.at() <= entity.validity(stale);
}

// False: it is not known.
bool append_value(std::string& line, const Device& device, const Entity& entity, Mono now) {
  if (!is_known(device, entity, now)) return false;
  if (const auto* const number = std::get_if<Decimal>(&entity.value())) {
    append(line, *number);
    return true;
  }
  const auto* const position = std::get_if<bool>(&entity.value());
  if (position != nullptr) line += *position ? '1' : '0';
  return position != nullptr;
}

}  // namespace

DayLines::DayLines(DayLinesOptions options, DayStore& store, Clock& clock, Log& log, Zone zone)
    : options_(options),
      store_(store),
      clock_(clock),
      log_(log),
      zone_(zone),
      timer_(clock.timer([this] { on_timer(); })) {}

DayLines::~DayLines() { end(); }

void DayLines::start() {
  const Now now = clock_.now();
  write_due_ = now.mono + write_period;
  schedule(now);
}

void DayLines::end() {
  if (timer_ == nullptr) return;
  timer_.reset();
  store_.close(std::exchange(waiting_, {}));
}

// ---- what the model says ------------------------------------------------------------------------

DayLines::Note& DayLines::note_of(const Device& device) {
  if (device.index >= notes_.size()) notes_.resize(device.index + 1);
  Note& note = notes_[device.index];
  note.device = &device;
  return note;
}

void DayLines::on_value(const Device& device, const Entity&, const model::Change&, Now) {
  note_of(device);
}

void DayLines::make_head(Note& note) {
  note.head = "time";
  note.columns.clear();
  note.piece = none;
  note.device->each([&](const Entity& entity) {
    if (!is_column(*note.device, entity)) return;
    if (note.columns.size() < max_columns) {
      note.columns.push_back(entity.slot());
      return append_column(*note.head, entity);
    }
    if (std::exchange(columns_told_, true)) return;
    log_.write(Level::warning, note.device->handle,
               "day files: more than " + std::to_string(max_columns) + " values: " +
                   std::string(entity.level()) + " and those that follow are left out");
  });
}

// ---- lines --------------------------------------------------------------------------------------

void DayLines::on_timer() {
  const Now now = clock_.now();
  if (now.wall) {
    const Instant from_now = *now.wall + early;
    const Instant tick = from_now - from_now.time_since_epoch() % Milliseconds(options_.interval);
    if (is_due(now, tick)) add_lines(now, tick);
  }
  const bool is_early = bytes_ >= written_early && !trouble_;
  if (!waiting_.empty() && !is_busy_ && (now.mono >= write_due_ || is_early)) write(now);
  schedule(now);
}

bool DayLines::is_due(Now now, Instant tick) const {
  const Milliseconds longest = std::min(longest_delay, Milliseconds(options_.interval) / 2);
  return last_ != tick && *now.wall - tick <= longest;
}

void DayLines::add_lines(Now now, Instant tick) {
  last_ = tick;
  const std::string time = local_text(tick, zone_);
  for (Note& note : notes_) {
    if (note.device == nullptr) continue;
    if (!note.head) make_head(note);
    std::string line = time;
    bool is_any_known = false;
    for (const std::uint16_t slot : note.columns) {
      line += ',';
      is_any_known |= append_value(line, *note.device, *note.device->at(slot), now.mono);
    }
    if (is_any_known) add(note, time, line);
  }
  trim();
}

void DayLines::add(Note& note, const std::string& time, const std::string& line) {
  const std::string_view day = std::string_view(time).substr(0, date);
  const bool goes_on = note.piece != none && waiting_[note.piece].day == day &&
                       waiting_[note.piece].lines.size() < max_piece;
  if (!goes_on) {
    note.piece = waiting_.size();
    waiting_.push_back({note.device->handle, std::string(day), *note.head});
  }
  DayPiece& piece = waiting_[note.piece];
  (piece.lines += line) += '\n';
  ++piece.count;
  bytes_ += line.size() + 1;
}

void DayLines::schedule(Now now) {
  if (timer_ == nullptr) return;
  Mono due = now.mono + std::min<Milliseconds>(look_period, options_.interval);
  if (now.wall) {
    const Milliseconds interval = options_.interval;
    const auto since = (*now.wall + early).time_since_epoch() % interval;
    due = std::min<Mono>(due, now.mono + interval - since + early);
  }
  timer_->set(due);
}

// ---- files --------------------------------------------------------------------------------------

void DayLines::write(Now now) {
  write_due_ = now.mono + write_period;
  is_busy_ = true;
  bytes_ = 0;
  for (Note& note : notes_) note.piece = none;
  store_.append(std::exchange(waiting_, {}), now.wall ? first_kept(*now.wall) : std::string(),
                [this](DayAnswer answer) { answered(std::move(answer)); });
}

// Once a day, and after a failure again.
std::string DayLines::first_kept(Instant now) {
  std::string day = local_text(now, zone_).substr(0, date);
  if (!options_.keep || day == tidied_day_) return {};
  tidied_day_ = std::move(day);
  std::string first;
  append_utc(first, now + zone_.offset_at(now) - *options_.keep);
  return first.substr(0, date);
}

void DayLines::answered(DayAnswer answer) {
  is_busy_ = false;
  const bool failed_before = trouble_.has_value();
  trouble_ = std::move(answer.error);
  if (trouble_ && !failed_before) {
    log_.write(Level::warning, gateway_device, "day files: " + trouble_->detail);
  }
  if (!trouble_ && failed_before) {
    log_.write(Level::info, gateway_device, "day files: they are written again");
  }
  if (trouble_) tidied_day_.clear();
  for (const DayPiece& each : answer.left) bytes_ += each.lines.size();
  for (Note& note : notes_) {
    if (note.piece != none) note.piece += answer.left.size();
  }
  waiting_.insert(waiting_.begin(), std::make_move_iterator(answer.left.begin()),
                  std::make_move_iterator(answer.left.end()));
  trim();
}

// The oldest go.
void DayLines::trim() {
  std::size_t gone = 0;
  for (; bytes_ > max_waiting && gone < waiting_.size(); ++gone) {
    bytes_ -= waiting_[gone].lines.size();
    dropped_ += waiting_[gone].count;
  }
  if (gone == 0) return;
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(gone));
  for (Note& note : notes_) {
    if (note.piece != none) note.piece = note.piece >= gone ? note.piece - gone : none;
  }
  if (std::exchange(drop_told_, true)) return;
  log_.write(Level::warning, gateway_device,
             "day files: they cannot be written, and no more than " +
                 std::to_string(max_waiting / 1024) +
                 " kB is kept in memory: the oldest lines are lost from now on");
}

}  // namespace gridtap::history
