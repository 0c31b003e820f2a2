#include "adapters/kq330/power_line.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::kq330 {

std::int64_t PowerLine::slot_of(Mono now) const {
  return now.time_since_epoch() / options_.byte_time;
}

Mono PowerLine::next_slot(Mono now) const {
  return Mono{} + (slot_of(now) + 1) * std::chrono::nanoseconds(options_.byte_time);
}

void PowerLine::send(std::size_t end, std::string_view bytes, Mono now) {
  settle(now);
  std::string message(bytes);
  if (!message.empty() && random_() % 100 < static_cast<std::uint64_t>(options_.noise)) {
    message.erase(random_() % message.size(), 1);
  }
  Modem& modem = modems_[end];
  if (modem.waiting.empty()) modem.begin = slot_of(now) + 1;
  for (const char c : message) {
    if (modem.waiting.size() < modem_buffer) modem.waiting.push_back(c);
  }
}

std::string PowerLine::receive(std::size_t end, Mono now) {
  settle(now);
  return std::exchange(modems_[end].heard, {});
}

void PowerLine::settle(Mono now) {
  const std::int64_t slot = slot_of(now);
  if (settled_ < 0) settled_ = slot;
  settled_ = std::max(settled_, slot - most_slots);
  while (settled_ < slot) settle_slot(settled_++);
}

// One sender is heard by the other; two at once hear nothing, as neither listens.
void PowerLine::settle_slot(std::int64_t slot) {
  std::array<std::optional<char>, ends> sent;
  for (std::size_t n = 0; n < ends; ++n) {
    Modem& modem = modems_[n];
    if (modem.waiting.empty() || slot < modem.begin) continue;
    sent[n] = modem.waiting.front();
    modem.waiting.pop_front();
  }
  for (std::size_t n = 0; n < ends; ++n) {
    if (sent[n]) continue;
    const auto& other = sent[1 - n];
    if (!other && options_.quiet) continue;
    std::string& heard = modems_[n].heard;
    heard += other ? *other : random_byte();
    if (heard.size() > modem_buffer) heard.erase(0, 1);
  }
}

}  // namespace gridtap::kq330
