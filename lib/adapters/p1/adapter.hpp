#pragma once
// Reads P1 smart meters: see README.md of this folder.

#include <memory>

#include "core/part.hpp"
#include "core/section.hpp"

namespace gridtap::p1 {

// The settings that a meter takes in the configuration: product.md 8.
std::unique_ptr<Adapter> make(Section& section, std::uint32_t seed);

// The keys that it may publish, out of the tables of this folder.
std::vector<std::string_view> keys();

// What to look at where the open line stays silent.
inline constexpr std::string_view silence_cure =
    "check the cable and the data request pin, and whether the grid company has switched the port "
    "on";

}  // namespace gridtap::p1
