#pragma once
// What the objects of HAN lists mean (han.md 8): one row per code C.D.E that has a key or
// identifies the meter is, and the order of the items in Kaifa's lists without codes (han.md 6.1).

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/bytes.hpp"

namespace gridtap::han {

enum class Quantity : std::uint8_t {
  power,            // W
  reactive_power,   // var
  current,          // A
  voltage,          // V
  power_factor,     // ratio
  energy,           // Wh on the wire, kWh published
  reactive_energy,  // varh on the wire, kvarh published
  clock,
  list_id,
  serial,
  number,  // a serial number, where there is no other (Danish lists)
  model,
};

inline constexpr std::size_t number_quantities = static_cast<std::size_t>(Quantity::clock);

struct Field {
  std::uint8_t c, d, e;
  Quantity quantity;
  std::string_view key = {};
  std::uint8_t index = 0;  // of the row

  bool is_number() const { return quantity < Quantity::clock; }
  bool is_total() const {
    return quantity == Quantity::energy || quantity == Quantity::reactive_energy;
  }
};

std::span<const Field> fields();
inline constexpr std::size_t max_fields = 64;

inline constexpr std::size_t obis_bytes = 6;

// The row of a code; nullptr where it has none. `obis`: the 6 bytes A to F.
const Field* find_field(ByteView obis);
// REQUIRES: there is such a row.
std::size_t field_index(std::string_view key);

// The unit of the standard (IEC 62056-6-2, table 4).
std::uint8_t dlms_unit(Quantity quantity);

// An item of a list without codes: the code for its position, and what it means.
struct Position {
  std::string_view source;
  const Field* field;
};
// Returns the items of a Kaifa list of that size; empty if there is no such list.
std::span<const Position> kaifa_positions(std::size_t count);

// "1-0:1.7.0", the code without its last byte; into `text`, which the view then shows.
using ObisText = std::array<char, 24>;
std::string_view obis_text(ByteView obis, ObisText& text);

}  // namespace gridtap::han
