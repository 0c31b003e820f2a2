#pragma once
// Lists that are values alone, in an order that only the grid company knows: the known ones, told
// apart by the types of their items and the maker, and those that the setting `list` describes.
//
//   list: [-, meter_clock, energy_import:Wh, voltage_l1:0.1V]
//
//   -              an item that is passed over
//   serial, model  of the meter;  meter_clock  its clock
//   KEY:UNIT       a number in that unit, perhaps with a power of ten in front

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "adapters/han/lists.hpp"
#include "core/section.hpp"

namespace gridtap::han {

enum class ItemType : std::uint8_t { any, text, clock, u32, u16 };

struct ListItem {
  ItemType type = ItemType::any;
  std::array<std::uint8_t, obis_bytes> code{};  // zeros: passed over
  std::int8_t exponent = 0;
};

// Takes a list with that many items of those types; false, and nothing is taken, where it is
// another.
bool read_items(const AxdrTree& nodes, std::span<const ListItem> items, List& list);

// Takes a list that is known. `title`: the system title of a ciphered list, or nothing.
bool read_known_positions(const AxdrTree& nodes, std::string_view title, List& list);

// The setting `list`; empty where it is not there. Problems are the section's.
std::vector<ListItem> read_list_setting(Section& section);

}  // namespace gridtap::han
