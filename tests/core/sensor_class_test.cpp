#include "core/sensor_class.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/vocabulary.hpp"

using namespace gridtap;

TEST_CASE("sensor class: a class takes its units and no other") {
  const SensorClass& temperature = *find_sensor_class("temperature");
  CHECK(temperature.takes("°C"));
  CHECK_FALSE(temperature.takes("C"));
  CHECK_FALSE(temperature.takes(""));
  CHECK_FALSE(temperature.takes("°C,K"));
  CHECK(find_sensor_class("aqi")->takes(""));
  CHECK_FALSE(find_sensor_class("aqi")->takes("ppm"));
  CHECK(find_sensor_class("colour") == nullptr);
  CHECK(find_sensor_class("energy")->counts);
}

TEST_CASE("sensor class: the vocabulary itself keeps to it") {
  for (const auto table : vocabulary()) {
    for (const EntitySpec& row : table) {
      const SensorClass* const known = find_sensor_class(row.device_class);
      if (known == nullptr || row.platform != Platform::sensor) continue;
      CAPTURE(row.key);
      CHECK(known->takes(row.unit));
    }
  }
}
