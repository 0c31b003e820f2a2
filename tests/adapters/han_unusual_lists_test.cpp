// Lists without codes in front of their values: those that name their objects first, those known by
// their types, those that the setting describes; several messages in one frame; and what is said of
// a list that cannot be read.

#include <doctest/doctest.h>

#include "support/han_line.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono_literals;

namespace {

const std::string clock_bytes = hex("07EA0B1405080010FF800000");

// class, code, attribute 2, index
ValueWriter& object(ValueWriter& body, int kind, std::string_view code, int attribute = 2) {
  body.structure(4).u16(kind).obis(code);
  return body.i8(attribute).u16(0);
}

// The push itself, the logical device name, then registers.
ValueWriter swiss(const std::vector<std::string_view>& codes, std::string_view name) {
  ValueWriter body;
  body.structure(codes.size() + 2).array(codes.size() + 2);
  object(body, 40, "0-6:25.9.0");
  object(body, 1, "0-0:42.0.0");
  for (const std::string_view code : codes) object(body, 3, code);
  body.octets(name);
  return body;
}

std::string without_frames(const std::string& said) {
  std::string kept;
  for (std::string_view text = said; !text.empty();) {
    const std::string_view each = text.substr(0, text.find('\n') + 1);
    if (!each.starts_with("identified") && !each.starts_with("frame")) kept += each;
    text.remove_prefix(each.size());
  }
  return kept;
}

}  // namespace

TEST_CASE("han object lists: each value has the code at its place, whatever the order") {
  ValueWriter body =
      swiss({"1-1:1.8.0", "1-0:2.7.0", "1-0:1.7.0", "1-1:3.8.0"}, "LGZ1030100000017");
  body.u32(1'234'567).u32(0).u32(640).u64(9);
  LineRig line;
  const std::string said = line.hear(pushed(body));
  CHECK(lines_with(said, "identified") ==
        "identified Landis+Gyr||LGZ1030100000017|LGZ1030100000017\n");
  CHECK(without_frames(said) ==
        "energy_import 1234.567 1-1:1.8.0\n"
        "power_export 0 1-0:2.7.0\n"
        "power_import 640 1-0:1.7.0\n"
        "reactive_energy_import 0.009 1-1:3.8.0\n"
        "power_net 640 computed\n");
}

TEST_CASE("han object lists: voltage and current are scaled by what they carry") {
  struct Row {
    std::int64_t volts, amperes, watts;
    std::string_view voltage, current;
  };
  for (const Row& row : {Row{2301, 1000, 2290, "230.1", "10.00"},  // 0.1 V, 0.01 A
                         Row{229, 1000, 2290, "229", "10.00"},     // 1 V, 0.01 A
                         Row{229, 400, 91000, "229", "400"},       // 1 V, 1 A: transformers
                         Row{23010, 10000, 2290, "230.10", "10.000"}}) {
    CAPTURE(row.volts);
    ValueWriter body = swiss({"1-0:1.7.0", "1-0:32.7.0", "1-0:31.7.0"}, "ISK1030100000017");
    body.u32(row.watts).u16(row.volts).u16(row.amperes);
    LineRig line;
    const std::string said = line.hear(pushed(body));
    CHECK(lines_with(said, "voltage") ==
          "voltage_l1 " + std::string(row.voltage) + " 1-0:32.7.0\n");
    CHECK(lines_with(said, "current") ==
          "current_l1 " + std::string(row.current) + " 1-0:31.7.0\n");
  }
}

TEST_CASE("han object lists: currents wait for enough power, and keep their scale then") {
  const auto list = [](std::int64_t watts, std::int64_t amperes) {
    ValueWriter body = swiss({"1-0:1.7.0", "1-0:32.7.0", "1-0:31.7.0"}, "ISK1030100000017");
    return pushed(body.u32(watts).u16(2300).u16(amperes));
  };
  LineRig line;
  CHECK(lines_with(line.hear(list(90, 40)), "current") == "");
  CHECK(lines_with(line.hear(list(460, 200)), "current") == "current_l1 2.00 1-0:31.7.0\n");
  CHECK(lines_with(line.hear(list(5, 30)), "current") == "current_l1 0.30 1-0:31.7.0\n");
}

TEST_CASE("han object lists: a pushed scaler is the register's, and 96.1.0 is the number") {
  ValueWriter body;
  body.structure(6).array(5);
  object(body, 1, "0-0:42.0.0");
  object(body, 1, "0-0:96.1.0");
  object(body, 3, "1-0:32.7.0");
  object(body, 3, "1-0:32.7.0", 3);
  object(body, 8, "0-0:1.0.0");
  body.octets("LGZ1030100000017").octets("98765432").u16(2314).scaler(-1, 35).octets(clock_bytes);
  LineRig line;
  const std::string said = line.hear(pushed(body));
  CHECK(lines_with(said, "identified") == "identified Landis+Gyr||98765432|98765432\n");
  CHECK(lines_with(said, "voltage") == "voltage_l1 231.4 1-0:32.7.0\n");
  CHECK(lines_with(said, "meter_clock") == "meter_clock 2026-11-20T08:00:16 0-0:1.0.0\n");
}

TEST_CASE("han object lists: more or fewer values than objects are no list") {
  for (const std::size_t count : {2u, 5u}) {
    ValueWriter body;
    body.structure(count).array(3);
    object(body, 40, "0-6:25.9.0");
    object(body, 3, "1-0:1.7.0");
    object(body, 3, "1-0:2.7.0");
    for (std::size_t n = 1; n < count; ++n) body.u32(1);
    CHECK(lines_with(LineRig().hear(pushed(body)), "dropped unsupported") != "");
  }
}

TEST_CASE("han positions: Vienna's nine items are known by their types and the maker") {
  ValueWriter body;
  body.structure(9).octets(clock_bytes).u32(2'000'100).u32(10).u32(300).u32(40);
  body.u32(700).u32(0).u32(80).u32(9);
  LineRig unknown;  // in the clear nothing says whose list it is
  CHECK(lines_with(unknown.hear(pushed(body)), "dropped unsupported") != "");
  LineRig set(
      LineRig::Settings{{"list",
                         "-, energy_import:Wh, energy_export:Wh, reactive_energy_import:varh, "
                         "reactive_energy_export:varh, power_import:W, power_export:W, "
                         "reactive_power_import:var, reactive_power_export:var"}});
  REQUIRE(set.problems == "");
  CHECK(without_frames(set.hear(pushed(body))) ==
        "energy_import 2000.100 1-0:1.8.0\n"
        "energy_export 0.010 1-0:2.8.0\n"
        "reactive_energy_import 0.300 1-0:3.8.0\n"
        "reactive_energy_export 0.040 1-0:4.8.0\n"
        "power_import 700 1-0:1.7.0\n"
        "power_export 0 1-0:2.7.0\n"
        "reactive_power_import 80 1-0:3.7.0\n"
        "reactive_power_export 9 1-0:4.7.0\n"
        "power_net 700 computed\n");
}

TEST_CASE("han positions: Slovenia's lists of 18 and 12 items") {
  ValueWriter now;
  now.structure(18).octets("ISK1030100000017").octets("17000001").u32(1512).u32(0).u32(3).u32(4);
  now.u16(2361).u16(2374).u16(2302).u16(98).u16(131).u16(644);
  now.u32(21).u32(63).u32(1428).u32(0).u32(0).u32(0);
  LineRig line;
  const std::string said = line.hear(pushed(now));
  CHECK(lines_with(said, "identified").find("17000001") != std::string::npos);
  CHECK(lines_with(said, "voltage_l3") == "voltage_l3 230.2 1-0:72.7.0\n");
  CHECK(lines_with(said, "current_l3") == "current_l3 6.44 1-0:71.7.0\n");
  CHECK(lines_with(said, "power_net_l3") == "power_net_l3 1428 computed\n");
  ValueWriter registers;
  registers.structure(12).octets("ISK1030100000017").octets("17000001").u16(1).u16(2);
  for (const int value : {5000, 3000, 2000, 70, 40, 30, 8, 9}) registers.u32(value);
  CHECK(lines_with(line.hear(pushed(registers)), "energy_import") ==
        "energy_import 5.000 1-0:1.8.0\nenergy_import_t1 3.000 1-0:1.8.1\n"
        "energy_import_t2 2.000 1-0:1.8.2\n");
}

TEST_CASE("han positions: the same counts of another maker, or other types, are not taken") {
  ValueWriter other;
  other.structure(12).octets("XYZ1030100000017").octets("17000001").u16(1).u16(2);
  for (int n = 0; n < 8; ++n) other.u32(n);
  CHECK(lines_with(LineRig().hear(pushed(other)), "dropped unsupported") != "");
  ValueWriter types;
  types.structure(12).octets("ISK1030100000017").octets("17000001").u16(1).u16(2);
  for (int n = 0; n < 8; ++n) types.u16(n);
  CHECK(lines_with(LineRig().hear(pushed(types)), "dropped unsupported") != "");
}

TEST_CASE("han list setting: units and powers of ten, and lists of another count as ever") {
  LineRig line(LineRig::Settings{
      {"list", "serial,-,voltage_l1:0.1V,current_l1:mA,energy_import:10Wh,power_factor:0.001"}});
  REQUIRE(line.problems == "");
  ValueWriter body;
  body.structure(6).octets("123456").u32(7).u16(2305).u16(1500).u32(12).u16(970);
  CHECK(without_frames(line.hear(pushed(body))) ==
        "voltage_l1 230.5 1-0:32.7.0\ncurrent_l1 1.500 1-0:31.7.0\n"
        "energy_import 0.12 1-0:1.8.0\npower_factor 0.970 1-0:13.7.0\n");
  CHECK(lines_with(line.hear(pushed(kaifa_list_1(1234))), "power_import") ==
        "power_import 1234 1-0:1.7.0\n");
}

TEST_CASE("han list setting: a wrong item is named, with what can be written") {
  for (const auto& [text, wanted] : {std::pair{"powr:W", "no item of a list"},
                                     {"power_import", "needs its unit"},
                                     {"power_import:V", "needs its unit"},
                                     {"voltage_l1:0.2V", "needs its unit"},
                                     {"meter_clock:W", "needs its unit"},
                                     {"", "no item of a list"}}) {
    CAPTURE(text);
    CHECK(LineRig(LineRig::Settings{{"list", text}}).problems.find(wanted) != std::string::npos);
  }
}

// ---- several messages in one frame --------------------------------------------------------------

TEST_CASE("han: what follows a message in its frame and begins like one is one") {
  const std::string absent(1, '\0');
  std::string apdus = notification(absent, kaifa_list_1(100).bytes());
  for (const int watts : {200, 300}) {
    apdus += hex("E6E700") + notification(absent, kaifa_list_1(watts).bytes());
  }
  LineRig line;
  const std::string frame = framed(apdus);
  const std::string said = line.hear(frame);
  CHECK(lines_with(said, "power_import") ==
        "power_import 100 1-0:1.7.0\npower_import 200 1-0:1.7.0\npower_import 300 1-0:1.7.0\n");
  CHECK(lines_with(said, "dropped") == "");
}

TEST_CASE("han: stray bytes behind a message are ignored, and a bad second one is told") {
  const std::string first = notification(std::string_view("\0", 1), kaifa_list_1(100).bytes());
  for (const std::string& behind : {hex("0000"), hex("E6E700"), hex("FFFFFFFFFFFFFFFF")}) {
    const std::string said = LineRig().hear(framed(first + behind));
    CHECK(lines_with(said, "power_import") == "power_import 100 1-0:1.7.0\n");
    CHECK(lines_with(said, "dropped") == "");
  }
  const std::string said = LineRig().hear(framed(first + hex("0F4000000000020106")));
  CHECK(lines_with(said, "power_import") == "power_import 100 1-0:1.7.0\n");
  CHECK(lines_with(said, "dropped") == "dropped truncated 9\n");
}

// ---- good means something came out --------------------------------------------------------------

TEST_CASE("han: a list of clocks, ids and texts alone is not good, and its form is told") {
  ValueWriter body;
  body.structure(4).obis("0-6:25.9.0").octets("11122233344455").octets(clock_bytes).u32(7);
  LineRig line;
  const std::string said = line.hear(pushed(body));
  CHECK(lines_with(said, "frame") == "");
  CHECK(lines_with(said, "unknown") == "");
  CHECK(lines_with(said, "dropped unsupported") != "");
  CHECK(line.details.find("structure of 4: 0-6:25.9.0, octets(14) 111#, octets(12), uint32") !=
        std::string::npos);
  CHECK(line.details.find("11122") == std::string::npos);
}

TEST_CASE("han: a form that lasts is a cause, one list among good ones is none") {
  ValueWriter body;
  body.structure(3).u32(1).u32(2).u32(3);
  LineRig line;
  for (int n = 0; n < 5; ++n) {
    CHECK(lines_with(line.hear(pushed(body)), "diagnosis") ==
          (n == 2 ? "diagnosis unsupported\n" : ""));
  }
  CHECK(line.details.find("structure of 3: uint32 x3") != std::string::npos);
  LineRig mixed;
  for (int n = 0; n < 9; ++n) {
    const std::string said = mixed.hear(pushed(n % 3 == 2 ? kaifa_list_1(5) : body));
    CHECK(lines_with(said, "diagnosis") == "");
  }
}
