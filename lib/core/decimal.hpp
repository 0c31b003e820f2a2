#pragma once
// An exact decimal number: digits x 10^exponent. Meters send integers and powers of ten, so a value
// keeps the digits and decimals that the device sent, and a change of unit only moves the point.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gridtap {

struct Decimal {
  std::int64_t digits = 0;
  std::int8_t exponent = 0;

  // The same number: 1.50 equals 1.5.
  friend bool operator==(Decimal a, Decimal b) {
    return a.exponent == b.exponent ? a.digits == b.digits : (a <=> b) == 0;
  }
  friend std::strong_ordering operator<=>(Decimal a, Decimal b);
};

// Appends plain notation: "671.578", "0.050", "-12", "5000". Never an exponent, never "-0".
void append(std::string& out, Decimal value);
std::string to_text(Decimal value);

// Reads `[-+]digits[.digits]`, the whole text; nothing where it is anything else or needs more than
// 18 digits. "002.10" keeps its decimals: 210 x 10^-2.
std::optional<Decimal> parse_decimal(std::string_view text);

// value x 10^places, exactly: shifted({1234, 0}, -3) is 1.234. Decimals are kept, not added: 1.5 kW
// shifted by 3 is 1500 x 10^0.
constexpr Decimal shifted(Decimal value, int places);

// Exact sums and products; nothing where 64 bits do not hold the result.
std::optional<Decimal> add(Decimal a, Decimal b);
std::optional<Decimal> subtract(Decimal a, Decimal b);
std::optional<Decimal> multiply(Decimal a, Decimal b);

// The nearest number with that many decimals, halves away from zero.
Decimal rounded(Decimal value, int decimals);

// ---- how ----------------------------------------------------------------------------------------

namespace decimal {
// Whole numbers grow by zeros, as far as 64 bits hold them.
Decimal shifted_up(Decimal value, int exponent);
inline constexpr int max_exponent = 36;  // hostile exponents must not print megabytes
}  // namespace decimal

constexpr Decimal shifted(Decimal value, int places) {
  const int exponent = value.exponent + places;
  if (exponent > 0 || exponent < -decimal::max_exponent)
    return decimal::shifted_up(value, exponent);
  return {value.digits, static_cast<std::int8_t>(exponent)};
}

}  // namespace gridtap
