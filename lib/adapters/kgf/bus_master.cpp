#include "adapters/kgf/bus_master.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace gridtap::kgf {

BusMaster::BusMaster(Mode mode, const std::vector<std::int64_t>& addresses, BusMasterEvents& events)
    : mode_(mode), events_(events) {
  for (const std::int64_t address : addresses) meters_.push_back({static_cast<int>(address)});
}

void BusMaster::open(Mono now) {
  open_ = true;
  for (Meter& meter : meters_) meter = Meter{.address = meter.address};
  quiet_at_ = now;
  poll_from_ = mode_ == Mode::passive ? Mono::max()
               : mode_ == Mode::poll  ? now
                                      : now + listen_first;
}

void BusMaster::close(Effects& effects) {
  open_ = false;
  request_.reset();
  unanswered_.clear();
  while (!orders_.empty()) finish({Fault::io, "the line to the meter was lost"}, effects);
}

// ---- answers ------------------------------------------------------------------------------------

void BusMaster::hear(const Answer& answer, Mono now, Effects& effects) {
  const bool asked = request_ && request_->address == answer.address &&
                     request_->write == answer.write && request_->number == answer.number;
  const bool is_ours = take_sent(answer, now) || asked;
  if (asked) request_.reset();
  if (answer.write) {
    if (!asked) return;
    orders_.acknowledged(now);
    return;
  }
  if (!is_ours && mode_ == Mode::automatic) poll_from_ = now + listen_after_others;
  if (Meter* const meter = find(answer.address)) {
    meter->misses = 0;
    if (answer.number == r_identity) meter->identity_due = Mono::max();
  }
  judge(answer, now, effects);
}

void BusMaster::note_sent(Mono now) {
  std::erase_if(unanswered_, [&](const Sent& each) { return each.until <= now; });
  if (unanswered_.size() >= max_unanswered) unanswered_.erase(unanswered_.begin());
  unanswered_.push_back({request_->address, request_->number, request_->write, now + late_wait});
}

// One answer for each time that we asked: more are those of another master.
bool BusMaster::take_sent(const Answer& answer, Mono now) {
  const auto found = std::find_if(unanswered_.begin(), unanswered_.end(), [&](const Sent& each) {
    return each.address == answer.address && each.number == answer.number &&
           each.write == answer.write && now < each.until;
  });
  if (found == unanswered_.end()) return false;
  unanswered_.erase(found);
  return true;
}

void BusMaster::judge(const Answer& answer, Mono now, Effects& effects) {
  if (orders_.empty() || !orders_.is_acknowledged()) return;
  const WriteOrder& order = orders_.first();
  if (answer.address != order.address || answer.number != order.write->read_back()) return;
  std::string difference = events_.judge(order, answer);
  if (!difference.empty()) return no_proof({Fault::refused, std::move(difference)}, now, effects);
  (void)orders_.take();  // what it changed is read back by itself
}

void BusMaster::no_proof(Error why, Mono now, Effects& effects) {
  if (!orders_.read_again(now + settle_time)) finish(std::move(why), effects);
}

void BusMaster::finish(Error why, Effects& effects) {
  events_.on_failed(orders_.take(), std::move(why), effects);
}

bool BusMaster::order(WriteOrder order) {
  const auto same = [address = order.address, write = order.write](const WriteOrder& older) {
    return older.address == address && older.write == write;
  };
  return orders_.push(std::move(order), same);
}

// ---- requests -----------------------------------------------------------------------------------

void BusMaster::wake(Mono now, Effects& effects) {
  if (!open_ || now < quiet_at_ || (request_ && now < request_->due)) return;
  if (request_ && request_->sent >= tries) give_up(now, effects);
  if (!request_) request_ = next_request(now);
  if (!request_) return;
  ++request_->sent;
  note_sent(now);
  request_->due = now + (request_->write ? write_wait : answer_wait);
  effects(Send{as_bytes(request_->line)});
}

void BusMaster::give_up(Mono now, Effects& effects) {
  const Request request = *std::exchange(request_, std::nullopt);
  const Error silence{Fault::timeout, "the meter at address " + std::to_string(request.address) +
                                          " does not answer"};
  if (request.write) return finish(silence, effects);
  const bool proof = !orders_.empty() && orders_.is_acknowledged() && orders_.is_asked();
  if (proof) return no_proof(silence, now, effects);
  Meter* const meter = find(request.address);
  ++meter->misses;
  if (meter->misses >= absent_after) meter->measure_due = now + absent_period;
  events_.on_missed(request.address, request.number, meter->misses, effects);
}

std::optional<BusMaster::Request> BusMaster::next_request(Mono now) {
  if (orders_.due() <= now) {
    const WriteOrder& order = orders_.first();
    const bool written = orders_.is_acknowledged();
    const int number = written ? order.write->read_back() : order.write->number;
    orders_.asked();
    return Request{order.address, number, !written,
                   written ? read_request(number, order.address)
                           : write_request(number, order.address, order.raw)};
  }
  return now < poll_from_ ? std::nullopt : poll(now);
}

// Of the meters whose time has come, the next in turn; of what is due, the measurements first.
std::optional<BusMaster::Request> BusMaster::poll(Mono now) {
  for (std::size_t n = 0; n < meters_.size(); ++n) {
    Meter& meter = meters_[turn_++ % meters_.size()];
    if (poll_due(meter) > now) continue;
    int number = r_measurements;
    if (meter.measure_due <= now) {
      meter.measure_due += measure_period;
      if (meter.measure_due <= now) meter.measure_due = now + measure_period;
    } else if (meter.settings_due <= now) {
      number = r_settings;
      meter.settings_due = now + settings_period;
    } else {
      number = r_identity;
      meter.identity_due = now + settings_period;
    }
    return Request{meter.address, number, false, read_request(number, meter.address)};
  }
  return {};
}

Mono BusMaster::poll_due(const Meter& meter) const {
  if (meter.misses >= absent_after) return meter.measure_due;
  return std::min({meter.measure_due, meter.settings_due, meter.identity_due});
}

Mono BusMaster::next_wake() const {
  if (!open_) return Mono::max();
  if (request_) return std::max(request_->due, quiet_at_);
  Mono due = orders_.due();
  for (const Meter& meter : meters_) due = std::min(due, std::max(poll_due(meter), poll_from_));
  return due == Mono::max() ? due : std::max(due, quiet_at_);
}

BusMaster::Meter* BusMaster::find(int address) {
  const auto found = std::find_if(meters_.begin(), meters_.end(),
                                  [&](const Meter& meter) { return meter.address == address; });
  return found == meters_.end() ? nullptr : &*found;
}

}  // namespace gridtap::kgf
