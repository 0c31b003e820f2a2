#pragma once
// Whether an AC power can be. Some inverters answer with a value and the factor of another moment:
// ten or a hundred times too much. Judged by what the device says that it can, and by the apparent
// power read with it, where that has fitted before. What lasts is right, and the device is wrong
// about itself; only `max_power`, which the user has set, holds for good.

#include <chrono>
#include <optional>

#include "core/effect.hpp"

namespace gridtap::sunspec {

class PowerCheck {
 public:
  // A power that is doubted for this long is right.
  static constexpr std::chrono::minutes longest_doubt{10};
  static constexpr Decimal least_watts{1000, 0};  // below it apparent powers say nothing

  explicit PowerCheck(std::optional<Decimal> max_power = {}) : max_power_(max_power) {}

  // One of its ratings, W or VA: the largest counts, as each may be wrong or left out. 0 is none.
  void rate(Decimal rating);
  // What is doubted now is right, a person says. False: nothing is.
  bool accept();
  // What the user has set, else the largest rating; 0: none.
  Decimal most() const { return max_power_.value_or(rating_); }
  // Whether the power, W, is to be withheld. `apparent`: read with it, VA.
  bool withholds(Decimal power, std::optional<Decimal> apparent, Mono now, Effects& effects);

 private:
  bool is_above_rating(Decimal size) const;
  bool is_above_apparent(Decimal size, std::optional<Decimal> apparent) const;
  void believe(Decimal size, std::optional<Decimal> apparent, Effects& effects);
  void disbelieve_apparent(Effects& effects);

  std::optional<Decimal> max_power_;
  Decimal rating_{};  // 0: none
  bool rating_is_wrong_ = false;
  enum class Apparent : std::uint8_t { unproved, fits, wrong } apparent_ = Apparent::unproved;
  std::optional<Mono> doubted_since_;
};

}  // namespace gridtap::sunspec
