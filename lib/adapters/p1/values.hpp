#pragma once
// What a group can hold (p1.md 4.2): a number with its unit, a text in hex, a switch position.
// Units are scaled exactly to the one that is published.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/decimal.hpp"

namespace gridtap::p1 {

enum class Quantity : std::uint8_t {
  none,
  energy,           // kWh
  reactive_energy,  // kvarh
  power,            // W
  reactive_power,   // var
  apparent_power,   // VA
  voltage,          // V
  current,          // A
  frequency,        // Hz
  volume,           // m³
  heat,             // GJ
  duration,         // s
  unknown,          // a unit that no meter of ours sends
};

// A number as sent, in the published unit of its quantity. Without a unit: Quantity::none.
struct Number {
  Decimal value;
  Quantity quantity = Quantity::none;
  bool has_point = false;
};

// `[-+]digits[.digits][*unit]`, spaces around everything; nothing if it is not a number.
std::optional<Number> parse_number(std::string_view group);

// kWh as GJ, exactly.
Decimal to_gigajoule(Decimal kilowatt_hours);

// Without the spaces around it; nearly all texts have none, which is checked first.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
std::string_view without_blanks(std::string_view text);
inline std::string_view trim(std::string_view text) {
  if (text.empty() || (text.front() > ' ' && text.back() > ' ')) return text;
  return without_blanks(text);
}

// The octets of a hex text where all are printable, else the text as sent (p1.md 4.2, "Hex text").
// An id of decimal digits alone may be plain: then at least half of its octets must be digits.
enum class HexText : std::uint8_t { message, id };
std::string decode_text(std::string_view group, HexText kind);

// The id is set, whether it was sent as text or as hex text.
bool is_set_id(std::string_view id_as_sent);

// What makes an id fit for a unique id: as sent where it has only letters, digits, `-` and `_`,
// else the hex digits of its bytes.
std::string identity_of(std::string_view id_as_sent);

// Bytes outside 20 to 7E become `?`.
std::string shown(std::string_view text);

}  // namespace gridtap::p1
