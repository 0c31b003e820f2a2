#pragma once
// The power of ten of voltages and currents that come without unit and scaler. The numbers decide
// it themselves, once per meter: a phase of a house has 80 to 500 V, and U x I of all phases is the
// power beside it. What was decided stays, whatever the voltage does; it is kept with the serial
// number.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/han/lists.hpp"
#include "core/effect.hpp"
#include "core/record.hpp"

namespace gridtap::han {

class Scales {
 public:
  static constexpr int agreement = 3;  // lists in a row that decide

  // `voltage`, `current`: what the user has set; it is never judged.
  Scales(std::optional<std::int8_t> voltage, std::optional<std::int8_t> current)
      : set_voltage_(voltage), set_current_(current) {}

  // The lists that come now are of this meter. What is known of another one ends.
  void is_of(std::string_view serial);
  // Looks at a list. `usual`: the exponent that the maker documents, or nothing. `one_decides`: no
  // time passes between lists.
  void judge(const List& list, std::optional<std::int8_t> usual, bool one_decides,
             Effects& effects);

  // Of the list that was judged last; nothing where it is not known.
  std::optional<std::int8_t> voltage() const { return voltage_; }
  std::optional<std::int8_t> current() const { return set_current_ ? set_current_ : current_; }

  void save(RecordWriter& record) const;
  void restore(const Record& record);

 private:
  void judge_voltage(const List& list, std::optional<std::int8_t> usual, bool one_decides,
                     Effects& effects);
  void judge_current(const List& list, Effects& effects);

  std::optional<std::int8_t> set_voltage_, set_current_;
  std::string serial_;
  std::optional<std::int8_t> decided_, current_;
  std::optional<std::int8_t> voltage_;
  static constexpr std::int8_t none_yet = 126;
  std::int8_t candidate_ = none_yet;  // of the newest lists
  int agreeing_ = 0;
  bool said_unknown_ = false;
};

}  // namespace gridtap::han
