#pragma once
// One key per quantity, whichever device sends it: the only place where names, units and Home
// Assistant classes stand. A key is the last level of the state topic and the end of the unique id;
// it never changes after a release. `<N>` in a key is a number: `mppt<N>_power`.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/decimal.hpp"

namespace gridtap {

enum class Platform : std::uint8_t { sensor, binary_sensor, number, toggle, button, select, text };
enum class Statistics : std::uint8_t { none, measurement, total_increasing };
enum class Category : std::uint8_t { none, diagnostic, config };

struct EntitySpec {
  std::string_view key;
  std::string_view unit = {};          // as published, always
  std::string_view device_class = {};  // Home Assistant's
  Platform platform = Platform::sensor;
  Statistics statistics = Statistics::none;
  Category category = Category::none;
  bool enabled = true;            // enabled_by_default
  std::int8_t decimals = -1;      // suggested_display_precision; -1: as the source
  std::string_view options = {};  // of an enum or select: "off,on"; other values are added first
  std::string_view icon = {};     // only where no class fits
  std::string_view name = {};     // only where the key does not read well: "EAN"
  bool line_health = false;       // stays available while the device is offline
  bool needs_value = false;       // unavailable while its value is unknown
  std::string_view needs = {};    // unavailable while this other entity says nothing, or `none`
  Decimal min = {}, max = {}, step = {1, 0};  // of a number
};

// The row of a key, or nullptr. A part in front (`mppt2_`, `meter_`) is taken off where the whole
// key has no row: what follows a part is a key of this table.
const EntitySpec* find_spec(std::string_view key);

// The same quantity where it cannot be written: number, text and select become a sensor, a switch a
// binary sensor; its category is then diagnostic.
EntitySpec read_only(EntitySpec spec);

// What a person reads: "energy_import_t1" is "Energy import T1", "power_rated" is "Rated power".
std::string entity_name(std::string_view key);
// The counter of a gas, water or heat meter: what its device is there for, and so it may go without
// a name of its own.
bool is_main_feature(std::string_view key);
// An id in the same way: "house_meter" is "House meter".
std::string name_of_id(std::string_view id);

// All rows, theme by theme, for tests and documents.
std::span<const std::span<const EntitySpec>> vocabulary();

}  // namespace gridtap
