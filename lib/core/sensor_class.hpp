#pragma once
// Home Assistant's classes of sensors, for keys that the configuration names: what their unit may
// be in every version since 2024.12, and whether they count. A sensor with another unit is refused
// there, or shown with a warning.

#include <span>
#include <string_view>

namespace gridtap {

struct SensorClass {
  std::string_view name;
  std::string_view units;  // "hPa,mbar"; empty: it has none
  bool counts = false;     // a total: measurements are no statistics of it

  bool takes(std::string_view unit) const;
};
std::span<const SensorClass> sensor_classes();
const SensorClass* find_sensor_class(std::string_view name);

}  // namespace gridtap
