// The lists of the makers: told apart by what is in them, each read by its own rules.

#include <doctest/doctest.h>

#include "support/han_line.hpp"

using namespace gridtap;
using namespace gridtap::han;

namespace {

// What is said of one list, without what it says of itself and of its size.
std::string read(const ValueWriter& body, const LineRig::Settings& settings = {}) {
  LineRig line(settings);
  std::string said = line.hear(pushed(body)), kept;
  for (std::string_view text = said; !text.empty();) {
    const std::string_view each = text.substr(0, text.find('\n') + 1);
    if (!each.starts_with("identified") && !each.starts_with("frame")) kept += each;
    text.remove_prefix(each.size());
  }
  return kept;
}
std::string identity(const ValueWriter& body) {
  LineRig line;
  return lines_with(line.hear(pushed(body)), "identified");
}

ValueWriter& kaifa_head(ValueWriter& body, std::string_view model = "MA304H4") {
  return body.octets("KFM_001").octets("6970631400000017").octets(model);
}

const std::string clock_bytes = hex("07EA0B1405080010FF800000");

}  // namespace

TEST_CASE("han lists: Kaifa list 1 is the power alone") {
  CHECK(read(kaifa_list_1(1234)) == "power_import 1234 1-0:1.7.0\n");
  CHECK(read(kaifa_list_1(0xFFFFFFFF)) == "power_import 4294967295 1-0:1.7.0\n");
}

TEST_CASE("han lists: Kaifa list 2 of three phases, by position") {
  ValueWriter body;
  kaifa_head(body.structure(13)).u32(1500).u32(0).u32(0).u32(140);
  body.u32(2345).u32(10).u32(3999).u32(2301).u32(2295).u32(2310);
  CHECK(read(body) ==
        "power_import 1500 1-0:1.7.0\n"
        "power_export 0 1-0:2.7.0\n"
        "reactive_power_import 0 1-0:3.7.0\n"
        "reactive_power_export 140 1-0:4.7.0\n"
        "current_l1 2.345 1-0:31.7.0\n"
        "current_l2 0.010 1-0:51.7.0\n"
        "current_l3 3.999 1-0:71.7.0\n"
        "voltage_l1 230.1 1-0:32.7.0\n"
        "voltage_l2 229.5 1-0:52.7.0\n"
        "voltage_l3 231.0 1-0:72.7.0\n"
        "power_net 1500 computed\n");
  CHECK(identity(body) == "identified Kaifa|MA304H4|6970631400000017|6970631400000017\n");
}

TEST_CASE("han lists: Kaifa list 3 of one phase ends with clock and registers") {
  ValueWriter body;
  kaifa_head(body.structure(14), "MA105H2E").u32(500).u32(0).u32(0).u32(1);
  body.u32(2100).u32(2350).octets(clock_bytes).u32(12345678).u64(5).u32(70).u32(80);
  const std::string said = read(body);
  CHECK(lines_with(said, "current") == "current_l1 2.100 1-0:31.7.0\n");
  CHECK(lines_with(said, "voltage") == "voltage_l1 235.0 1-0:32.7.0\n");
  CHECK(lines_with(said, "energy") ==
        "energy_import 12345.678 1-0:1.8.0\nenergy_export 0.005 1-0:2.8.0\n");
  CHECK(lines_with(said, "reactive_energy") ==
        "reactive_energy_import 0.070 1-0:3.8.0\nreactive_energy_export 0.080 1-0:4.8.0\n");
  CHECK(lines_with(said, "meter_clock") == "meter_clock 2026-11-20T08:00:16 0-0:1.0.0\n");
}

TEST_CASE("han lists: a Kaifa list of another count gives nothing") {
  for (const std::size_t count : {2u, 10u, 12u, 17u}) {
    CAPTURE(count);
    ValueWriter body;
    kaifa_head(body.structure(count));
    for (std::size_t n = 3; n < count; ++n) body.u32(1);
    LineRig line;
    CHECK(line.hear(pushed(body)).starts_with("dropped"));
  }
}

TEST_CASE("han lists: on an IT net the phase that is not measured has no voltage of 0") {
  ValueWriter body;
  kaifa_head(body.structure(13), "MA304H3E").u32(1500).u32(0).u32(0).u32(0);
  body.u32(1000).u32(1100).u32(1200).u32(2301).u32(0).u32(2310);
  const std::string said = read(body);
  CHECK(lines_with(said, "voltage") ==
        "voltage_l1 230.1 1-0:32.7.0\nvoltage_l3 231.0 1-0:72.7.0\n");
  CHECK(lines_with(said, "current_l2") == "current_l2 1.100 1-0:51.7.0\n");
}

TEST_CASE("han lists: Swedish Kaifa, OBIS and value in turn, with Kaifa's scales") {
  ValueWriter body;
  body.structure(10).obis("1-0:0.2.129").octets("KFM_001").obis("1-0:32.7.0").u32(2322);
  body.obis("1-0:31.7.0").u32(320).obis("1-0:1.8.0").u64(1000).obis("1-0:2.7.0").u32(7);
  CHECK(read(body) ==
        "voltage_l1 232.2 1-0:32.7.0\ncurrent_l1 0.320 1-0:31.7.0\n"
        "energy_import 1.000 1-0:1.8.0\npower_export 7 1-0:2.7.0\n");
  CHECK(identity(body) == "identified Kaifa|||\n");
}

TEST_CASE("han lists: Aidon's rows carry their scales") {
  ValueWriter body;
  body.array(6);
  body.structure(2).obis("1-1:0.2.129").text("AIDON_V0001");
  body.structure(2).obis("0-0:96.1.0").text("7359992800000031");
  body.structure(2).obis("0-0:96.1.7").text("6525");
  body.structure(3).obis("1-0:31.7.0").i16(-12).scaler(-1, 33);
  body.structure(3).obis("1-0:32.7.0").u16(2345).scaler(-1, 35);
  body.structure(3).obis("1-0:1.8.0").u32(4321).scaler(1, 30);
  CHECK(read(body) ==
        "current_l1 -1.2 1-0:31.7.0\nvoltage_l1 234.5 1-0:32.7.0\n"
        "energy_import 43.21 1-0:1.8.0\n");
  CHECK(identity(body) == "identified Aidon|6525|7359992800000031|7359992800000031\n");
}

TEST_CASE("han lists: a number in Aidon's form without a scale is raw") {
  ValueWriter body;
  body.array(2);
  body.structure(2).obis("1-0:1.7.0").u32(77);
  body.structure(3).obis("1-0:2.7.0").u32(5).scaler(0, 27);
  CHECK(read(body) == "unknown 1-0:1.7.0 77\npower_export 5 1-0:2.7.0\n");
}

TEST_CASE("han lists: a row that does not fit is left out, the others count") {
  ValueWriter body;
  body.array(6);
  body.structure(4).obis("1-0:1.7.0").u32(1).u32(2).u32(3);
  body.structure(3).obis("1-0:2.7.0").u32(5).scaler(0, 30);  // a power in Wh
  body.structure(3).obis("1-0:3.7.0").text("five").scaler(0, 29);
  body.structure(3).obis("1-0:4.7.0").u32(5).scaler(10, 29);
  body.u32(5);
  body.structure(3).obis("1-0:21.7.0").u32(6).scaler(0, 27);
  CHECK(lines_with(read(body), "power") == "power_import_l1 6 1-0:21.7.0\n");
}

TEST_CASE("han lists: Kamstrup of three phases, in its own units") {
  ValueWriter body;
  body.structure(11).text("Kamstrup_V0001");
  body.obis("1-1:0.0.5").text("5706567200000048").obis("1-1:96.1.1").text("6841131BN243101040");
  body.obis("1-1:31.7.0").u32(1234).obis("1-1:32.7.0").u16(231).obis("1-1:1.8.0").u32(567890);
  CHECK(read(body) ==
        "current_l1 12.34 1-1:31.7.0\nvoltage_l1 231 1-1:32.7.0\n"
        "energy_import 5678.90 1-1:1.8.0\n");
  CHECK(identity(body) ==
        "identified Kamstrup|6841131BN243101040|5706567200000048|5706567200000048\n");
}

TEST_CASE("han lists: Kamstrup of one phase has nulls where the others would be") {
  ValueWriter body;
  body.structure(9).text("Kamstrup_V0001").obis("1-1:31.7.0").u32(100).null().null().null().null();
  body.obis("1-1:32.7.0").u16(230);
  CHECK(read(body) == "current_l1 1.00 1-1:31.7.0\nvoltage_l1 230 1-1:32.7.0\n");
}

TEST_CASE("han lists: Kamstrup's scales follow the type, and settings have the last word") {
  const auto list = [](std::string_view type) {
    ValueWriter body;
    body.structure(7).text("Kamstrup_V0001").obis("1-1:96.1.1").text(type);
    return body.obis("1-1:31.7.0").u32(1234).obis("1-1:1.8.0").u32(5000);
  };
  const auto said = [](const std::string& current, const std::string& energy) {
    return "current_l1 " + current + " 1-1:31.7.0\nenergy_import " + energy + " 1-1:1.8.0\n";
  };
  CHECK(read(list("6841138BN245101092")) == said("12.34", "5.000"));  // Sweden
  CHECK(read(list("6851131BN243101040")) == said("1.234", "50.00"));  // current transformer
  CHECK(read(list("6841131BN243101040"), {{"energy_exponent", "0"}, {"current_exponent", "-3"}}) ==
        said("1.234", "5.000"));
  CHECK(read(list("6841138BN245101092"), {{"energy_exponent", "1"}}) == said("12.34", "50.00"));
}

TEST_CASE("han lists: OBIS, value and scale in a row, of any maker") {
  ValueWriter body;
  body.structure(6).obis("1-0:1.7.0").u32(300).scaler(0, 27);
  body.obis("1-0:32.7.0").u16(2310).scaler(-1, 35);
  CHECK(read(body) == "power_import 300 1-0:1.7.0\nvoltage_l1 231.0 1-0:32.7.0\n");
}

TEST_CASE("han lists: a structure of rows, of any maker") {
  ValueWriter body;
  body.structure(2).structure(3).obis("1-0:1.7.0").u32(3).scaler(2, 27);
  body.structure(3).obis("1-0:1.8.1").u64(123456).scaler(0, 30);
  CHECK(read(body) == "power_import 300 1-0:1.7.0\nenergy_import_t1 123.456 1-0:1.8.1\n");
  CHECK(identity(body) == "identified |||\n");
}

TEST_CASE("han lists: the same code twice, or two for one key: the first counts") {
  ValueWriter body;
  body.structure(7).text("Kamstrup_V0001");
  body.obis("1-1:1.7.0").u32(5).obis("1-0:1.7.0").u32(6).obis("1-1:1.7.0").null();
  CHECK(read(body) == "power_import 5 1-1:1.7.0\n");
  ValueWriter null_first;
  null_first.structure(5).text("Kamstrup_V0001");
  null_first.obis("1-1:1.7.0").null().obis("1-0:1.7.0").u32(6);
  CHECK(read(null_first) == "power_import None 1-1:1.7.0\n");
}

TEST_CASE("han lists: a code without a key is shown, with what stood there") {
  ValueWriter body;
  body.structure(7).text("Kamstrup_V0001").obis("1-1:99.7.0").u32(5).obis("1-1:98.7.0").text("A");
  body.obis("1-1:2.7.0").u32(0);
  CHECK(lines_with(read(body), "unknown") == "unknown 1-1:99.7.0 5\nunknown 1-1:98.7.0 41\n");
}
