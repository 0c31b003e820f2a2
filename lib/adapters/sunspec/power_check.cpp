#include "adapters/sunspec/power_check.hpp"

namespace gridtap::sunspec {
namespace {

Decimal size_of(Decimal value) {
  return {value.digits < 0 ? -value.digits : value.digits, value.exponent};
}

// Whether a is above tenths/10 x b; false where 64 bits do not hold that.
bool exceeds_tenths(Decimal a, std::int64_t tenths, Decimal b) {
  const auto ten_times = multiply(a, {10, 0}), most = multiply(b, {tenths, 0});
  return ten_times && most && *ten_times > *most;
}

}  // namespace

void PowerCheck::rate(Decimal rating) {
  if (rating > rating_) rating_ = rating;
}

bool PowerCheck::withholds(Decimal power, std::optional<Decimal> apparent, Mono now,
                           Effects& effects) {
  const Decimal size = size_of(power);
  if (!is_above_rating(size) && !is_above_apparent(size, apparent)) {
    doubted_since_.reset();
    const bool measured = apparent && size > least_watts && apparent_ == Apparent::unproved;
    const bool fits =
        measured && !exceeds_tenths(size, 11, *apparent) && !exceeds_tenths(*apparent, 20, size);
    if (fits) apparent_ = Apparent::fits;
    return false;
  }
  if (!doubted_since_) doubted_since_ = now;
  const bool is_set = max_power_ && is_above_rating(size);
  if (is_set || now - *doubted_since_ < longest_doubt) return true;
  believe(size, apparent, effects);
  return false;
}

bool PowerCheck::accept() {
  if (!doubted_since_) return false;
  doubted_since_.reset();
  max_power_.reset();
  rating_is_wrong_ = true;
  apparent_ = Apparent::wrong;
  return true;
}

bool PowerCheck::is_above_rating(Decimal size) const {
  if (max_power_) return exceeds_tenths(size, 20, *max_power_);
  return rating_.digits > 0 && !rating_is_wrong_ && exceeds_tenths(size, 20, rating_);
}

bool PowerCheck::is_above_apparent(Decimal size, std::optional<Decimal> apparent) const {
  const bool known = apparent && apparent->digits > 0 && apparent_ == Apparent::fits;
  return known && size > least_watts && exceeds_tenths(size, 15, *apparent);
}

// Whatever doubted it was wrong.
void PowerCheck::believe(Decimal size, std::optional<Decimal> apparent, Effects& effects) {
  doubted_since_.reset();
  if (is_above_apparent(size, apparent)) disbelieve_apparent(effects);
  if (!is_above_rating(size)) return;
  rating_is_wrong_ = true;
  effects(
      Notice{"the power has been above twice the rating for ten minutes: the rating is wrong, "
             "and not used any more; set max_power"});
}

void PowerCheck::disbelieve_apparent(Effects& effects) {
  apparent_ = Apparent::wrong;
  effects(
      Notice{"the power has been above the apparent power for ten minutes: the apparent power is "
             "wrong, and the power is not compared with it any more; set max_power"});
}

}  // namespace gridtap::sunspec
