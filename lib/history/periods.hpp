#pragma once
// The hours, days, months and years of a house, as its clocks show them. They are whole numbers of
// quarter-hours in every zone of Europe; a day in which clocks are moved has 23 or 25 hours.

#include <cstdint>
#include <string>

#include "core/value.hpp"
#include "core/zone.hpp"

namespace gridtap::history {

enum class Step : std::uint8_t { quarter, hour, day, month, year };

struct Period {
  Instant begin, end;
  friend bool operator==(const Period&, const Period&) = default;
};

// The one that the time is in. The hour that comes twice in autumn is two.
Period period_of(Instant time, Step step, const Zone& zone);
// Its first and its last day, for a person: "2026-03-01 to 2026-11-30".
std::string dates_of(const Period& period, const Zone& zone);

}  // namespace gridtap::history
