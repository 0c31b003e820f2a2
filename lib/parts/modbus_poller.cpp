#include "parts/modbus_poller.hpp"

#include <algorithm>
#include <utility>

namespace gridtap {
namespace {

constexpr std::uint8_t illegal_value = 3;  // the exception of a device that was asked for too many

}  // namespace

void ModbusPoller::follow(std::vector<Stretch> stretches) {
  stretches_.clear();
  queue_.clear();
  for (Stretch& stretch : stretches) {
    Followed& followed = stretches_.emplace_back(Followed{std::move(stretch)});
    followed.words.assign(followed.what.registers.range.count, 0);
    plan(followed);
  }
}

void ModbusPoller::set_values(std::size_t stretch, std::vector<modbus::Range> values) {
  stretches_[stretch].what.registers.values = std::move(values);
  plan(stretches_[stretch]);
}

void ModbusPoller::plan(Followed& stretch) const {
  stretch.requests = requests_for(stretch.what.registers, settings_.limits);
}

void ModbusPoller::read_all_soon() {
  for (std::size_t n = 0; n < stretches_.size(); ++n) read_soon(n);
}

void ModbusPoller::restart(Mono now) {
  queue_.clear();
  due_ = now;
}

void ModbusPoller::rest_until(Mono until) {
  queue_.clear();
  due_ = std::max(due_, until);
}

void ModbusPoller::begin(Mono now) {
  if (now < due_) return;
  due_ += settings_.period;
  if (due_ <= now) due_ += (now - due_) / settings_.period * settings_.period + settings_.period;
  for (Followed& stretch : stretches_) {
    stretch.fresh = 0;
    if (stretch.due > now || stretch.hole_until > now) continue;
    append_joined(queue_, stretch.requests, settings_.limits);
  }
}

std::span<const std::size_t> ModbusPoller::take(ByteView registers, Mono now) {
  const modbus::Range range = queue_.front();
  queue_.pop_front();
  completed_.clear();
  for (std::size_t n = 0; n < stretches_.size(); ++n) {
    Followed& stretch = stretches_[n];
    if (!stretch.what.registers.range.overlaps(range)) continue;
    store(stretch, range, registers);
    if (stretch.fresh < stretch.words.size()) continue;
    complete(stretch, now);
    completed_.push_back(n);
  }
  return completed_;
}

void ModbusPoller::store(Followed& stretch, const modbus::Range& range, ByteView registers) {
  const modbus::Range& own = stretch.what.registers.range;
  const unsigned first = std::max(own.address, range.address);
  const unsigned last = std::min(own.end(), range.end());
  for (unsigned at = first; at < last; ++at) {
    stretch.words[at - own.address] = modbus::register_at(registers, at - range.address);
  }
  stretch.fresh += last - first;
}

void ModbusPoller::complete(Followed& stretch, Mono now) {
  stretch.fresh = 0;
  stretch.read = true;
  const Time period = stretch.what.period;
  if (period == once) stretch.due = Mono::max();
  if (period > Time{0} && period != once) stretch.due = now + std::max(period, settings_.period);
}

// An exception does not show which of the registers are missing or how many would have been read.
// So the stretches of the request are read alone, in halves where it was too long; what is refused
// alone has a hole and is left out for a while, and costs the others nothing. Example: 103 and 160
// lie side by side and are read by one request; a firmware update removes 160.
bool ModbusPoller::refuse(std::uint8_t code, Mono now) {
  const modbus::Range lost = queue_.front();
  queue_.pop_front();
  std::vector<Followed*> hit;
  for (Followed& stretch : stretches_) {
    if (stretch.what.registers.range.overlaps(lost)) hit.push_back(&stretch);
  }
  const bool too_many = code == illegal_value && lost.count > 1;
  if (too_many) {
    settings_.limits.max_count = static_cast<std::uint16_t>(lost.count / 2);
    for (Followed& stretch : stretches_) plan(stretch);
  }
  if (hit.size() > 1 || too_many) {
    read_alone(hit);
    return false;
  }
  bool was_there = false;
  for (Followed* stretch : hit) {
    stretch->hole_until = now + hole_period;
    drop_requests(*stretch);
    was_there = std::exchange(stretch->read, false) || was_there;
  }
  return was_there;
}

void ModbusPoller::read_alone(const std::vector<Followed*>& stretches) {
  std::vector<modbus::Range> alone;
  for (Followed* stretch : stretches) {
    stretch->fresh = 0;
    drop_requests(*stretch);
    alone.insert(alone.end(), stretch->requests.begin(), stretch->requests.end());
  }
  queue_.insert(queue_.begin(), alone.begin(), alone.end());
}

// Those that begin in it: one that began before it was refused, or answered, already.
void ModbusPoller::drop_requests(const Followed& stretch) {
  const modbus::Range& own = stretch.what.registers.range;
  std::erase_if(queue_, [&](const modbus::Range& request) {
    return request.address >= own.address && request.address < own.end();
  });
}

}  // namespace gridtap
