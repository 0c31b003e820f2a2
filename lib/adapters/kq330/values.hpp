#pragma once
// Texts from the line as values (kq330.md 3), and the guard of lines without a checksum: a number
// that is impossible, has jumped, or came only once is not accepted.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/value.hpp"

namespace gridtap::kq330 {

// A number `-?digits[.digits]`, nothing for `nan`, else the text.
Value value_of(std::string_view text);
// The same of a switch: 1 and 0, on and off; nothing for any other text.
Value position_of(std::string_view text);

// Why a number is not accepted. Every new value starts as `unconfirmed`, which is normal.
enum class Doubt : std::uint8_t { none, left_range, one_of_too_many, jumped, unconfirmed };
std::string_view text_of(Doubt doubt);  // as a person reads it behind the name of the value

class Guard {
 public:
  static constexpr std::size_t most_values = 256;

  std::optional<Decimal> least, most, max_step;
  int confirm = 1;  // this many equal ones in a row

  // `name`: whose number it is.
  Doubt judge(const std::string& name, Decimal value);

 private:
  struct Past {
    std::optional<Decimal> believed, last;
    int equal = 0;
  };
  bool near(Decimal a, Decimal b) const;

  std::map<std::string, Past> past_;
};

}  // namespace gridtap::kq330
