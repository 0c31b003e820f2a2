#pragma once
// Whether powers that come without unit and scaler are what voltages and currents carry. A power
// is never above the sum of U x I, in nets of three wires neither; where it is ten times of it in
// ten lists in a row, it counts tenths of a watt. The other way, U x I is above the power for many
// reasons: currents of opposite direction, reactive power, and currents in another unit behind a
// transformer, so far more has to be known.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/han/list_numbers.hpp"
#include "core/effect.hpp"
#include "core/record.hpp"

namespace gridtap::han {

class PowerScale {
 public:
  static constexpr int agreement = 10;  // lists in a row that decide
  static constexpr double least_watts = 500, least_va = 1000;

  // How sure the scale of the list's currents is.
  enum class Currents : std::uint8_t {
    guessed,  // by a type text: nothing is judged
    usual,    // documented, but a transformer may change it: no power is made larger by it
    certain,
  };

  // The lists that come now are of this meter. What is known of another one ends.
  void is_of(std::string_view serial);
  // To be added to what the maker documents.
  std::int8_t exponent() const { return exponent_; }
  // Looks at a list after it was published. What it decides holds from the next one on. True: the
  // exponent has changed.
  bool judge(const ListNumbers& numbers, Currents currents, Effects& effects);

  void save(RecordWriter& record) const;
  void restore(const Record& record);

 private:
  int step(const ListNumbers& numbers, Currents currents) const;

  std::string serial_;
  std::int8_t exponent_ = 0;
  int step_ = 0, agreeing_ = 0;
};

}  // namespace gridtap::han
