#include "gateway/health.hpp"

#include <utility>

#include "core/json_text.hpp"

namespace gridtap {
namespace {

using namespace std::chrono_literals;

void say(Effects& effects, std::string_view key, Value value, std::string_view attributes = {}) {
  effects(Reading{"", key, "rule", value, {}, attributes});
}

constexpr std::chrono::milliseconds burst{50};  // less is no period: shown in tenths of a second

Decimal whole(std::uint64_t count) { return {static_cast<std::int64_t>(count), 0}; }

}  // namespace

Health::Health(std::function<std::uint64_t()> line_errors, std::string_view served)
    : line_errors_(std::move(line_errors)),
      served_(served.empty() ? std::string{} : "{\"served\":" + json_quoted(served) + '}') {}

void Health::on_start(Now now, Effects& effects) {
  set_connected(false, effects);
  set_cause(Cause::none, effects);  // the broker still holds the cause of the run before
  say(effects, held_key, {});       // and what that run held back
  say_counters(now, effects);
}

void Health::on_effect(std::string_view, const Effect& effect, Now now, Effects& effects) {
  std::visit(overloaded{
                 [&](const Frame& e) { frame(e, now, effects); },
                 [&](const Dropped& e) {
                   dropped(e, now);
                   if (e.error.fault == Fault::noise) return;
                   set_error(std::string(gridtap::name(e.error.fault)) + ": " + e.error.detail,
                             effects);
                 },
                 [&](const Alive& e) { alive(e, effects); },
                 [&](const Diagnosis& e) {
                   diagnosed_ = e.cause;
                   if (!connected_.value_or(false) || e.cause == Cause::asleep) {
                     set_cause(e.cause, effects);
                   }
                   if (!is_harmless(e.cause)) set_error(std::string(e.detail), effects);
                 },
                 [&](const Reading& e) { reading(e, now); },
                 [&](const Entity& e) {
                   const bool holds = e.spec->key == accept_key;
                   if (holds && !withheld_) withheld_ = std::make_unique<Withheld>();
                 },
                 [&](const Held& e) {
                   if (withheld_) withheld_->hold(e);
                 },
                 [&](const Identified& e) {
                   if (withheld_) withheld_->forget(e.channel);
                 },
                 [](const auto&) {},
             },
             effect);
}

void Health::on_line(const LineState& line, Now now, Effects& effects) {
  if (line.open) {
    ++opened_;
    if (!line.setting.empty()) say(effects, "line_setting", line.setting);
    changed(now);
    return;
  }
  set_connected(false, effects);
  if (line.why == nullptr || diagnosed_ == Cause::asleep) return;  // many switch their network off
  set_cause(line.why->cause.value_or(Cause::unreachable), effects);
  set_error(line.why->detail, effects);
}

void Health::on_wake(Now now, Effects& effects) { say_counters(now, effects); }

void Health::frame(const Frame& frame, Now now, Effects& effects) {
  ++good_;
  if (!known_in_frame_ && !frame.quiet) ++unknown_;
  known_in_frame_ = false;
  size_ = frame.bytes;
  // The frames of a burst (all meters of a bus) have no period; one burst to the next has.
  const auto since = now.mono - last_frame_.value_or(now.mono);
  if (since >= burst) period_ = std::chrono::duration_cast<std::chrono::milliseconds>(since);
  last_frame_ = now.mono;
  last_frame_wall_ = now.wall;
  diagnosed_.reset();
  if (withheld_) say_withheld(effects);
  say_last_frame(now, effects);
  changed(now);
}

void Health::dropped(const Dropped& dropped, Now now) {
  if (dropped.error.fault == Fault::noise) {
    discarded_ += dropped.bytes;
  } else {
    ++bad_;
    ++faults_[static_cast<std::size_t>(dropped.error.fault)];
  }
  changed(now);
}

void Health::alive(const Alive& alive, Effects& effects) {
  if (!alive.channel.empty()) return;
  const bool online = alive.lease > 0ms;
  set_connected(online, effects);
  if (online) set_cause(Cause::none, effects);
  if (!online && diagnosed_) set_cause(*diagnosed_, effects);
}

// A meter whose offset is known shows how far its clock is off.
void Health::reading(const Reading& reading, Now now) {
  if (reading.source == "rule") return;  // not of the frame
  known_in_frame_ = true;
  if (withheld_) withheld_->accept(reading);
  if (reading.key != "meter_time" || !now.wall) return;
  if (const auto* time = std::get_if<Timestamp>(&reading.value)) {
    clock_offset_ = time->instant - *now.wall;
  }
}

void Health::say_withheld(Effects& effects) {
  const std::string text = withheld_->text();
  say(effects, held_key, std::string_view(text));
}

void Health::set_cause(Cause cause, Effects& effects) {
  if (cause_ == cause) return;
  cause_ = cause;
  say(effects, "cause", gridtap::name(cause));
}

void Health::set_connected(bool connected, Effects& effects) {
  if (connected_ == connected) return;
  connected_ = connected;
  say(effects, "connected", connected, served_);
}

void Health::set_error(std::string text, Effects& effects) {
  if (text.size() > max_error_text) text.resize(max_error_text);
  if (error_ == text) return;
  error_ = std::move(text);
  say(effects, "last_error", std::string_view(error_));
}

void Health::changed(Now now) {
  if (due_ == Mono::max()) due_ = std::max(now.mono, counters_at_ + cadence);
}

void Health::say_counters(Now now, Effects& effects) {
  due_ = Mono::max();
  counters_at_ = now.mono;
  std::string reasons;
  for (std::size_t n = 0; n < faults_.size(); ++n) {
    if (faults_[n] == 0) continue;
    reasons += reasons.empty() ? "{\"" : ",\"";
    reasons += fault_names[n];
    reasons += "\":" + std::to_string(faults_[n]);
  }
  if (!reasons.empty()) reasons += '}';
  say(effects, "frames_ok", whole(good_));
  say(effects, "frames_bad", whole(bad_), reasons);
  say(effects, "frames_unknown", whole(unknown_));
  say(effects, "bytes_discarded", whole(discarded_));
  say(effects, "line_errors", whole(line_errors_()));
  say(effects, "reconnects", whole(opened_ > 0 ? opened_ - 1 : 0));
  if (size_ > 0) say(effects, "frame_size", whole(size_));
  if (period_) say(effects, "frame_period", rounded(Decimal{period_->count(), -3}, 1));
  if (clock_offset_) say(effects, "clock_offset", rounded(Decimal{clock_offset_->count(), -3}, 0));
}

void Health::say_last_frame(Now now, Effects& effects) {
  if (!last_frame_wall_ || now.mono < last_frame_at_ + last_frame_cadence) return;
  last_frame_at_ = now.mono;
  say(effects, "last_frame", Timestamp{*last_frame_wall_});
}

}  // namespace gridtap
