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

extern const AdapterKind kind;

}  // namespace gridtap::p1
