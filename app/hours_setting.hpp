#pragma once
// The settings of the rule that watches the clock hour and the peaks of the month.

#include <optional>

#include "core/part.hpp"
#include "core/section.hpp"
#include "rules/hours.hpp"

namespace gridtap::app {

// True for a kind whose devices measure the import of a house: an energy, a power or both.
bool tells_import(const AdapterKind& kind);

// Reads `hour_limit` and `peaks` of a device; nothing where neither is there. `zone`: of the house
// or of the meter; empty: the host's.
std::optional<HoursOptions> read_hours(Section& section, const AdapterKind& kind,
                                       std::string_view zone);

}  // namespace gridtap::app
