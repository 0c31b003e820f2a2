#pragma once
// A plausible house of SunSpec on a port: an inverter with two trackers under a sun that rises and
// sets, behind it a meter with a common model of its own, and a battery.

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/part.hpp"

namespace gridtap::sunspec {

// house: inverter (103, 120 to 123, 160), storage (124), meter (203) and battery (802). der: the
// same inverter by the models of IEEE 1547 (701, 702, 704, 713, 714).
inline constexpr std::string_view simulated_meters = "house,der";

inline constexpr std::string_view simulator_notes =
    "--set noon=true: the sun stays at its highest point";

// Settings:
//   meter  one of `simulated_meters`, default house
//   unit   that it answers to, default 1; others get exception 11
//   noon   true: the sun does not move, default false
Ends simulate(Section& section, std::uint32_t seed);

}  // namespace gridtap::sunspec
