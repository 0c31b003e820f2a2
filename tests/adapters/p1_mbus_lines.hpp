#pragma once
// The lines of a telegram about meters behind the meter, and what is said of them.

#include <string>
#include <string_view>

#include "support/p1_house.hpp"

namespace gridtap::p1 {

inline constexpr std::string_view clock_line = "0-0:1.0.0(261120093000W)\n";  // the rig's own time
inline constexpr std::string_view fresh = "261120090000W";

inline std::string type(int channel, std::string_view code) {
  return "0-" + std::to_string(channel) + ":24.1.0(" + std::string(code) + ")\n";
}
inline std::string id(int channel, std::string_view text) {
  return "0-" + std::to_string(channel) + ":96.1.0(" + std::string(text) + ")\n";
}
inline std::string reading(int channel, std::string_view value, std::string_view time = fresh,
                           std::string_view code = "24.2.1") {
  return "0-" + std::to_string(channel) + ':' + std::string(code) + '(' + std::string(time) + ")(" +
         std::string(value) + ")\n";
}
inline std::string gas_meter(int channel, std::string_view name, std::string_view value,
                             std::string_view time = fresh) {
  return type(channel, "003") + id(channel, name) + reading(channel, value, time);
}

// What is said of the M-Bus lines, without the clock's own.
inline Heard hear(HouseRig& house, std::string_view lines) {
  Heard heard = house.hear(std::string(clock_line) + std::string(lines));
  const std::size_t own = heard.readings.find("meter_time");
  if (own != heard.readings.npos)
    heard.readings.erase(own, heard.readings.find('\n', own) + 1 - own);
  return heard;
}
inline Heard hear(std::string_view lines) {
  HouseRig house;
  return hear(house, lines);
}

// The devices that were said: "1/gas 2/gas_2 ".
inline std::string names_of(const Heard& heard) {
  std::string names;
  for (std::size_t at = 0; at < heard.devices.size(); at = heard.devices.find('\n', at) + 1) {
    const std::string line = heard.devices.substr(at, heard.devices.find('\n', at) - at);
    if (line[1] == '/') names += line.substr(0, line.find('|')) + ' ';
  }
  return names;
}

}  // namespace gridtap::p1
