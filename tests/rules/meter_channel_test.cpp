// Which of the meters of a device counts the house.
#include "rules/meter_channel.hpp"

#include <doctest/doctest.h>

using namespace gridtap;

TEST_CASE("meter channel: the first that reports is the one, and stays it") {
  MeterChannel channel(true);
  CHECK(channel.identity() == "");
  channel.identified("", "INVERTER");
  channel.identified("1", "METER");
  CHECK(channel.identity() == "");
  CHECK(channel.counts("1"));
  CHECK_FALSE(channel.counts(""));
  CHECK_FALSE(channel.counts("2"));
  CHECK(channel.identity() == "METER");
  channel.identified("1", "EXCHANGED");
  CHECK(channel.identity() == "EXCHANGED");
}

TEST_CASE("meter channel: where none may be behind, it is the device itself") {
  MeterChannel channel(false);
  CHECK_FALSE(channel.counts("1"));
  CHECK(channel.counts(""));
}

TEST_CASE("meter channel: one that identifies itself behind very many is known once it is chosen") {
  MeterChannel channel(true);
  for (int n = 0; n < 1000; ++n) channel.identified(std::to_string(n), "X");
  CHECK(channel.counts("last"));
  CHECK(channel.identity() == "");
  channel.identified("last", "METER");
  CHECK(channel.identity() == "METER");
}

TEST_CASE("meter channel: a meter within an inverter has its part in front of the key") {
  CHECK(without_meter_part("meter_energy_import") == "energy_import");
  CHECK(without_meter_part("energy_import") == "energy_import");
  CHECK(without_meter_part("battery_power") == "battery_power");
}
