#pragma once
// Whether two readings of a register of energy can be of one meter: in the lines of files they may
// be of two, or a line may have a number that was never measured. Pure.

#include <cstdint>
#include <string>

#include "history/slot.hpp"

namespace gridtap::history {

// More than any house is connected with: a fuse of 63 A lets through 43 kW. 10 MW are a village,
// and what a register that was read late catches up with stays far below.
constexpr std::int64_t most_watts = 10'000'000;

// It grew by more than most_watts bring in that time, one step of its last digit aside. Of what is
// not energy in Wh, kWh or MWh: false.
bool is_other_meter(const SeriesHead& head, Decimal before, Decimal now, Milliseconds between);
// What is said of it, and done.
std::string other_meter_note(const SeriesHead& head, Decimal before, Decimal now);

}  // namespace gridtap::history
