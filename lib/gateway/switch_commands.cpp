#include "gateway/switch_commands.hpp"

#include <algorithm>
#include <utility>

namespace gridtap {

void SwitchCommands::declare(std::string_view channel, std::string_view key) {
  if (find(channel, key) != nullptr) return;
  switches_.push_back({.channel = std::string(channel), .key = std::string(key)});
}

SwitchCommands::Switch* SwitchCommands::find(std::string_view channel, std::string_view key) {
  const auto found = std::find_if(switches_.begin(), switches_.end(), [&](const Switch& each) {
    return each.channel == channel && each.key == key;
  });
  return found == switches_.end() ? nullptr : &*found;
}

bool SwitchCommands::admit(const Command& command, Mono now) {
  Switch* const target = find(command.channel, command.key);
  const bool* const on = std::get_if<bool>(&command.value);
  if (target == nullptr || on == nullptr) return true;
  if (!target->waiting && target->free_at <= now) {
    order(*target, *on, now);
    return true;
  }
  target->waiting = Held{std::string(command.channel), std::string(command.key),
                         std::string(command.text), *on, command.expires};
  return false;
}

// An answer frees the switch earlier than this.
void SwitchCommands::order(Switch& to, bool on, Mono now) {
  if (!to.ordered) ++ordered_;
  to.ordered = on;
  to.free_at = now + longest_answer + dwell_;
}

void SwitchCommands::answered(Switch& from, Mono now) {
  from.ordered.reset();
  --ordered_;
  from.free_at = now + dwell_;
}

void SwitchCommands::hear(const Reading& reading, Mono now) {
  if (ordered_ == 0) return;
  Switch* const from = find(reading.channel, reading.key);
  if (from == nullptr || !from->ordered || reading.value != Value{*from->ordered}) return;
  answered(*from, now);
}

void SwitchCommands::hear(const Rejected& rejected, Mono now) {
  if (ordered_ == 0) return;
  Switch* const from = find(rejected.channel, rejected.key);
  if (from != nullptr && from->ordered) answered(*from, now);
}

std::optional<SwitchCommands::Held> SwitchCommands::take_due(Mono now) {
  for (Switch& each : switches_) {
    if (!each.waiting || each.free_at > now) continue;
    order(each, each.waiting->on, now);
    return std::exchange(each.waiting, std::nullopt);
  }
  return {};
}

std::optional<SwitchCommands::Held> SwitchCommands::take_any() {
  for (Switch& each : switches_) {
    if (each.waiting) return std::exchange(each.waiting, std::nullopt);
  }
  return {};
}

Mono SwitchCommands::next_due() const {
  Mono next = Mono::max();
  for (const Switch& each : switches_) {
    if (each.waiting) next = std::min(next, each.free_at);
  }
  return next;
}

}  // namespace gridtap
