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

extern const AdapterKind kind;

}  // namespace gridtap::kgf
