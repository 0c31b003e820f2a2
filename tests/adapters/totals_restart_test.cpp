// What a meter counted is known to the next run of gridtap: a counter never becomes 0 because
// gridtap was away, and the time away counts.

#include <doctest/doctest.h>

#include <bit>

#include "support/han_line.hpp"
#include "support/p1_house.hpp"
#include "support/sunspec_unit.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// ---- P1

std::string telegram(std::string_view serial, std::string_view kilowatt_hours) {
  return "0-0:96.1.1(" + std::string(serial) + ")\n1-0:1.8.0(" + std::string(kilowatt_hours) +
         "*kWh)\n";
}

// The next run hears this first, so long after the run before.
p1::Heard next_run(p1::HouseRig& before, std::chrono::milliseconds away, std::string_view lines,
                   bool clock_is_set = true) {
  p1::HouseRig next;
  next.adapter().restore(before.adapter().state());
  *next.now.wall += away;
  if (!clock_is_set) next.now.wall.reset();
  return next.hear(lines);
}

constexpr std::string_view serial = "4B3132333435", other_serial = "4B3132333436";

// ---- HAN

std::string register_list(std::int64_t wh) {
  han::ValueWriter body;
  body.array(1).structure(3).obis("1-0:1.8.0").u32(wh).scaler(0, 30);
  return han::pushed(body);
}

// ---- SunSpec: a float inverter, its counter in model 113.

constexpr std::uint16_t energy_at = 40069 + 32;

void set_energy(RegisterImage& image, float watt_hours) {
  const auto bits = std::bit_cast<std::uint32_t>(watt_hours);
  image[energy_at] = static_cast<std::uint16_t>(bits >> 16);
  image[energy_at + 1] = static_cast<std::uint16_t>(bits & 0xFFFF);
}
sunspec::TestMap float_inverter(std::string_view number) {
  sunspec::TestMap map;
  map.common("Maker", number);
  map.add(113, 60);
  set_energy(map.end().image, 4'000'000);
  return map;
}
std::string energy(std::string_view said) { return lines_with(said, "energy_produced"); }

}  // namespace

TEST_CASE("totals over a restart: a P1 counter does not become 0, however long gridtap was away") {
  p1::HouseRig house;
  (void)house.hear(telegram(serial, "1581.123"));
  for (const bool clock_is_set : {true, false}) {
    CHECK(next_run(house, 24h * 30, telegram(serial, "0"), clock_is_set).held ==
          "energy_import 0 zero\n");
    CHECK(next_run(house, 24h * 30, telegram(serial, "12"), clock_is_set).held ==
          "energy_import 12 fell\n");
  }
}

TEST_CASE("totals over a restart: the time away limits a jump; a cottage may sleep for months") {
  p1::HouseRig house;
  (void)house.hear(telegram(serial, "1000"));
  CHECK(next_run(house, 1h, telegram(serial, "1111")).held == "energy_import 1111 jumped\n");
  CHECK(next_run(house, 1h, telegram(serial, "1110")).held == "");
  CHECK(next_run(house, 24h * 90, telegram(serial, "9000")).held == "");
  CHECK(next_run(house, 1h, telegram(serial, "9000"), false).held == "");  // nobody knows how long
}

TEST_CASE("totals over a restart: a meter that was exchanged meanwhile is another one") {
  p1::HouseRig house;
  (void)house.hear(telegram(serial, "1581.123"));
  const p1::Heard heard = next_run(house, 1h, telegram(other_serial, "0.002"));
  CHECK(heard.held == "");
  CHECK(heard.readings == "energy_import 0.002\n");
}

TEST_CASE("totals over a restart: a gas meter's counter is kept with its name") {
  const auto gas = [](std::string_view hour, std::string_view volume) {
    return "0-1:24.1.0(003)\n0-1:96.1.0(4731)\n0-1:24.2.1(261120" + std::string(hour) + "0000W)(" +
           std::string(volume) + "*m3)\n";
  };
  p1::HouseRig house;
  (void)house.hear(gas("08", "2307.000"));
  CHECK(next_run(house, 1h, gas("09", "0")).held == "1/gas 0 zero\n");
  CHECK(next_run(house, 1h, gas("09", "2347.500")).held == "1/gas 2347.500 jumped\n");
  CHECK(next_run(house, 1h, gas("09", "2340.000")).held == "");
}

TEST_CASE("totals over a restart: a HAN register does not become 0") {
  han::LineRig line, next;
  (void)line.hear(register_list(9'000'000));
  next.adapter->restore(line.adapter->state());
  CHECK(lines_with(next.hear(register_list(0)), "held") == "held energy_import 0.000 zero\n");
  CHECK(lines_with(next.hear(register_list(9'000'001)), "energy") ==
        "energy_import 9000.001 1-0:1.8.0\n");
}

TEST_CASE("totals over a restart: an inverter that wakes with 0 keeps what it had") {
  sunspec::UnitRig rig = sunspec::at_work(float_inverter("S1"));
  RecordWriter record;
  rig.unit.save(record);
  sunspec::UnitRig next(float_inverter("S1"));
  set_energy(next.image, 0);
  next.unit.restore(Record(record.text()));
  CHECK(energy(next.pass(10min)) == "");
  set_energy(next.image, 4'000'100);
  CHECK(energy(next.pass(2min)).starts_with("energy_produced 4000.1"));
}

TEST_CASE("totals over a restart: an inverter whose board was exchanged begins anew") {
  sunspec::UnitRig rig = sunspec::at_work(float_inverter("S1"));
  RecordWriter record;
  rig.unit.save(record);
  sunspec::UnitRig next(float_inverter("S2"));
  set_energy(next.image, 12'000);
  next.unit.restore(Record(record.text()));
  CHECK(energy(next.pass(0ms)).starts_with("energy_produced 12"));
}

TEST_CASE("totals over a restart: devices behind one address are kept apart") {
  const auto two = [](float first, float second) {
    sunspec::TestMap map;
    map.common("Maker", "");
    const std::uint16_t inverter = map.add(113, 60);
    map.common("Maker", "");
    const std::uint16_t other = map.add(113, 60);
    for (const auto& [at, watt_hours] : {std::pair{inverter, first}, {other, second}}) {
      const auto bits = std::bit_cast<std::uint32_t>(watt_hours);
      map.set(at + 32U, static_cast<std::uint16_t>(bits >> 16));
      map.set(at + 33U, static_cast<std::uint16_t>(bits & 0xFFFF));
    }
    return map.end();
  };
  sunspec::UnitRig rig = sunspec::at_work(two(4'000'000, 1000));
  RecordWriter record;
  rig.unit.save(record);
  sunspec::UnitRig next(two(0, 2000));
  next.unit.restore(Record(record.text()));
  CHECK(energy(next.pass(0ms)) == "energy_produced 2.000\n");
}
