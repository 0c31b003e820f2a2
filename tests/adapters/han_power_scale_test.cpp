// Powers that come without unit and scaler, against what voltages and currents carry.

#include <doctest/doctest.h>

#include "support/han_house.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono_literals;

namespace {

using Meter = CountingHouse::Meter;
using Form = CountingHouse::Form;

Meter kamstrup(int power_exponent, double current_unit = 0.01) {
  Meter meter;
  meter.power_exponent = power_exponent;
  meter.current_unit = current_unit;
  return meter;
}
Meter kaifa(int power_exponent) {
  Meter meter;
  meter.form = Form::kaifa;
  meter.type = "MA304H3E";
  meter.current_unit = 0.001;
  meter.energy_exponent = 0;
  meter.power_exponent = power_exponent;
  return meter;
}
std::string notices(std::string_view said) { return lines_with(said, "notice"); }
std::string power(std::string_view said) {
  const std::string lines = lines_with(said, "power_import ");
  const std::size_t last = lines.rfind('\n', lines.size() - 2);
  const std::string line = lines.substr(last == lines.npos ? 0 : last + 1);
  return line.substr(13, line.find(' ', 13) - 13);
}

// Three phases of one list; of `volts` and `amperes` those of 0 are sent, too. Currents in 10 mA.
std::string list(std::int64_t watts, std::array<std::int64_t, 3> volts,
                 std::array<std::int64_t, 3> amperes, std::int64_t var = 0,
                 std::int64_t exported = 0) {
  ValueWriter body;
  body.structure(23).text("Kamstrup_V0001").obis("1-1:0.0.5").text("5706567300000017");
  body.obis("1-1:96.1.1").text("6841131BN243101040");
  body.obis("1-1:1.7.0").u32(watts).obis("1-1:2.7.0").u32(exported).obis("1-1:3.7.0").u32(var);
  constexpr std::string_view current[] = {"1-1:31.7.0", "1-1:51.7.0", "1-1:71.7.0"};
  constexpr std::string_view voltage[] = {"1-1:32.7.0", "1-1:52.7.0", "1-1:72.7.0"};
  for (std::size_t n = 0; n < 3; ++n) body.obis(current[n]).u32(amperes[n]);
  for (std::size_t n = 0; n < 3; ++n) body.obis(voltage[n]).u16(volts[n]);
  return pushed(body);
}
// Of that list, a dozen times.
std::string repeat(const std::string& list) {
  LineRig rig;
  rig.pass(5s);
  std::string said;
  for (int n = 0; n < 25; ++n) {
    rig.pass(10s);
    said += rig.hear(list);
  }
  return said;
}

}  // namespace

TEST_CASE("han power scale: powers as documented say nothing") {
  for (const Meter& meter : {kamstrup(0), kaifa(0)}) {
    CountingHouse house(meter);
    const std::string said = house.take(2300, 10min);
    CHECK(power(said) == "2300");
    CHECK(notices(said) == "");
  }
}

TEST_CASE("han power scale: ten times what U x I is in ten lists in a row is a tenth") {
  for (const Meter& meter : {kamstrup(-1), kaifa(-1)}) {
    CountingHouse house(meter);
    std::string said = house.take(2300, 100s);
    CHECK(notices(said).find("powers are ten times what voltages and currents carry") !=
          std::string::npos);
    CHECK(notices(said).find("current_exponent") != std::string::npos);
    CHECK(house.rig.keeps > 0);
    said = house.take(2300, 10min);
    CHECK(power(said) == "2300.0");
    CHECK(notices(said) == "");
  }
}

TEST_CASE("han power scale: what is fed in is judged as well") {
  CountingHouse house(kamstrup(-1));
  CHECK(notices(house.take(-2300, 100s)) != "");
  CHECK(lines_with(house.take(-2300, 10s), "power_net ") == "power_net -2300.0 computed\n");
}

TEST_CASE("han power scale: ten lists in a row, of at least 500 W") {
  CountingHouse turns(kamstrup(-1));
  std::string said;
  for (int turn = 0; turn < 5; ++turn) said += turns.take(2300, 90s) + turns.take(0, 10s);
  CHECK(notices(said) == "");
  CountingHouse small(kamstrup(-1));
  CHECK(notices(small.take(45, 10min)) == "");
  CHECK(notices(small.take(55, 100s)) != "");
}

TEST_CASE("han power scale: the energy is not judged by a power that was in doubt") {
  CountingHouse house(kamstrup(-1));
  const std::string said = house.take(2300, 6h);
  CHECK(notices(said).find("registers") == std::string::npos);
}

TEST_CASE("han power scale: the decision outlives a restart, and ends with the meter") {
  CountingHouse first(kamstrup(-1));
  (void)first.take(2300, 2min);
  CountingHouse second(kamstrup(-1));
  second.rig.adapter->restore(first.rig.adapter->state());
  CHECK(power(second.take(2300, 10s)) == "2300.0");
  second.meter().serial = "5706567300000018";
  second.meter().power_exponent = 0;
  CHECK(power(second.take(2300, 10s)) == "2300");
}

TEST_CASE("han power scale: a decision that turns out wrong is taken back") {
  CountingHouse house(kamstrup(-1));
  (void)house.take(2300, 100s);
  house.meter().power_exponent = 0;
  CHECK(notices(house.take(15'000, 100s)).find("powers are a tenth of") != std::string::npos);
  CHECK(power(house.take(2300, 10s)) == "2300");
}

TEST_CASE("han power scale: a tenth of what U x I is, where nothing else can make it so") {
  CountingHouse house(kaifa(1));
  CHECK(notices(house.take(2300, 10min)) == "");  // 230 VA are too few
  house.reactive = 3000;
  CHECK(notices(house.take(23'000, 100s)).find("powers are a tenth of") != std::string::npos);
  CHECK(power(house.take(23'000, 10s)) == "23000");
}

TEST_CASE("han power scale: currents in another unit, behind a transformer, change no power") {
  // Danish: no type says that they count 1 mA.
  CountingHouse house(kamstrup(0, 0.001));
  const std::string said = house.take(23'000, 10min);
  CHECK(power(said) == "23000");
  CHECK(notices(said).find("set current_exponent: -3") != std::string::npos);
  // The type says so, and the meter counts 10 mA.
  Meter meter = kamstrup(0, 0.01);
  meter.type = "6851131BN243101040";
  CountingHouse other(meter);
  CHECK(power(other.take(23'000, 10min)) == "23000");
}

TEST_CASE("han power scale: with current_exponent the currents are what is certain") {
  Meter meter = kamstrup(-1, 0.001);
  meter.type = "6851131BN243101040";
  CountingHouse house(meter, {{"current_exponent", "-3"}});
  (void)house.take(2300, 100s);
  CHECK(power(house.take(2300, 10s)) == "2300.0");
}

TEST_CASE("han power scale: three wires, where a current or a voltage is not measured") {
  CHECK(notices(repeat(list(4000, {230, 0, 230}, {1004, 0, 1004}))) == "");
  CHECK(notices(repeat(list(4000, {230, 0, 230}, {1004, 1004, 1004}))) == "");
  CHECK(notices(repeat(list(2300, {230, 230, 230}, {1000, 1000, 0}))) == "");
  CHECK(notices(repeat(list(40'000, {230, 0, 230}, {1004, 0, 1004}))) != "");
  CHECK(notices(repeat(list(40'000, {230, 0, 230}, {1004, 1004, 1004}))) != "");
}

TEST_CASE("han power scale: unusual installations that no rule may touch") {
  // A motor of little load: mostly reactive.
  CHECK(notices(repeat(list(600, {230, 230, 230}, {900, 900, 900}, 6180))) == "");
  // Two phases feed in what the third one takes.
  CHECK(notices(repeat(list(700, {230, 230, 230}, {1500, 800, 500}, 10))) == "");
  // 480 V, 127 V, one phase out, and a plant of a megawatt.
  CHECK(notices(repeat(list(14'400, {480, 480, 480}, {1000, 1000, 1000}))) == "");
  CHECK(notices(repeat(list(1270, {127, 0, 0}, {1000, 0, 0}))) == "");
  CHECK(notices(repeat(list(1'035'000, {230, 230, 230}, {150'000, 150'000, 150'000}))) == "");
  // Hardly any current, and a power that it does not explain by far.
  CHECK(notices(repeat(list(900, {230, 230, 230}, {1, 0, 0}))) == "");
  CHECK(notices(repeat(list(900, {230, 230, 230}, {0, 0, 0}))) == "");
}

TEST_CASE("han: without max_power one power far above all before it waits for the next one") {
  LineRig rig;
  const auto hear = [&](std::int64_t watts) {
    rig.pass(2s);
    return rig.hear(pushed(kaifa_list_1(watts)));
  };
  (void)hear(1234);
  CHECK(lines_with(hear(1'234'000), "held") == "held power_import 1234000 implausible\n");
  CHECK(lines_with(hear(1240), "power_import") == "power_import 1240 1-0:1.7.0\n");
  CHECK(lines_with(hear(90'000), "held") != "");
  CHECK(lines_with(hear(70'000), "power_import") == "power_import 70000 1-0:1.7.0\n");
  CHECK(lines_with(hear(90'000), "held") == "");
}
