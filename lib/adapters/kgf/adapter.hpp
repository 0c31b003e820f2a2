#pragma once
// Reads and sets Juntek KG-F battery coulometers: see README.md of this folder.

#include <memory>

#include "core/part.hpp"
#include "core/section.hpp"

namespace gridtap::kgf {

// The settings that a coulometer takes in the configuration: product.md 8.
std::unique_ptr<Adapter> make(Section& section, std::uint32_t seed);

// The keys that it may publish, out of the tables of this folder.
std::vector<std::string_view> keys();

// What to look at where the open line stays silent.
inline constexpr std::string_view silence_cure =
    "check that A and B are not swapped, the address, and whether the display has to give way (its "
    "monitor function)";

}  // namespace gridtap::kgf
