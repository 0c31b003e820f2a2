// Powers that an inverter cannot have, by what it says that it can.
#include <doctest/doctest.h>

#include "support/sunspec_unit.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t power_at = 40069 + 14, apparent_at = 40069 + 18;

// An inverter of 5000 W with its nameplate.
UnitRig rated(std::uint16_t watts, std::optional<Decimal> max_power = {}) {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  map.set(map.add(120, 26) + 3U, watts);
  UnitSettings settings;
  settings.readings.max_power = max_power;
  return UnitRig(map.end(), settings);
}
std::string power(UnitRig& rig, std::chrono::milliseconds time) {
  return lines_with(rig.pass(time), "power ");
}

}  // namespace

TEST_CASE("sunspec rating: a power above twice of it is withheld, and the next good one is not") {
  UnitRig rig = rated(5000);
  CHECK(power(rig, 0ms) == "power 5000\n");
  rig.image[power_at] = 12'000;
  CHECK(power(rig, 2s) == "");
  rig.image[power_at] = static_cast<std::uint16_t>(-12'000);
  CHECK(power(rig, 2s) == "");
  rig.image[power_at] = 9'900;  // 1.98 times
  CHECK(power(rig, 1s) == "power 9900\n");
}

TEST_CASE("sunspec rating: a power that stays above twice of it for ten minutes is right") {
  UnitRig rig = rated(500);
  CHECK(power(rig, 9min) == "");
  const std::string said = rig.pass(2min);
  CHECK(lines_with(said, "power ").starts_with("power 5000\n"));
  CHECK(lines_with(said, "notice the power has been above twice the rating") != "");
  CHECK(lines_with(rig.pass(20min), "notice") == "");
}

TEST_CASE("sunspec rating: max_power replaces it, and without any nothing is withheld") {
  UnitRig set = rated(500, Decimal{2500, 0}), low = rated(5000, Decimal{2000, 0}), none = rated(0);
  CHECK(power(set, 0ms) == "power 5000\n");
  CHECK(power(low, 2s) == "");
  CHECK(power(none, 0ms) == "power 5000\n");
}

TEST_CASE("sunspec rating: a power far above the apparent power of its model is withheld") {
  UnitRig rig = rated(0);
  rig.image[power_at] = 2900;
  rig.image[apparent_at] = 2910;
  CHECK(power(rig, 2s).starts_with("power 2900\n"));
  rig.image[power_at] = 29'000;
  CHECK(power(rig, 2s) == "");
  rig.image[apparent_at] = 29'100;
  CHECK(power(rig, 1s) == "power 29000\n");
}

TEST_CASE("sunspec rating: an apparent power that is 0, as of many inverters, is none") {
  UnitRig rig = rated(0);
  CHECK(power(rig, 0ms) == "power 5000\n");
  rig.image[power_at] = 29'000;
  CHECK(power(rig, 1s) == "power 29000\n");
}
