#include "rules/hour_meter.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace gridtap {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t uws_per_mwh = 3'600'000;
constexpr std::int64_t mwh_per_wh = 1000;
// Beyond 100 MW, 100 TWh, or 10 MWh more in a period, it is no house, and sums might not fit.
constexpr std::int64_t most_milliwatts = 100'000'000'000;
constexpr std::int64_t most_mwh = 100'000'000'000'000'000;
constexpr std::int64_t most_growth_mwh = 10'000'000'000;
constexpr std::int64_t most_uws = most_milliwatts * 3'600'000;
// By this much a register may differ from the integral, or fall, without meaning anything.
constexpr std::int64_t slack_mwh = 20'000;
// A register that grows in one step by this and twice the integral has counted unheard.
constexpr std::int64_t burst_mwh = 100'000;
constexpr HourMeter::Milliseconds clock_tolerance = 2s;

std::optional<std::int64_t> scaled(Decimal value, int places, std::int64_t most) {
  const Decimal moved = rounded(shifted(value, places), 0);
  const bool fits = moved.exponent == 0 && moved.digits >= 0 && moved.digits <= most;
  return fits ? std::optional(moved.digits) : std::nullopt;
}

// The last digit of the register, as mWh.
std::int64_t step_of(Decimal kilowatt_hours) {
  const Decimal step = rounded(shifted(Decimal{1, kilowatt_hours.exponent}, 6), 0);
  return std::clamp<std::int64_t>(step.digits, 0, most_growth_mwh);
}

// delta * part / whole. The quotient is exact to a four-millionth.
std::int64_t share(std::int64_t delta, std::int64_t part, std::int64_t whole) {
  constexpr std::int64_t enough = std::int64_t{1} << 22;
  while (whole > enough) {
    whole /= 2;
    part /= 2;
  }
  return part >= whole ? delta : delta * part / whole;
}

struct Known {
  std::int64_t mwh;
  std::int64_t time_ms, missed_s;
};

// What each piece has of the growth: its integral, and of what the integrals leave over a share for
// the time without any.
std::vector<std::int64_t> weights(const std::vector<Known>& pieces, std::int64_t growth) {
  std::int64_t integral = 0, time_ms = 0, missed_s = 0;
  for (const Known& each : pieces) {
    integral += each.mwh;
    time_ms += each.time_ms;
    missed_s += each.missed_s;
  }
  const bool much_missed = missed_s > 0 && missed_s * 20'000 > time_ms;
  const std::int64_t left = much_missed ? std::max<std::int64_t>(growth - integral, 0) : 0;
  std::vector<std::int64_t> out;
  for (const Known& each : pieces) {
    const std::int64_t missed = left > 0 ? left * each.missed_s / missed_s : 0;
    out.push_back(integral + left > 0 ? each.mwh + missed : each.time_ms);
  }
  return out;
}

}  // namespace

void HourMeter::sample(const Sample& sample, Now now) {
  if (!now.wall) return;
  const auto milliwatts = sample.watts ? scaled(*sample.watts, 3, most_milliwatts) : std::nullopt;
  if (!time_ || !clock_holds(now)) {
    begin(now);
  } else {
    const Instant until = std::max(*time_, *now.wall);
    const auto elapsed =
        mono_ ? std::chrono::duration_cast<Milliseconds>(now.mono - *mono_) : until - *time_;
    pass(until, elapsed, milliwatts);
  }
  mono_ = now.mono;
  if (milliwatts) {
    milliwatts_ = milliwatts;
    power_age_ = 0ms;
  }
  if (!sample.kilowatt_hours) return;
  const auto mwh = scaled(*sample.kilowatt_hours, 6, most_mwh);
  if (mwh) total(*mwh, step_of(*sample.kilowatt_hours));
}

void HourMeter::forget() {
  register_.reset();
  border_.reset();
  milliwatts_.reset();
  is_frequent_ = false;
  pieces_.clear();
  if (time_) next_piece(start());
}

std::optional<HourMeter::Hour> HourMeter::take() {
  if (closed_.empty()) return {};
  const Hour hour = closed_.front();
  closed_.pop_front();
  return hour;
}

std::optional<std::int64_t> HourMeter::running_mwh() const {
  const Piece& running = pieces_.back();
  const std::int64_t integral = running.uws / uws_per_mwh;
  if (register_ && border_ && border_->start == running.start) {
    if (!may_be_missed(border_->doubt + running.uncovered())) return {};
    return register_->mwh - border_->mwh + integral;
  }
  const bool from_begin = running.time >= *time_ - running.start;
  if (!from_begin || !may_be_missed(running.uncovered())) return {};
  return integral;
}

// ---- time ---------------------------------------------------------------------------------------

Instant HourMeter::start_of(Instant time) const {
  const auto since = time.time_since_epoch();
  const auto into = (since % period_ + period_) % period_;
  return time - into;
}

void HourMeter::begin(Now now) {
  time_ = now.wall;
  forget();
}

// False if it is no longer known to which period the count belongs.
bool HourMeter::clock_holds(Now now) {
  const Milliseconds passed = *now.wall - *time_;
  const Milliseconds elapsed =
      mono_ ? std::chrono::duration_cast<Milliseconds>(now.mono - *mono_) : std::max(passed, 0ms);
  const Milliseconds moved = std::chrono::abs(passed - elapsed);
  if (moved > longest_clock_step) return false;
  if (*now.wall - pieces_.front().start > most_periods * period_) return false;
  if (moved > clock_tolerance && border_) {
    border_->estimated = true;
    border_->doubt = std::max(border_->doubt, moved);
  }
  return true;
}

// Without a new power the last one is held as long as over a gap.
void HourMeter::pass(Instant until, Milliseconds elapsed, std::optional<std::int64_t> milliwatts) {
  power_age_ += elapsed;
  Milliseconds covered = elapsed > longest_step ? std::min(elapsed, longest_hold) : elapsed;
  if (!milliwatts_ || (!milliwatts && power_age_ > longest_hold)) covered = 0ms;
  const std::int64_t last = milliwatts_.value_or(0);
  const std::int64_t next = milliwatts.value_or(last);
  if (register_) {
    const std::int64_t least = std::min(last, next) * covered.count();
    register_->least_uws = std::min(register_->least_uws + least, most_uws);
  }
  integrate(until, covered, (last + next) / 2);
}

// What is covered lies evenly in the span. A clock that was set back waits until it is as late as
// it was: the energy of that time is the running period's.
void HourMeter::integrate(Instant until, Milliseconds covered, std::int64_t milliwatts) {
  const Milliseconds span = until - *time_;
  if (span <= 0ms) {
    pieces_.back().uws = std::min(pieces_.back().uws + milliwatts * covered.count(), most_uws);
    return;
  }
  while (*time_ < until) {
    Piece& piece = pieces_.back();
    const Instant border = piece.start + period_;
    const Milliseconds part = std::min(until, border) - *time_;
    const Milliseconds known{covered.count() * part.count() / span.count()};
    piece.uws = std::min(piece.uws + milliwatts * known.count(), most_uws);
    piece.time += part;
    piece.covered += known;
    *time_ += part;
    if (*time_ < border) continue;
    if (!register_) close_by_integral();
    next_piece(border);
  }
}

void HourMeter::next_piece(Instant start) { pieces_.push_back(Piece{start}); }

void HourMeter::close_by_integral() {
  const Piece piece = pieces_.back();
  pieces_.clear();
  Hour hour{piece.start, {}};
  hour.whole = piece.time >= period_ && may_be_missed(piece.uncovered());
  constexpr std::int64_t uws_per_wh = uws_per_mwh * mwh_per_wh;
  if (hour.whole) hour.wh = (piece.uws + uws_per_wh / 2) / uws_per_wh;
  closed_.push_back(hour);
}

// ---- registers ----------------------------------------------------------------------------------

void HourMeter::total(std::int64_t mwh, std::int64_t step_mwh) {
  if (!register_) return first_total(mwh);
  const std::int64_t growth = mwh - register_->mwh;
  const std::int64_t slack = std::max(slack_mwh, 2 * step_mwh);
  if (growth < 0 && -growth <= slack) return;  // noise of its last digits
  if (growth == 0 && register_->least_uws / uws_per_mwh > slack) return;  // the same list once more
  const auto periods = static_cast<std::int64_t>(pieces_.size());
  const bool is_short = *time_ - register_->at <= longest_step;
  const bool bursts = is_short && growth > 2 * integral_mwh() + burst_mwh + slack;
  if (growth < 0 || growth > most_growth_mwh * periods || bursts) {
    const auto milliwatts = milliwatts_;
    forget();
    milliwatts_ = milliwatts;
    return first_total(mwh);
  }
  grow(mwh);
}

// Soon after a border it may be the register of the border itself: its meter will show.
void HourMeter::first_total(std::int64_t mwh) {
  const Milliseconds late = *time_ - start();
  register_ = Register{mwh, *time_};
  border_.reset();
  if (late <= register_delay) border_ = Border{start(), mwh, late > 0ms, late, true};
  const bool from_begin = border_ && pieces_.back().time >= late;
  const Piece running = from_begin ? pieces_.back() : Piece{start()};
  pieces_.assign(1, running);
}

void HourMeter::grow(std::int64_t mwh) {
  const std::int64_t growth = mwh - register_->mwh;
  const bool is_short = *time_ - register_->at <= longest_step;
  is_frequent_ = is_frequent_ || (growth > 0 && *time_ - register_->at < seldom);
  const bool is_seldom = !is_frequent_ && comes_seldom();
  const bool is_late = *time_ - start() > register_delay || pieces_.size() < 2;
  const bool is_of_border = is_seldom && !is_late;
  if (border_ && border_->is_arrival && is_seldom) {
    border_->estimated = false;
    border_->doubt = 0ms;
  }
  if (border_ && growth > 0) border_->is_arrival = false;
  // A register that did not grow while its power was not measured may be an old one.
  const bool is_known = may_be_missed(uncovered()) || covered() == 0ms;
  const bool is_sure = is_of_border && (growth > 0 || is_known);

  const std::size_t closing = pieces_.size() - 1;
  const std::vector<std::int64_t> borders = borders_within(growth, !is_of_border);
  for (std::size_t n = 0; n < closing; ++n) {
    close(pieces_[n], borders[n], is_short || (is_sure && n + 1 == closing));
  }
  if (closing > 0 && !is_of_border && !is_short) border_->doubt += pieces_.back().uncovered();
  const std::int64_t least_uws = growth > 0 ? 0 : register_->least_uws;
  const Piece running = is_of_border ? pieces_.back() : Piece{start()};
  pieces_.assign(1, running);
  register_ = Register{mwh, *time_, least_uws};
}

// The register at the end of each piece; the running one has a share in the growth or none.
std::vector<std::int64_t> HourMeter::borders_within(std::int64_t growth, bool running) const {
  std::vector<Known> known;
  for (std::size_t n = 0; n < pieces_.size() - (running ? 0 : 1); ++n) {
    const Piece& each = pieces_[n];
    known.push_back({each.uws / uws_per_mwh, each.time.count(), each.uncovered() / 1s});
  }
  const std::vector<std::int64_t> parts = weights(known, growth);
  const std::int64_t whole = std::accumulate(parts.begin(), parts.end(), std::int64_t{0});
  std::vector<std::int64_t> borders;
  std::int64_t part = 0;
  for (const std::int64_t each : parts) {
    part += each;
    borders.push_back(register_->mwh + share(growth, part, whole));
  }
  return borders;
}

// Where a border of it was worked out, what was not measured of its piece is in doubt.
void HourMeter::close(const Piece& piece, std::int64_t border_mwh, bool exact) {
  Hour hour{piece.start, {}};
  if (border_ && border_->start == piece.start) {
    hour.estimated = border_->estimated || !exact;
    const Milliseconds doubt = border_->doubt + (hour.estimated ? piece.uncovered() : 0ms);
    hour.whole = may_be_missed(doubt);
    hour.wh = border_mwh / mwh_per_wh - border_->mwh / mwh_per_wh;
  }
  closed_.push_back(hour);
  if (closed_.size() > most_periods) closed_.pop_front();
  border_ = Border{piece.start + period_, border_mwh, !exact};
}

// An hour (or several) after the one before, or with long measured power in between.
bool HourMeter::comes_seldom() const {
  const Milliseconds span = *time_ - register_->at;
  const Milliseconds beyond = span % period_;
  const bool is_multiple =
      span + register_delay >= period_ && std::min(beyond, period_ - beyond) <= register_delay;
  return is_multiple || covered() >= seldom;
}

HourMeter::Milliseconds HourMeter::covered() const {
  Milliseconds sum{0};
  for (const Piece& each : pieces_) sum += each.covered;
  return sum;
}

HourMeter::Milliseconds HourMeter::uncovered() const {
  Milliseconds sum{0};
  for (const Piece& each : pieces_) sum += each.uncovered();
  return sum;
}

std::int64_t HourMeter::integral_mwh() const {
  std::int64_t sum = 0;
  for (const Piece& each : pieces_) sum += each.uws / uws_per_mwh;
  return sum;
}

}  // namespace gridtap
