#include "parts/totals.hpp"

#include <algorithm>

namespace gridtap {
namespace {

constexpr std::int64_t usual_watts = 55'000;

}  // namespace

void PowerLimit::judge(Decimal power) {
  const std::int64_t watts = rounded(shifted(power, 0), 0).digits;
  if (watts <= largest_) return;
  const bool far = watts > usual_watts && watts > 3 * largest_;
  if (far && doubtful_ == 0) {
    doubtful_ = watts;
    return;
  }
  // Of a plant the whole power and that of a phase take turns.
  largest_ = far ? std::min(watts, doubtful_) : watts;
  doubtful_ = 0;
  raise({largest_ * 3 / 2, 0});
}

void PowerLimit::raise(Decimal power) {
  constexpr std::int64_t most_watts = 1'000'000'000;
  const std::int64_t watts = std::min(rounded(shifted(power, 0), 0).digits, most_watts);
  most_ = std::max(most_, watts * 50 / 9 + 1);  // 2 W / 3.6e6 in 1e-7 kWh
}

std::string_view Total::judge(Decimal value, Now now, std::optional<Decimal> most, Falls falls) {
  if (known_ && believed_.changed == unknown_time) place_in_time(now);
  // Most telegrams repeat the total, and cost one comparison.
  if (known_ && !pending_ && value == believed_.value) {
    if (believed_.changed == unknown_time) believed_.changed = now.mono;
    return {};
  }
  const Point next{value, now.mono, now.wall.value_or(never)};
  const std::string_view why = known_ ? doubt(believed_, next, most) : std::string_view{};
  if (why.empty()) {
    if (!known_ || value != believed_.value) believed_ = next;
    timed_ = timed_ || (known_ && believed_.changed == next.changed);
    known_ = true;
    pending_.reset();
    return {};
  }
  hold(next, most);
  if (!is_believed(why, falls, now.mono)) return why;
  accept();
  return {};
}

void Total::hold(const Point& next, std::optional<Decimal> most) {
  const bool agrees = pending_ && doubt(pending_->point, next, most).empty();
  if (!pending_) pending_ = std::make_unique<Pending>();
  pending_->agreeing = agrees ? pending_->agreeing + 1 : 1;
  if (!agrees) pending_->since = next.changed;
  if (!agrees || next.value != pending_->point.value) pending_->point = next;
}

void Total::withhold(Decimal value, Now now) {
  hold({value, now.mono, now.wall.value_or(never)}, {});
}

bool Total::accept() {
  if (!pending_) return false;
  believed_ = pending_->point;
  pending_.reset();
  return true;
}

void Total::rescale(int places) {
  believed_.value = shifted(believed_.value, places);
  if (pending_) pending_->point.value = shifted(pending_->point.value, places);
}

std::optional<Total::Kept> Total::kept() const {
  if (!known_) return {};
  return Kept{believed_.value,
              believed_.time == never ? std::nullopt : std::optional(believed_.time)};
}

void Total::restore(const Kept& kept) {
  believed_ = {kept.value, unknown_time, kept.time.value_or(never)};
  known_ = timed_ = true;
  pending_.reset();
}

std::optional<Decimal> Total::value() const {
  return known_ ? std::optional(believed_.value) : std::nullopt;
}

std::optional<Decimal> Total::held() const {
  return pending_ ? std::optional(pending_->point.value) : std::nullopt;
}

std::optional<Mono> Total::held_since() const {
  return pending_ ? std::optional(pending_->since) : std::nullopt;
}

// Only a clock that was set before and is set now says how long gridtap was away.
void Total::place_in_time(Now now) {
  const Instant changed = believed_.time;
  if (!now.wall || changed == never || changed > *now.wall) return;
  believed_.changed = now.mono - (*now.wall - changed);
}

bool Total::is_believed(std::string_view why, Falls falls, Mono now) const {
  if (pending_->agreeing < agreement || why == "zero") return false;
  if (why == "jumped") return jumps_ == Jumps::agree;
  if (falls == Falls::need_proof) return false;
  const bool no_time_passes = now == believed_.changed;
  return no_time_passes || now - pending_->since >= agreement_time;
}

std::string_view Total::doubt(const Point& last, const Point& next,
                              std::optional<Decimal> most) const {
  using Milliseconds = std::chrono::milliseconds;
  if (next.value.digits == 0 && last.value.digits != 0) return "zero";
  if (next.value < last.value) {
    return begins_anew(last.value, next.value) ? std::string_view{} : "fell";
  }
  if (!most || last.changed == unknown_time) return {};
  auto passed = std::chrono::duration_cast<Milliseconds>(next.changed - last.changed);
  if (passed.count() <= 0) return {};
  if (jumps_ == Jumps::agree && last.time != never && next.time != never) {
    passed = std::max(passed, Milliseconds(next.time - last.time));
  }
  const auto allowed = multiply(*most, Decimal{passed.count(), -3});
  const auto risen = subtract(next.value, last.value);
  return allowed && risen && *risen > *allowed ? "jumped" : std::string_view{};
}

// From within a hundredth of its last digit to within one behind it. A short register is no proof.
bool Total::begins_anew(Decimal last, Decimal next) {
  Decimal end{100'000, 0};
  while (end <= last && end.digits < 1'000'000'000'000) end.digits *= 10;
  const auto missing = subtract(end, last);
  const Decimal hundredth = shifted(end, -2);
  return missing && *missing <= hundredth && next <= hundredth && next.digits > 0;
}

}  // namespace gridtap
