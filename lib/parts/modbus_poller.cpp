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
  searches_ = 0;
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
  stretch.missing.clear();
  stretch.divided = false;
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
  bool apart = false;  // what was learned of refusals is lost where requests are joined
  for (Followed& stretch : stretches_) {
    stretch.fresh = 0;
    if (stretch.due > now || stretch.hole_until > now) continue;
    const bool holes = stretch.divided;
    if (holes || apart) {
      queue_.insert(queue_.end(), stretch.requests.begin(), stretch.requests.end());
    } else {
      append_joined(queue_, stretch.requests, settings_.limits);
    }
    apart = holes;
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
    finish(n, now);
  }
  return completed_;
}

unsigned ModbusPoller::wanted(const Followed& stretch) {
  auto count = static_cast<unsigned>(stretch.words.size());
  for (const modbus::Range& range : stretch.missing) count -= range.count;
  return count;
}

void ModbusPoller::finish(std::size_t stretch, Mono now) {
  if (stretches_[stretch].fresh < wanted(stretches_[stretch])) return;
  complete(stretches_[stretch], now);
  completed_.push_back(stretch);
}

void ModbusPoller::store(Followed& stretch, const modbus::Range& range, ByteView registers) {
  const modbus::Range& own = stretch.what.registers.range;
  const unsigned first = std::max(own.address, range.address);
  const unsigned last = std::min(own.end(), range.end());
  for (unsigned at = first; at < last; ++at) {
    stretch.words[at - own.address] = modbus::register_at(registers, at - range.address);
  }
  stretch.fresh += last - first;
  stretch.longest = std::max(stretch.longest, range.count);
}

void ModbusPoller::complete(Followed& stretch, Mono now) {
  stretch.fresh = 0;
  stretch.failures = 0;
  if (stretch.divided) rejoin(stretch);
  stretch.read = true;
  const Time period = stretch.what.period;
  if (period == once) stretch.due = Mono::max();
  if (period > Time{0} && period != once) stretch.due = now + std::max(period, settings_.period);
}

// Those that the request reads; where it reads one of them alone, that one: a damaged map may make
// them overlap, and what was asked for alone is not taken apart once more.
std::vector<ModbusPoller::Followed*> ModbusPoller::read_by(const modbus::Range& request) {
  std::vector<Followed*> hit;
  for (Followed& stretch : stretches_) {
    const auto& own = stretch.requests;
    if (std::find(own.begin(), own.end(), request) != own.end()) return {&stretch};
    if (stretch.what.registers.range.overlaps(request)) hit.push_back(&stretch);
  }
  return hit;
}

// An exception does not show which of the registers are missing or how many would have been read.
// So the stretches of the request are read alone; one that is refused alone is halved between its
// values down to single ones, and only what is refused then is left out. A stretch of which nothing
// is left is tried again after a while. Example: 103 and 160
// lie side by side and are read by one request; a firmware update removes 160.
bool ModbusPoller::refuse(std::uint8_t code, Mono now) {
  const modbus::Range lost = queue_.front();
  queue_.pop_front();
  completed_.clear();
  std::vector<Followed*> hit = read_by(lost);
  const bool too_many = code == illegal_value && lost.count > 1;
  if (too_many) {
    settings_.limits.max_count = static_cast<std::uint16_t>(lost.count / 2);
    for (Followed& stretch : stretches_) plan(stretch);
  }
  if (hit.size() > 1 || too_many) {
    read_alone(hit);
    return false;
  }
  if (hit.size() == 1 && code != illegal_value) {
    Followed& stretch = *hit.front();
    const bool was_read = std::exchange(stretch.read, false);
    if (split(stretch, lost, now)) return was_read;  // it may be complete with that, and read
    stretch.read = was_read;
  }
  bool was_there = false;
  for (Followed* stretch : hit) {
    stretch->hole_until = now + hole_period;
    drop_requests(*stretch);
    was_there = std::exchange(stretch->read, false) || was_there;
  }
  return was_there;
}

// False where nothing of the stretch is left.
bool ModbusPoller::split(Followed& stretch, const modbus::Range& lost, Mono now) {
  const auto known = std::find(stretch.requests.begin(), stretch.requests.end(), lost);
  if (known == stretch.requests.end() || stretch.hole_until > now) return false;
  const auto halves = halved(stretch.what.registers, lost);
  const bool may_search = searches_ + 2 <= most_searches;
  if (halves.size() == 2 && may_search) {
    searches_ += 2;
    stretch.divided = true;
    *known = halves[1];
    stretch.requests.insert(known, halves[0]);
    queue_.insert(queue_.begin(), halves.begin(), halves.end());
    return true;
  }
  stretch.requests.erase(known);
  stretch.missing.push_back(lost);
  stretch.divided = true;
  if (stretch.requests.empty()) {
    plan(stretch);
    return false;
  }
  finish(static_cast<std::size_t>(&stretch - stretches_.data()), now);
  return true;
}

void ModbusPoller::fail_request() {
  const modbus::Range lost = queue_.front();
  queue_.pop_front();
  const std::vector<Followed*> hit = read_by(lost);
  if (hit.size() > 1) return read_alone(hit);
  for (Followed* stretch : hit) {
    stretch->fresh = 0;
    stretch->failed = true;
    drop_requests(*stretch);
  }
}

std::span<const std::size_t> ModbusPoller::rest_failed(bool others_read, Mono now) {
  completed_.clear();
  for (std::size_t n = 0; n < stretches_.size(); ++n) {
    Followed& stretch = stretches_[n];
    if (!std::exchange(stretch.failed, false) || !others_read) continue;
    if (++stretch.failures < failures_to_rest) continue;
    stretch.failures = 0;
    stretch.hole_until = now + hole_period;
    completed_.push_back(n);
  }
  return completed_;
}

// Neighbours become one request again, no longer than what the device has answered.
void ModbusPoller::rejoin(Followed& stretch) {
  std::vector<modbus::Range> joined;
  for (const modbus::Range& next : stretch.requests) {
    const bool follows = !joined.empty() && joined.back().end() == next.address &&
                         joined.back().count + next.count <= stretch.longest;
    if (follows) {
      joined.back().count = static_cast<std::uint16_t>(joined.back().count + next.count);
    } else {
      joined.push_back(next);
    }
  }
  stretch.requests = std::move(joined);
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
