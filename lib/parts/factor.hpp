#pragma once
// `factor:` of meters behind current transformers, which count what flows on their secondary side:
// it multiplies powers, currents and energies (200/5 A: 40).

#include "core/decimal.hpp"
#include "core/section.hpp"

namespace gridtap {

// 1 if not configured. Above 0 and at most 100000, else a problem of the section.
Decimal read_factor(Section& section);

}  // namespace gridtap
