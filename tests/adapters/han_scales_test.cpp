// The power of ten of voltages that come without unit and scaler: decided once by the numbers.

#include <doctest/doctest.h>

#include "support/han_line.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono_literals;

namespace {

std::string kamstrup(std::vector<std::int64_t> volts,
                     std::string_view serial = "5706567300000017") {
  constexpr std::string_view codes[] = {"1-1:32.7.0", "1-1:52.7.0", "1-1:72.7.0"};
  ValueWriter body;
  body.structure(5 + 2 * volts.size()).text("Kamstrup_V0001").obis("1-1:0.0.5").text(serial);
  body.obis("1-1:1.7.0").u32(1000);
  for (std::size_t n = 0; n < volts.size(); ++n) body.obis(codes[n]).u16(volts[n]);
  return pushed(body);
}

// A meter in a running gateway: time has passed since the line opened.
struct Meter {
  explicit Meter(const LineRig::Settings& settings = LineRig::Settings()) : rig(settings) {
    rig.pass(5s);
  }
  std::string hear(const std::string& list) {
    rig.pass(10s);
    return rig.hear(list);
  }
  std::string voltages(const std::string& list) { return lines_with(hear(list), "voltage"); }

  LineRig rig;
};

constexpr std::string_view l1 = "voltage_l1 ", code = " 1-1:32.7.0\n";
std::string volt(std::string_view value) {
  return std::string(l1) + std::string(value) + std::string(code);
}

}  // namespace

TEST_CASE("han scales: whole volts, as documented, are published from the first list on") {
  Meter meter;
  CHECK(meter.voltages(kamstrup({229})) == volt("229"));
  CHECK(meter.voltages(kamstrup({230})) == volt("230"));
}

TEST_CASE("han scales: hundredths of volts are known after three lists, and not shown before") {
  Meter meter;
  CHECK(meter.voltages(kamstrup({22871})) == "");
  CHECK(meter.voltages(kamstrup({22935})) == "");
  CHECK(meter.voltages(kamstrup({23012})) == volt("230.12"));
  CHECK(meter.voltages(kamstrup({22999})) == volt("229.99"));
  CHECK(meter.rig.keeps > 0);
}

TEST_CASE("han scales: where no time passes one list decides") {
  LineRig recording;
  CHECK(lines_with(recording.hear(kamstrup({2301, 2310, 0})), "voltage") ==
        "voltage_l1 230.1 1-1:32.7.0\nvoltage_l2 231.0 1-1:52.7.0\n");
}

TEST_CASE("han scales: what was decided stays, through a sag, a swell and a lost phase") {
  Meter meter;
  for (int n = 0; n < 3; ++n) (void)meter.voltages(kamstrup({22871}));
  CHECK(meter.voltages(kamstrup({6012})) == volt("60.12"));
  CHECK(meter.voltages(kamstrup({229})) == volt("2.29"));
  CHECK(meter.voltages(kamstrup({0})) == "");
  CHECK(meter.voltages(kamstrup({22871})) == volt("228.71"));
}

TEST_CASE("han scales: phases that disagree decide nothing") {
  Meter meter;
  for (int n = 0; n < 5; ++n) CHECK(meter.voltages(kamstrup({229, 2290, 229})) == "");
  for (int n = 0; n < 2; ++n) CHECK(meter.voltages(kamstrup({22871, 22900, 0})) == "");
  CHECK(meter.voltages(kamstrup({22871, 22900, 0})) ==
        "voltage_l1 228.71 1-1:32.7.0\nvoltage_l2 229.00 1-1:52.7.0\n");
}

TEST_CASE("han scales: the decision outlives a restart, and ends with the meter") {
  Meter first;
  for (int n = 0; n < 3; ++n) (void)first.voltages(kamstrup({22871}));
  const std::string state = first.rig.adapter->state();
  Meter second;
  second.rig.adapter->restore(state);
  CHECK(second.voltages(kamstrup({22871})) == volt("228.71"));
  CHECK(second.voltages(kamstrup({229}, "5706567300000018")) == volt("229"));
}

TEST_CASE("han scales: a set exponent is never judged") {
  Meter meter(LineRig::Settings{{"voltage_exponent", "-1"}});
  CHECK(meter.voltages(kamstrup({22871})) == volt("2287.1"));
  CHECK(meter.voltages(kamstrup({120})) == volt("12.0"));
}

TEST_CASE("han scales: none fits: left out, and the setting is named once") {
  Meter meter;
  std::string said;
  for (int n = 0; n < 6; ++n) {
    said += meter.hear(kamstrup({57}));
  }
  CHECK(lines_with(said, "voltage") == "");
  CHECK(lines_with(said, "notice").find("voltage_exponent") != std::string::npos);
  CHECK(lines_with(said, "notice").find('\n') == lines_with(said, "notice").size() - 1);
}

TEST_CASE("han scales: unusual nets that no rule may touch") {
  for (const auto& [count, volts] :
       {std::pair{480, "480"}, {400, "400"}, {127, "127"}, {100, "100"}, {277, "277"}}) {
    Meter meter;
    for (int n = 0; n < 4; ++n) CHECK(meter.voltages(kamstrup({count})) == volt(volts));
  }
}

TEST_CASE("han scales: a voltage with its unit is never judged") {
  for (const auto& [count, exponent, value] :
       {std::tuple{12, 0, "12"}, {15000, -1, "1500.0"}, {11, 3, "11000"}, {2301, -1, "230.1"}}) {
    ValueWriter body;
    body.array(1).structure(3).obis("1-0:32.7.0").u16(count).scaler(exponent, 35);
    Meter meter;
    for (int n = 0; n < 4; ++n) {
      CHECK(meter.voltages(pushed(body)) == "voltage_l1 " + std::string(value) + " 1-0:32.7.0\n");
    }
  }
}

TEST_CASE(
    "han scales: Kamstrup types ending in 090 and 092 count watt hours, others tens of them") {
  for (const auto& [type, energy] : {std::pair{"6841100AN240100090", "1.234"},
                                     {"6841100AN240100092", "1.234"},
                                     {"6841100AN240100040", "12.34"}}) {
    ValueWriter body;
    body.structure(7).text("Kamstrup_V0001").obis("1-1:0.0.5").text("5706567300000017");
    body.obis("1-1:96.1.1").text(type).obis("1-1:1.8.0").u32(1234);
    CHECK(lines_with(LineRig().hear(pushed(body)), "energy") ==
          "energy_import " + std::string(energy) + " 1-1:1.8.0\n");
  }
}
