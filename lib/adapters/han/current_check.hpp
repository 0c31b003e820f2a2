#pragma once
// Kamstrup sends currents without their scale, and the Danish list no type that gives it: whether
// those of a meter behind a current transformer are taken ten times too large (han.md 6.5).

#include <cstdint>

#include "adapters/han/lists.hpp"

namespace gridtap::han {

// Whether voltages and currents of the list, in 10^current_exponent A, carry 8 to 12 times its
// apparent power, and that is more than 5 kVA. False where the list does not hold all of them.
bool currents_look_tenfold(const List& list, std::int8_t current_exponent);

}  // namespace gridtap::han
