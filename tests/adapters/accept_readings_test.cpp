// The way out for readings that are held back: a person presses the button.

#include <doctest/doctest.h>

#include "support/han_line.hpp"
#include "support/p1_house.hpp"
#include "support/sunspec_unit.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

std::string p1_telegram(std::string_view kilowatt_hours, std::string_view volume) {
  return "1-0:1.8.0(" + std::string(kilowatt_hours) +
         "*kWh)\n0-1:24.1.0(003)\n0-1:96.1.0(4731)\n0-1:24.2.1(261120090000W)(" +
         std::string(volume) + "*m3)\n";
}

std::string register_list(std::int64_t wh) {
  han::ValueWriter body;
  body.array(1).structure(3).obis("1-0:1.8.0").u32(wh).scaler(0, 30);
  return han::pushed(body);
}

// Hears what an adapter answers to a press.
struct Answers final : Effects {
  std::string text;
  void operator()(const Effect& effect) override {
    if (const auto* rejected = std::get_if<Rejected>(&effect)) text += rejected->error.detail;
  }
};
std::string press(Adapter& adapter, Now now) {
  Answers answers;
  adapter.on_command({"", accept_key, true, "PRESS"}, now, answers);
  return answers.text;
}

}  // namespace

TEST_CASE("accept readings: a P1 house takes its counters and those behind it") {
  p1::HouseRig house;
  (void)house.hear(p1_telegram("1000", "500"));
  CHECK(press(house.adapter(), house.now) == "nothing is held back");
  CHECK(house.hear_after(10s, p1_telegram("0", "0")).held ==
        "energy_import 0 zero\n1/gas 0 zero\n");
  CHECK(press(house.adapter(), house.now) == "");
  const p1::Heard heard = house.hear_after(10s, p1_telegram("0", "0"));
  CHECK(heard.held == "");
  CHECK(heard.readings.find("energy_import 0\n") != std::string::npos);
  CHECK(heard.readings.find("1/gas 0\n") != std::string::npos);
}

TEST_CASE("accept readings: a power above what was set is right, up to itself") {
  p1::HouseRig house(p1::HouseRig::Settings{{"max_power", "10000"}});
  CHECK(house.hear("1-0:1.7.0(25.000*kW)").held == "power_import 25000 implausible\n");
  CHECK(press(house.adapter(), house.now) == "");
  CHECK(house.hear("1-0:1.7.0(25.000*kW)").readings == "power_import 25000\n");
  CHECK(house.hear("1-0:1.7.0(90.000*kW)").held == "power_import 90000 implausible\n");
}

TEST_CASE("accept readings: a HAN register is reported at once, its next list may be far") {
  han::LineRig line;
  (void)line.hear(register_list(9'000'000));
  CHECK(line.entities.empty());
  (void)line.hear(register_list(90'000'000));
  CHECK(line.entities == std::vector<std::string>{"accept_readings"});
  line.command(accept_key, true, "PRESS");
  CHECK(line.said() == "energy_import 90000.000 computed\n");
  CHECK(lines_with(line.hear(register_list(90'000'001)), "energy") ==
        "energy_import 90000.001 1-0:1.8.0\n");
  line.command(accept_key, true, "PRESS");
  CHECK(line.said() == "rejected accept_readings PRESS refused: nothing is held back\n");
}

TEST_CASE("accept readings: the factor of a HAN meter is applied to what is taken") {
  han::LineRig line(han::LineRig::Settings{{"factor", "40"}});
  (void)line.hear(register_list(9'000'000));
  (void)line.hear(register_list(0));
  line.command(accept_key, true, "PRESS");
  CHECK(line.said() == "energy_import 0.000 computed\n");
}

TEST_CASE("accept readings: an inverter's energy that fell, and a power above its rating") {
  sunspec::TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  map.set(map.add(120, 26) + 3U, 2000);
  sunspec::UnitRig rig(map.end());
  CHECK(lines_with(rig.pass(0ms), "power ") == "");
  rig.image[40069 + 25] = 1000;
  (void)rig.pass(5s);
  CHECK(rig.unit.accept());
  const std::string said = rig.pass(5s);
  CHECK(lines_with(said, "power ").starts_with("power 5000\n"));
  CHECK(lines_with(said, "energy_produced").starts_with("energy_produced 1.000\n"));
  CHECK_FALSE(rig.unit.accept());
}
