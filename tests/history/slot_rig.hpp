#pragma once
// What tests of quarter-hours have in common: a time, its quarter-hour, and all that have ended.

#include <numeric>
#include <vector>

#include "history/slot.hpp"

namespace gridtap::history {

inline const Instant noon =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + std::chrono::hours{12};
inline const SlotTime first = slot_of(noon);

template <class Slots>
std::vector<Slot> all(Slots& slots) {
  std::vector<Slot> out;
  while (const auto slot = slots.take()) out.push_back(*slot);
  return out;
}

inline std::int64_t sum(const std::vector<Slot>& slots) {
  return std::accumulate(slots.begin(), slots.end(), std::int64_t{0},
                         [](std::int64_t so_far, const Slot& slot) { return so_far + slot.value; });
}

// Wh in a register of kWh with three decimals.
inline Decimal wh(std::int64_t value) { return {value, -3}; }

// Whether another register, or one that fell, began in that quarter-hour; `before`: the one before
// it in the file, however long before.
inline bool begins_anew(const Slot& slot, const std::optional<Slot>& before) {
  if (!slot.low || !slot.high) return false;
  const bool continues = !before || before->high == slot.low;
  return !continues || slot.value != *slot.high - *slot.low;
}

}  // namespace gridtap::history
