#pragma once
// Reads and limits SunSpec inverters, meters and batteries over Modbus TCP: see README.md of this
// folder.

#include <memory>

#include "core/part.hpp"
#include "core/section.hpp"

namespace gridtap::sunspec {

// The settings that a device takes in the configuration: product.md 8.
std::unique_ptr<Adapter> make(Section& section, std::uint32_t seed);

// The keys that it may publish, out of the tables of this folder.
std::vector<std::string_view> keys();

extern const AdapterKind kind;

}  // namespace gridtap::sunspec
