#pragma once
// What the fields of a KG-F mean (kgf.md 3 to 6): one row per value that it measures, per setting,
// and per command that it takes.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "adapters/kgf/lines.hpp"
#include "core/decimal.hpp"
#include "core/vocabulary.hpp"

namespace gridtap::kgf {

// The field is value x 10^-exponent + offset: temperatures are sent 100 too high.
struct Field {
  std::uint8_t index;
  std::string_view key;
  std::int8_t exponent = 0;
  std::int16_t offset = 0;

  Decimal value(std::int64_t raw) const { return {raw - offset, exponent}; }
};

// Of an answer to R50 with 12 (KG-F, KL-F) or 14 data fields (KH-F), without current, state and
// direction, which take more than a factor.
std::span<const Field> measured(std::size_t field_count);
inline constexpr std::size_t voltage_field = 0, current_field = 1, remaining_field = 2,
                             discharged_field = 3, charged_field = 4, temperature_field = 6,
                             state_field = 8, direction_field = 9;

// Hundredths of a volt.
struct VoltageRange {
  std::int64_t least = 0, most = 15'000;
};
// Measurements that cannot be: a checksum sees no fields that were swapped (kgf.md 7).
std::optional<Error> implausible(const Answer& answer, VoltageRange range);
// "on", the protection that switched off, "off", or "code<N>".
std::string state_text(std::int64_t state);

// Of an answer to R51, without the type of the relay.
std::span<const Field> setting_fields();
inline constexpr std::size_t capacity_field = 8, relay_type_field = 13;

// How a write shows in what is read back.
enum class Proof : std::uint8_t { setting, output, level, cleared, zeroed };

// A command. `least` and `most` are raw, as sent; a button has `press` as both.
struct Write {
  std::string_view key;
  std::uint8_t number;
  std::int64_t least, most;
  std::int8_t exponent = 0;
  std::int16_t offset = 0;
  Proof proof = Proof::setting;

  int read_back() const;  // R50 or R51
  // Where Proof::setting looks.
  std::size_t field() const;
  // The nearest step, halves away from zero; nothing outside the limits. A switch: 1 and 0.
  std::optional<std::int64_t> raw(const Decimal& value) const;
  // The row of the vocabulary with the limits of this meter.
  EntitySpec spec() const;
};
std::span<const Write> writes();
const Write* find_write(std::string_view key);

}  // namespace gridtap::kgf
