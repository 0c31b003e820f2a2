#include "rules/day_energy.hpp"

#include <algorithm>

namespace gridtap {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t mwh_per_wh = 1000;
// Beyond 100 TWh, or 10 MWh more in an hour, it is no house, and sums might not fit.
constexpr std::int64_t most_mwh = 100'000'000'000'000'000;
constexpr std::int64_t most_growth_an_hour_mwh = 10'000'000'000;
constexpr std::int64_t most_hours = 1000;  // of growth, however long the silence was
// By this much a register may fall without meaning anything: noise of its last digits, or one that
// is read again after it was made of powers.
constexpr std::int64_t slack_mwh = 20'000, most_ahead_mwh = 10'000'000;

std::optional<std::int64_t> mwh_of(Decimal kilowatt_hours) {
  const Decimal moved = rounded(shifted(kilowatt_hours, 6), 0);
  const bool fits = moved.exponent == 0 && moved.digits >= 0 && moved.digits <= most_mwh;
  return fits ? std::optional(moved.digits) : std::nullopt;
}

}  // namespace

void DayEnergy::begin(Instant start, Instant now) {
  start_ = start;
  mwh_ = 0;
  since_.reset();
  if (!register_) return;
  register_->at = std::min(register_->at, now);
  since_ = std::max(start, register_->at);
}

void DayEnergy::clock_moved(Milliseconds by) {
  if (register_) register_->at += by;
}

void DayEnergy::total(Decimal kilowatt_hours, Source source, Instant now) {
  const auto mwh = mwh_of(kilowatt_hours);
  if (!mwh) return;
  const Register next{*mwh, now, source};
  if (!since_) since_ = now;
  if (!register_ || begins_anew(next)) {
    register_ = next;
  } else if (next.mwh < register_->mwh) {
    register_->at = now;
  } else {
    mwh_ += share_of_day(next.mwh - register_->mwh, now);
    register_ = next;
  }
}

bool DayEnergy::begins_anew(const Register& next) const {
  const std::int64_t growth = next.mwh - register_->mwh;
  const bool was_ahead = register_->source == Source::live && next.source == Source::read;
  if (growth < 0) return -growth > (was_ahead ? most_ahead_mwh : slack_mwh);
  const std::int64_t hours =
      std::clamp<std::int64_t>((next.at - register_->at) / 1h, 0, most_hours);
  return growth > most_growth_an_hour_mwh * (hours + 1);
}

// What came before midnight was of the day before.
std::int64_t DayEnergy::share_of_day(std::int64_t growth, Instant now) const {
  const std::int64_t whole = (now - register_->at) / 1s;
  const std::int64_t part = (now - std::max(register_->at, start_)) / 1s;
  return part >= whole ? growth : growth / whole * part + growth % whole * part / whole;
}

std::optional<Decimal> DayEnergy::value() const {
  return since_ ? std::optional(Decimal{mwh_ / mwh_per_wh, -3}) : std::nullopt;
}

// ---- restart ------------------------------------------------------------------------------------

namespace {

constexpr std::int64_t latest = 32'503'680'000'000;  // the year 3000, in milliseconds

std::optional<Instant> instant_of(const RecordRow& row, std::size_t n) {
  const auto count = row.number<std::int64_t>(n);
  const bool is_sound = count && *count >= 0 && *count <= latest;
  return is_sound ? std::optional(Instant(std::chrono::milliseconds(*count))) : std::nullopt;
}

std::optional<std::int64_t> energy_of(const RecordRow& row, std::size_t n) {
  const auto mwh = row.number<std::int64_t>(n);
  return mwh && *mwh >= 0 && *mwh <= most_mwh ? mwh : std::nullopt;
}

}  // namespace

void DayEnergy::keep(RecordWriter& record, const std::string& name) const {
  const auto count = [](Instant time) { return time.time_since_epoch().count(); };
  if (since_) record.add(name + ".day", count(start_), count(*since_), mwh_);
  if (register_) {
    const bool is_live = register_->source == Source::live;
    record.add(name + ".register", register_->mwh, count(register_->at), int{is_live});
  }
}

void DayEnergy::restore(const Record& record, const std::string& name) {
  for (const RecordRow& row : record.rows()) {
    if (row.name == name + ".day") {
      const auto start = instant_of(row, 0), since = instant_of(row, 1);
      const auto mwh = energy_of(row, 2);
      if (!start || !since || !mwh) continue;
      start_ = *start;
      since_ = since;
      mwh_ = *mwh;
    } else if (row.name == name + ".register") {
      const auto mwh = energy_of(row, 0);
      const auto at = instant_of(row, 1);
      if (!mwh || !at) continue;
      const bool is_live = row.number<int>(2) == 1;
      register_ = Register{*mwh, *at, is_live ? Source::live : Source::read};
    }
  }
}

}  // namespace gridtap
