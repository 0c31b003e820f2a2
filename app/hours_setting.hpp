#pragma once
// The settings of the rule that watches the clock hour and the peaks of the month.

#include <optional>

#include "core/part.hpp"
#include "core/section.hpp"
#include "rules/hours.hpp"

namespace gridtap::app {

// Whether such a device counts the import of a house, and so the days of it.
bool counts_house(const AdapterKind& kind);
// What an hour of such a device is made of: the import of a house, else what is drawn from a
// battery; nothing for a kind that measures neither.
std::optional<HoursSource> hours_source(const AdapterKind& kind);

// Reads `hour_limit` and `peaks` of a device; nothing where neither is there. `zone`: of the house
// or of the meter; empty: the host's.
std::optional<HoursOptions> read_hours(Section& section, const AdapterKind& kind,
                                       std::string_view zone);

}  // namespace gridtap::app
