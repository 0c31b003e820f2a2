#pragma once
// Which object of a telegram is which entity: one row each, in the order of p1.md section 5. To add
// an object, add its row; its key needs a row in core/vocabulary_*.cpp.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "adapters/p1/objects.hpp"
#include "adapters/p1/values.hpp"
#include "parts/total_evidence.hpp"

namespace gridtap::p1 {

// How the groups of an object are read.
enum class Form : std::uint8_t {
  number,        // (value*unit), the unit must fit
  count,         // (value), no unit
  power_factor,  // (value); without point it is in thousandths
  text,          // hex or plain
  message,       // the same; all of it as attribute
  version,       // plain, or five digits in hex
  tariff,        // (0002), (TARIFF 2)
  breaker,       // 0, 1, 2, ON, OFF
  time,          // time of the telegram
  limiter,       // W, VA or A: three keys
  fuse,          // threshold, import and export (Luxembourg), or an average (Lithuania)
  peak,          // (time)(value), in either order
  power_failures,
  peaks,
  identity,  // serial numbers, ids, firmware: no entity
  ignored,
};

struct Field {
  std::uint32_t code;  // packed(A, C, D, E)
  std::string_view key;
  Form form;
  Quantity quantity = Quantity::none;
  bool total = false;          // a counter that never falls
  bool factor = false;         // behind current transformers it is to be multiplied
  std::uint16_t entity = 0;    // the first row of its key
  std::optional<Flow> flow{};  // of a power: what it is the whole of
};

inline constexpr std::size_t max_fields = 128;  // rows of the table; it may be raised

std::span<const Field> fields();

// The row of an object, or nullptr. Channel B must be 0 (of the meter itself), or 1 for some codes.
const Field* find_field(const Object& object);
// The same as a number, which takes less room where many are kept.
std::uint16_t find_row(const Object& object);
const Field* field_at(std::uint16_t row);

// The entity of a key: its first row; fields().size() where it has none.
std::size_t entity_of(std::string_view key);

}  // namespace gridtap::p1
