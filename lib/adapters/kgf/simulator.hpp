#pragma once
// The other end of an RS485 pair with coulometers on it, and a display where one is played.

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/part.hpp"

namespace gridtap::kgf {

// battery: one meter, alone on the line. display: a display asks it, R50 every second, the
// rest every ten. pair: two meters, addresses 1 and 3. khf: a KH-F.
inline constexpr std::string_view simulated_meters = "battery,display,pair,khf";

inline constexpr std::string_view simulator_notes =
    "--set address=N for one meter; --set stubborn=true: acknowledges writes and changes nothing";

// Settings:
//   meter     one of `simulated_meters`, default battery
//   address   of the one meter, default 1
//   stubborn  true: answers writes and keeps what it has, default false
//   noise     per cent of answers that suffer on the line, default 0
Ends simulate(Section& section, std::uint32_t seed);

}  // namespace gridtap::kgf
