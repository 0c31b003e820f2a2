#include "rules/hour_alarm.hpp"

#include <algorithm>
#include <cstdint>

namespace gridtap {

using namespace std::chrono_literals;

namespace {

using Milliseconds = std::chrono::milliseconds;
constexpr Milliseconds hour_time = 1h;
constexpr std::int64_t mwh_per_wh = 1000;
// mW for this many ms are one mWh.
constexpr std::int64_t milliseconds_per_hour = 3'600'000;
// 100 MW over the window are a hundredth of it.
constexpr std::int64_t most_uws = 1'000'000'000'000'000'000;

std::int64_t divided(std::int64_t value, std::int64_t by) {
  return (value >= 0 ? value + by / 2 : value - by / 2) / by;
}

}  // namespace

void MeanPower::add(std::int64_t milliwatts, Mono at) {
  const auto gap = std::chrono::duration_cast<Milliseconds>(at - last_.at);
  if (count_ == 0 || gap > longest_gap) {
    count_ = 0;
    last_ = {at, 0};
  } else {
    last_.uws += (last_milliwatts_ + milliwatts) / 2 * gap.count();
    last_.at = at;
  }
  last_milliwatts_ = milliwatts;
  if (last_.uws > most_uws) rebase();
  if (count_ > 0 && at - newest().at < slot) return;
  points_[next_] = last_;
  next_ = (next_ + 1) % points_.size();
  count_ = std::min(count_ + 1, points_.size());
  while (count_ > 1 && at - oldest().at > window) --count_;
}

// Sums start again from the oldest point that is in use, so that they fit for ever.
void MeanPower::rebase() {
  const std::int64_t gone = oldest().uws;
  for (Point& each : points_) each.uws -= gone;
  last_.uws -= gone;
}

std::optional<std::int64_t> MeanPower::milliwatts() const {
  if (count_ == 0) return {};
  const auto time = std::chrono::duration_cast<Milliseconds>(last_.at - oldest().at);
  if (time <= 0ms) return last_milliwatts_;
  return (last_.uws - oldest().uws) / time.count();
}

HourAlarm::Figures HourAlarm::update(const Hour& hour, Instant wall, Mono now) {
  if (start_ != hour.start) {
    start_ = hour.start;
    told_ = {};
    state_ = State::off;
  }
  const Milliseconds left = std::max<Milliseconds>(hour.start + hour_time - wall, 1ms);
  Figures figures{State::off, {}, {}, false};
  std::optional<std::int64_t> projected_mwh;
  if (hour.milliwatts) {
    const std::int64_t to_come = *hour.milliwatts * left.count() / milliseconds_per_hour;
    projected_mwh = hour.mwh + to_come;
    const std::int64_t free_mw =
        (limit_wh_ * mwh_per_wh - hour.mwh) * milliseconds_per_hour / left.count() -
        *hour.milliwatts;
    figures.projected_wh = divided(*projected_mwh, mwh_per_wh);
    figures.available_w =
        std::clamp(divided(free_mw, mwh_per_wh), -most_available_w, most_available_w);
  }
  const State state = judge(hour, projected_mwh, wall - hour.start < too_early, now);
  if (state != state_) since_ = now;
  state_ = state;
  bool& told = told_[static_cast<std::size_t>(state)];
  figures.is_event = state != State::off && !told;
  told = true;
  figures.state = state;
  return figures;
}

HourAlarm::Figures HourAlarm::unknown(Instant start) {
  if (start_ != start || state_ != State::passed) state_ = State::off;
  return {state_, {}, {}, false};
}

HourAlarm::State HourAlarm::judge(const Hour& hour, std::optional<std::int64_t> projected_mwh,
                                  bool is_early, Mono now) const {
  const std::int64_t limit_mwh = limit_wh_ * mwh_per_wh;
  if (hour.mwh > limit_mwh) return State::passed;
  // A raised limit ends what was passed, after the hold and with the hysteresis of a projection.
  const bool is_on = state_ != State::off;
  const bool is_held = is_on && now - since_ < least_hold;
  if (is_held) return State::projected;
  if (!projected_mwh || (is_early && !is_on)) return State::off;
  const std::int64_t border = is_on ? limit_mwh * (100 - hysteresis_percent) / 100 : limit_mwh;
  return *projected_mwh > border ? State::projected : State::off;
}

}  // namespace gridtap
