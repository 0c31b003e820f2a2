#pragma once
// `factor:` of meters behind current transformers, which count what flows on their secondary side:
// it multiplies powers, currents and energies (200/5 A: 40).

#include <cstdint>
#include <optional>

#include "core/decimal.hpp"
#include "core/section.hpp"

namespace gridtap {

// 1 if not configured. Above 0 and at most 100000, else a problem of the section.
Decimal read_factor(Section& section);

// The setting `max_power`, W of the connection, as the meter counts behind its transformers;
// nothing where it is not set.
std::optional<Decimal> read_max_power(Section& section, Decimal factor);
// Whether a power, in either direction, is above twice what was set.
bool exceeds(Decimal power, std::optional<Decimal> max_power);
// Its size in whole watts, rounded up; never more than 1000000000.
std::int32_t watts_of(Decimal power);

}  // namespace gridtap
