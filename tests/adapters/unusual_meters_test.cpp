// Meters that are right and look wrong, which no rule may touch; and registers whose unit changes
// while they count.

#include <doctest/doctest.h>

#include <algorithm>

#include "support/han_house.hpp"
#include "support/p1_house.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// All that a P1 meter held back in two minutes of telegrams a second apart, register first.
std::string held_of(double watts, const p1::HouseRig::Settings& settings = {}) {
  p1::HouseRig house(settings);
  std::string held;
  double watt_hours = 4'711'000;
  for (int second = 0; second < 120; ++second) {
    watt_hours += watts / 3600;
    const Decimal energy{static_cast<std::int64_t>(watt_hours), -3};
    const Decimal power{static_cast<std::int64_t>(watts), -3};
    held += house
                .hear_after(1s, "1-0:1.8.0(" + to_text(energy) + "*kWh)\n1-0:1.7.0(" +
                                    to_text(power) + "*kW)\n")
                .held;
  }
  return held;
}

// The largest total that was published, kWh.
double largest(std::string_view said) {
  constexpr std::string_view key = "energy_import ";
  double most = 0;
  for (std::string lines = lines_with(said, key); !lines.empty();
       lines.erase(0, lines.find('\n') + 1)) {
    most = std::max(most, std::stod(lines.substr(key.size())));
  }
  return most;
}

using House = han::CountingHouse;

House::Meter kamstrup(std::string_view type, int energy_exponent) {
  House::Meter meter;
  meter.type = type;
  meter.energy_exponent = energy_exponent;
  meter.watt_hours = 14'512'345;
  return meter;
}

}  // namespace

TEST_CASE("unusual meters: plants of megawatts, and what is behind transformers, are not held") {
  CHECK(held_of(500) == "");
  CHECK(held_of(90'000) == "");
  CHECK(held_of(3'000'000) == "");
  CHECK(held_of(5'000, {{"factor", "200"}}) == "");
  CHECK(held_of(200'000, {{"max_power", "150000"}}) == "");
}

TEST_CASE("unusual meters: registers that change from 10 Wh to 1 Wh are never ten times as much") {
  House house(kamstrup("6841131BN243101040", 1));
  (void)house.take(2000, 3h);
  house.meter().energy_exponent = 0;
  const std::string said = house.take(2000, 8h);
  CHECK(lines_with(said, "held energy_import").find(" unit\n") != std::string::npos);
  CHECK(largest(said) <= house.watt_hours() / 1000 + 0.02);
  CHECK(largest(said) >= house.watt_hours() / 1000 - 2.02);  // followed
}

TEST_CASE("unusual meters: registers that change from 1 Wh to 10 Wh are never a tenth") {
  House house(kamstrup("6841131BN243101092", 0));
  (void)house.take(2000, 3h);
  const double before = house.watt_hours() / 1000;
  house.meter().energy_exponent = 1;
  const std::string said = house.take(2000, 8h);
  CHECK(lines_with(said, "held energy_import").find(" unit\n") != std::string::npos);
  CHECK(lines_with(said, "energy_import 1451.") == "");  // a tenth of 14,512 kWh
  CHECK(largest(said) > before + 10);
  CHECK(largest(said) <= house.watt_hours() / 1000 + 0.02);
}

TEST_CASE("unusual meters: where the exponent is set a changed unit is a jump, for a person") {
  House house(kamstrup("6841131BN243101040", 1), {{"energy_exponent", "1"}});
  (void)house.take(2000, 3h);
  house.meter().energy_exponent = 0;
  const std::string said = house.take(2000, 8h);
  CHECK(lines_with(said, "held energy_import").find(" jumped\n") != std::string::npos);
  CHECK(largest(said) == 0);
}
