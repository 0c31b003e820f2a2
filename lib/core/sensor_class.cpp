#include "core/sensor_class.hpp"

#include <algorithm>
#include <iterator>

namespace gridtap {
namespace {

constexpr SensorClass table[] = {
    {"aqi", ""},
    {"atmospheric_pressure", "hPa,mbar,kPa,Pa,bar"},
    {"battery", "%"},
    {"carbon_dioxide", "ppm"},
    {"carbon_monoxide", "ppm"},
    {"current", "A,mA"},
    {"distance", "mm,cm,m,km"},
    {"duration", "ms,s,min,h,d"},
    {"energy", "Wh,kWh,MWh,MJ,GJ", true},
    {"energy_storage", "Wh,kWh,MWh"},
    {"frequency", "Hz,kHz"},
    {"gas", "m³", true},
    {"humidity", "%"},
    {"illuminance", "lx"},
    {"irradiance", "W/m²"},
    {"moisture", "%"},
    {"ph", ""},
    {"power", "W,kW"},
    {"precipitation", "mm,cm"},
    {"precipitation_intensity", "mm/h,mm/d"},
    {"pressure", "Pa,hPa,kPa,bar,mbar"},
    {"signal_strength", "dB,dBm"},
    {"sound_pressure", "dB,dBA"},
    {"speed", "m/s,km/h,mm/h"},
    {"temperature", "°C,K,°F"},
    {"voltage", "V,mV"},
    {"volume", "L,mL,m³", true},
    {"volume_flow_rate", "L/min,m³/h"},
    {"volume_storage", "L,mL,m³"},
    {"water", "L,m³", true},
    {"weight", "g,kg,mg"},
    {"wind_speed", "m/s,km/h"},
};

}  // namespace

bool SensorClass::takes(std::string_view unit) const {
  std::string_view rest = units;
  do {
    const std::string_view word = rest.substr(0, rest.find(','));
    if (word == unit) return true;
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  } while (!rest.empty());
  return false;
}

std::span<const SensorClass> sensor_classes() { return table; }

const SensorClass* find_sensor_class(std::string_view name) {
  const auto* const found = std::find_if(std::begin(table), std::end(table),
                                         [&](const SensorClass& row) { return row.name == name; });
  return found == std::end(table) ? nullptr : found;
}

}  // namespace gridtap
