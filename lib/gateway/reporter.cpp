#include "gateway/reporter.hpp"

#include <utility>

#include "core/json_text.hpp"
#include "gateway/withheld.hpp"

namespace gridtap {

using namespace std::chrono_literals;

void Reporter::on_effect(std::string_view, const Effect& effect, Now now, Effects&) {
  std::visit(overloaded{
                 [&](const Identified& e) { identified(e); },
                 [&](const Alive& e) { alive(e, now); },
                 [&](const Diagnosis& e) { diagnosis(e); },
                 [&](const Frame&) { asleep_ = false; },
                 [&](const Notice& e) { log_.write(Level::warning, device_, printable(e.text)); },
                 [&](const Dropped& e) {
                   const Level level =
                       e.error.fault == Fault::noise ? Level::debug : Level::warning;
                   write(Kind::dropped, level, now,
                         "dropped " + std::to_string(e.bytes) + " bytes, " +
                             std::string(gridtap::name(e.error.fault)) + ": " + e.error.detail);
                 },
                 [&](const Held& e) {
                   write(Kind::held, Level::warning, now,
                         "held back " + std::string(e.reading.key) + ", " +
                             to_text(e.reading.value) + ": " + held_text(e.reason));
                 },
                 [](const auto&) {},
             },
             effect);
}

// A sleeping device is not an error, and neither are its line drops meanwhile.
void Reporter::diagnosis(const Diagnosis& effect) {
  const bool again = asleep_ && effect.cause == Cause::asleep;
  asleep_ = effect.cause == Cause::asleep;
  if (again) return;
  log_.write(asleep_ ? Level::info : Level::warning, device_,
             std::string(gridtap::name(effect.cause)) + ": " + std::string(effect.detail));
}

// A line that cannot be opened is retried for ever: the reason is logged when it changes.
void Reporter::on_line(const LineState& line, Now now, Effects&) {
  if (line.open) {
    last_failure_.clear();
    write(Kind::line, Level::info, now,
          "line open" + (line.setting.empty() ? "" : ", " + std::string(line.setting)));
  } else if (line.why != nullptr && line.why->detail != last_failure_) {
    last_failure_ = line.why->detail;
    write(Kind::failure, asleep_ ? Level::debug : Level::warning, now, line.why->detail);
  }
}

void Reporter::identified(const Identified& effect) {
  std::string text =
      effect.channel.empty() ? "is" : "channel " + std::string(effect.channel) + " is";
  const std::size_t unnamed = text.size();
  for (const std::string_view part :
       {effect.device.manufacturer, effect.device.model, effect.device.suffix}) {
    if (!part.empty()) text += ' ' + std::string(part);
  }
  if (text.size() == unnamed) text += " of a maker that it does not name";
  text += effect.device.serial.empty() ? ", no serial number"
                                       : ", serial number " + std::string(effect.device.serial);
  log_.write(Level::info, device_, printable(text));
}

// The log does not end with what is no longer so: a change that was left out is told by the first
// frame after that minute.
void Reporter::alive(const Alive& effect, Now now) {
  if (!effect.channel.empty()) return;
  const bool online = effect.lease > 0ms;
  const bool is_over = now.mono >= limits_[static_cast<std::size_t>(Kind::availability)].until;
  const bool changed = std::exchange(online_, online) != online;
  if (!changed && (online == told_online_ || !is_over)) return;
  write(Kind::availability, online || asleep_ ? Level::info : Level::warning, now,
        online ? "online" : "offline: no good frame");
  if (is_over) told_online_ = online;
}

void Reporter::write(Kind kind, Level level, Now now, std::string text) {
  Limit& limit = limits_[static_cast<std::size_t>(kind)];
  if (level != Level::debug) {
    if (now.mono < limit.until) {
      ++limit.left_out;
      return;
    }
    limit.until = now.mono + quiet;
    if (limit.left_out > 0) text += " (" + std::to_string(limit.left_out) + " more since)";
    limit.left_out = 0;
  }
  log_.write(level, device_, printable(text));
}

}  // namespace gridtap
