#include "adapters/kq330/sender.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::kq330 {

Sender::Sender(Air air, std::uint32_t seed, SenderEvents& events)
    : air_(air), random_(seed), events_(events) {}

bool Sender::push(Outgoing outgoing) {
  // The first may be on the air.
  const auto begin = waiting_.begin() + (awaits_ ? 1 : 0);
  const auto older = std::find_if(begin, waiting_.end(), [&](const Outgoing& other) {
    return !outgoing.id.empty() && other.id == outgoing.id && other.name == outgoing.name;
  });
  if (older != waiting_.end()) {
    *older = std::move(outgoing);
    return true;
  }
  if (waiting_.size() >= most_waiting) return false;
  waiting_.push_back(std::move(outgoing));
  return true;
}

bool Sender::push_first(Outgoing outgoing) {
  if (waiting_.size() >= 2 * most_waiting) return false;
  waiting_.insert(waiting_.begin() + (awaits_ ? 1 : 0), std::move(outgoing));
  return true;
}

std::optional<Outgoing> Sender::acknowledged(std::string_view id, std::optional<int> sequence) {
  if (!awaits_ || waiting_.front().id != id || waiting_.front().sequence != sequence) return {};
  Outgoing done = std::move(waiting_.front());
  waiting_.pop_front();
  awaits_ = false;
  return done;
}

void Sender::close(Effects& effects) {
  awaits_ = false;
  for (const Outgoing& outgoing : std::exchange(waiting_, {})) {
    events_.on_failed(outgoing, {Fault::io, "the line to the modem was lost"}, effects);
  }
}

Mono Sender::next_wake() const { return waiting_.empty() ? Mono::max() : due_; }

void Sender::wake(Now now, bool busy, Effects& effects) {
  if (waiting_.empty() || now.mono < due_) return;
  if (awaits_) return give_up(now.mono, effects);
  if (busy) {
    due_ = now.mono + 2 * air_.byte_time;
    return;
  }
  send(now.mono, effects);
}

void Sender::give_up(Mono now, Effects& effects) {
  awaits_ = false;
  std::uniform_int_distribution<std::int64_t> backoff(shortest_backoff.count(),
                                                      longest_backoff.count());
  due_ = now + Time{backoff(random_)};
  if (waiting_.front().sent < tries) return;
  const Outgoing outgoing = std::move(waiting_.front());
  waiting_.pop_front();
  events_.on_failed(outgoing, {Fault::timeout, "node " + outgoing.id + " does not acknowledge it"},
                    effects);
}

void Sender::send(Mono now, Effects& effects) {
  Outgoing& outgoing = waiting_.front();
  const std::string bytes = events_.frame_of(outgoing);
  const Time air = air_time(bytes.size());
  // More than our share of a minute waits until all of it is free.
  const Time wanted = std::min(air, duty_period * air_.duty / 100);
  if (allowance(now) < wanted) {
    due_ = now + std::max<Time>((wanted - allowance(now)) * 100 / air_.duty, air_.byte_time);
    return;
  }
  spent_ = duty_period * air_.duty / 100 - allowance(now) + air;
  spent_at_ = now;
  ++outgoing.sent;
  effects(Send{as_bytes(bytes)});
  due_ = now + air + guard;
  if (outgoing.sequence >= 0) {
    awaits_ = true;
    due_ = now + air + air_time(air_.acknowledge_bytes) + acknowledge_grace;
    return;
  }
  const Outgoing done = std::move(outgoing);
  waiting_.pop_front();
  events_.on_sent(done, effects);
}

Sender::Time Sender::air_time(std::size_t bytes) const {
  return air_.byte_time * static_cast<std::int64_t>(bytes + air_.overhead);
}

// What of our share of a minute is free: what was spent comes back evenly.
Sender::Time Sender::allowance(Mono now) const {
  const auto passed = std::chrono::duration_cast<Time>(now - spent_at_);
  const Time back = passed * air_.duty / 100;
  return duty_period * air_.duty / 100 - std::max(spent_ - back, Time{0});
}

}  // namespace gridtap::kq330
