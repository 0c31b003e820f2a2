#include "rules/live_energy.hpp"

#include <algorithm>

namespace gridtap {
namespace {

constexpr std::int64_t microwatt_seconds_per_wh = 3'600'000'000;
// Beyond 100 MW, or 100 TWh, it is no house, and sums might not fit.
constexpr std::int64_t most_milliwatts = 100'000'000'000;
constexpr std::int64_t most_wh = 100'000'000'000'000;
constexpr std::int64_t most_beyond_uws = 1'000'000'000'000'000'000;
constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

// Thousandths of a value as a whole number; nothing below 0 and above `most`.
std::optional<std::int64_t> thousandths(Decimal value, std::int64_t most) {
  const Decimal moved = rounded(shifted(value, 3), 0);
  const bool fits = moved.exponent == 0 && moved.digits >= 0 && moved.digits <= most;
  return fits ? std::optional(moved.digits) : std::nullopt;
}

}  // namespace

void LiveEnergy::power(Decimal watts, Mono now) {
  const auto milliwatts = thousandths(watts, most_milliwatts);
  if (!milliwatts) return;
  if (last_ && register_wh_) {
    auto span = std::chrono::duration_cast<Milliseconds>(now - last_->at);
    if (span > longest_step) span = std::min(span, longest_hold);
    // mW x ms are microwatt-seconds.
    beyond_uws_ += (last_->milliwatts + *milliwatts) * span.count() / 2;
    beyond_uws_ = std::min(beyond_uws_, most_beyond_uws);
  }
  last_ = Point{*milliwatts, now};
  raise();
}

void LiveEnergy::total(Decimal kilowatt_hours) {
  const auto wh = thousandths(kilowatt_hours, most_wh);
  if (!wh) return;
  if (shown_wh_ && *shown_wh_ - *wh > most_ahead_wh) {
    shown_wh_.reset();
    floor_wh_ = bound_wh_ = 0;
  }
  lower_floor(*wh);
  register_wh_ = wh;
  beyond_uws_ = 0;
  raise();
}

// What was published before the restart was at most the register of that time and an integral, and
// so hardly above this one.
void LiveEnergy::lower_floor(std::int64_t register_wh) {
  const auto before = register_wh_ ? register_wh_ : earlier_wh_;
  if (floor_wh_ == 0 || !floor_is_guess_ || !before) return;
  const std::int64_t span = std::max<std::int64_t>(register_wh - *before, 0);
  floor_wh_ = std::min(floor_wh_, register_wh + span * slack_percent / 100 + slack_wh);
}

std::optional<Decimal> LiveEnergy::value() const {
  if (!register_wh_ || !shown_wh_ || floor_wh_ > 0) return {};
  return Decimal{*shown_wh_, -3};
}

std::optional<LiveEnergy::Kept> LiveEnergy::kept() const {
  const auto base = register_wh_ ? register_wh_ : earlier_wh_;
  if (!base || !shown_wh_) return {};
  return Kept{*base, *shown_wh_, register_wh_ ? beyond_uws_ / 1000 : 0,
              last_ ? last_->milliwatts : 0,
              floor_is_guess_ ? std::nullopt : std::optional(bound_wh_)};
}

// While it is held back, what was shown before was up to the floor.
void LiveEnergy::stop() {
  if (shown_wh_ && !floor_is_guess_) bound_wh_ = std::max(*shown_wh_, floor_wh_);
}

std::int64_t LiveEnergy::reserve_wh() const {
  const std::int64_t milliwatts = last_ ? last_->milliwatts : 0;
  return std::max(milliwatts * reserve_minutes / 60 / 1000, least_reserve_wh);
}

bool LiveEnergy::Kept::is_sound() const {
  const auto within = [](std::int64_t value, std::int64_t most) {
    return value >= 0 && value <= most;
  };
  return within(register_wh, most_wh) && within(shown_wh, most_wh) &&
         within(beyond_mws, most_beyond_uws / 1000) && within(power_mw, most_milliwatts) &&
         (!bound_wh || within(*bound_wh, 2 * most_wh));
}

void LiveEnergy::restore(const Kept& kept, std::optional<Milliseconds> age) {
  shown_wh_ = kept.shown_wh;
  earlier_wh_ = kept.register_wh;
  floor_is_guess_ = !kept.bound_wh;
  bound_wh_ = kept.bound_wh ? *kept.bound_wh + least_reserve_wh : 0;
  floor_wh_ = kept.bound_wh.value_or(no_limit);
  if (!age) return;
  register_wh_ = kept.register_wh;
  beyond_uws_ = kept.beyond_mws * 1000;
  if (kept.bound_wh) return;
  // Up to twice the power that was kept may have been counted since.
  floor_wh_ = kept.shown_wh + 2 * kept.power_mw * age->count() / microwatt_seconds_per_wh;
}

std::int64_t LiveEnergy::counted_wh() const {
  return *register_wh_ + beyond_uws_ / microwatt_seconds_per_wh;
}

void LiveEnergy::raise() {
  if (!register_wh_ || counted_wh() < floor_wh_) return;
  floor_wh_ = 0;
  floor_is_guess_ = false;
  shown_wh_ = std::max(counted_wh(), shown_wh_.value_or(0));
  if (bound_wh_ - *shown_wh_ >= reserve_wh() / 2) return;
  bound_wh_ = *shown_wh_ + reserve_wh();
  unkept_ = true;
}

}  // namespace gridtap
