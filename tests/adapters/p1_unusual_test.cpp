// What few meters do: powers with a sign, units left out, hours of gas in a list, records over many
// lines, memory that was never written. And the usual installations that look a little like them.

#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/header.hpp"
#include "support/p1_house.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono_literals;

TEST_CASE("p1 signed powers: a negative import without export lines is export") {
  HouseRig house;
  CHECK(house.hear("1-0:1.7.0(-001500.25*W)").readings ==
        "power_import 0.00\npower_export 1500.25\npower_net -1500.25\n");
}

TEST_CASE("p1 signed powers: once a sign was seen, export is 0 while the house draws") {
  HouseRig house;
  CHECK(house.hear("1-0:1.7.0(000900*W)").readings == "power_import 900\n");
  (void)house.hear_after(2s, "1-0:1.7.0(-000100*W)");
  CHECK(house.hear_after(2s, "1-0:1.7.0(000300*W)").readings ==
        "power_import 300\npower_export 0\npower_net 300\n");
}

TEST_CASE("p1 signed powers: each phase has its own sign, also under E = 255") {
  HouseRig house;
  CHECK(house.hear("1-0:21.7.255*255(-000040*W)\n1-0:41.7.255*255(000060*W)").readings ==
        "power_import_l1 0\npower_export_l1 40\n"
        "power_import_l2 60\npower_export_l2 0\n"
        "power_net_l1 -40\npower_net_l2 60\n");
}

TEST_CASE("p1 signed powers: another meter starts without a sign") {
  HouseRig house;
  (void)house.hear("0-0:96.1.0(31323334353637)\n1-0:1.7.0(-000100*W)");
  CHECK(house.hear_after(9s, "0-0:96.1.0(31323334353638)\n1-0:1.7.0(000300*W)").readings ==
        "power_import 300\n");
}

TEST_CASE("p1 signed powers: where the meter has export lines a negative import stays raw") {
  HouseRig house;
  const Heard heard = house.hear("1-0:1.7.0(-00.100*kW)\n1-0:2.7.0(00.200*kW)");
  CHECK(heard.readings == "power_export 200\n");
  CHECK(heard.raw == "1-0:1.7.0(-00.100*kW)\n");
}

TEST_CASE("p1 signed powers: behind a current transformer both signs are multiplied") {
  HouseRig house(HouseRig::Settings{{"factor", "40"}});
  CHECK(house.hear("1-0:1.7.0(-000010*W)").readings ==
        "power_import 0\npower_export 400\npower_net -400\n");
}

TEST_CASE("p1 signed powers: a Q3D has its number under E = 255 or in 0.0.0") {
  HouseRig first, second;
  const Heard a = first.hear("0-0:96.1.255*255(1ESY1160001234)\n1-0:0.0.0*255(99)");
  CHECK(a.devices.find("1ESY1160001234") != std::string::npos);
  const Heard b = second.hear("1-0:0.0.0*255(0272099000111)");
  CHECK(b.devices.find("0272099000111") != std::string::npos);
}

TEST_CASE("p1 units left out: a register in the form of the telegram's 1.7.0 has its only unit") {
  HouseRig house;
  CHECK(house.hear("1-0:1.7.0(01.250*kW)\n1-0:3.7.0(00.120)\n1-0:4.7.0(00.000)").readings ==
        "power_import 1250\nreactive_power_import 120\nreactive_power_export 0\n");
  CHECK(house.hear("1-0:1.7.0(1.25*kW)\n1-0:23.7.0(0.07)").readings ==
        "power_import 1250\nreactive_power_import_l1 70\n");
  CHECK(house.hear("1-0:1.7.0(01.250*kW)\n1-0:9.7.0(01.300)").readings ==
        "power_import 1250\napparent_power_import 1300\n");
}

TEST_CASE("p1 units left out: any other form is a register that is not in use") {
  for (const char* lines :
       {"1-0:1.7.0(01.250*kW)\n1-0:3.7.0(000.120)", "1-0:1.7.0(01.250*kW)\n1-0:3.7.0(00120)",
        "1-0:1.7.0(01250*W)\n1-0:3.7.0(00.120)", "1-0:1.7.0(01.250*kW)\n1-0:2.8.0(00.000)",
        "1-0:1.7.0(01.250*kW)\n1-0:32.7.0(02.300)", "1-0:1.7.0(01.250*kW)\n0-0:17.0.0(77.376)"}) {
    CAPTURE(lines);
    HouseRig house;
    const Heard heard = house.hear(lines);
    CHECK(heard.readings == "power_import 1250\n");
    CHECK(heard.raw != "");
  }
}

TEST_CASE("p1 tariff: letters and digits in hex are the digits") {
  for (const auto& [line, tariff] : {std::pair{"0-0:96.14.0(5431)", "1"},
                                     {"0-0:96.14.0(5432)", "2"},
                                     {"0-0:96.14.0(543032)", "2"},
                                     {"0-0:96.14.0(54415249463132)", "12"},
                                     {"0-0:96.14.0(0002)", "2"},
                                     {"0-0:96.14.0(3031)", "3031"},
                                     {"0-0:96.14.0(TARIFF 2)", "2"}}) {
    CAPTURE(line);
    HouseRig house;
    CHECK(house.hear(line).readings == "tariff " + std::string(tariff) + '\n');
  }
}

TEST_CASE("p1 times: marks between the parts, with or without the century, are a clock") {
  for (const char* line : {"0-0:1.0.0(20261120 09:30:05)", "0-0:1.0.0(26-11-20 09:30:05)"}) {
    CAPTURE(line);
    HouseRig house;
    CHECK(house.hear(line).readings == "meter_clock 2026-11-20T09:30:05\n");
  }
  for (const char* line : {"0-0:1.0.0(20261320 09:30:05)", "0-0:1.0.0(26-11-2009:30:05.)",
                           "0-0:1.0.0(99991120 09:30:05)"}) {
    CAPTURE(line);
    HouseRig house;
    CHECK(house.hear(line).readings == "meter_time None\n");
  }
}

TEST_CASE("p1 messages: memory that was never written is no message") {
  const std::string bytes(64, '\xFF');
  for (const std::string& text :
       {bytes, std::string("FFFFFFFFFFFFFFFF"), std::string("0000000000000000")}) {
    CAPTURE(text);
    HouseRig house;
    CHECK(house.hear("0-0:96.13.0(" + text + ")\n0-0:96.13.1(" + text + ")").readings ==
          "message None\nmessage_code None\n");
  }
  HouseRig house;
  CHECK(house.hear("0-0:96.13.0(FF41)").readings == "message FF41 {\"text\":\"FF41\"}\n");
}

TEST_CASE("p1 blocks: objects between a lone ( and a lone ) are one object of another time") {
  HouseRig house;
  const Heard heard = house.hear(
      "1-0:1.8.0(000200.000*kWh)\n"
      "0-0:98.1.0\n(\n"
      "0-0:1.0.0(261101000000W)\n1-0:1.8.0(000100.000*kWh)\n1-0:2.8.0(000005.000*kWh)\n"
      ")\n"
      "1-0:1.7.0(00.300*kW)");
  CHECK(heard.readings == "energy_import 200.000\npower_import 300\n");
  CHECK(heard.raw ==
        "0-0:98.1.0(\r\n0-0:1.0.0(261101000000W)\r\n1-0:1.8.0(000100.000*kWh)\r\n"
        "1-0:2.8.0(000005.000*kWh)\r\n)\n");
}

TEST_CASE("p1 blocks: two of them, and one with nothing inside, hide nothing behind them") {
  HouseRig house;
  const Heard heard = house.hear(
      "0-0:98.1.0\n(\n)\n0-0:99.1.0*255\n(\n1-0:2.7.0(01.000*kW)\n)\n1-0:1.7.0(00.300*kW)");
  CHECK(heard.readings == "power_import 300\n");
  CHECK(heard.raw == "0-0:98.1.0(\r\n)\n0-0:99.1.0(\r\n1-0:2.7.0(01.000*kW)\r\n)\n");
}

TEST_CASE("p1 blocks: a bracket that never closes, and broken lines, are no block") {
  HouseRig house;
  CHECK(house.hear("0-0:98.1.0\n(\n1-0:1.7.0(00.300*kW)").readings == "power_import 300\n");
  HouseRig dutch;
  CHECK(dutch
            .hear("0-1:24.1.0(03)\n0-1:96.1.0(3233)\n"
                  "0-1:24.3.0(261120090000)(00)(60)(1)(0-1:24.2.1)(m3)\n(00123.456)")
            .readings.find("1/gas 123.456") != std::string::npos);
}

TEST_CASE("p1 gas by the hour: the newest line is the reading, wherever it is") {
  HouseRig house;
  const Heard heard = house.hear(
      "0-2:96.1.0(12345678   )\n"
      "7-0:23.1.0*255(00100.100*m3)(26-11-20 08:00:00)\n"
      "7-0:23.1.0*255(00100.250*m3)(26-11-20 09:00:00)\n"
      "7-0:23.1.0*255(00099.000*m3)(26-11-19 23:00:00)\n"
      "7-0:24.4.0*255(1)");
  CHECK(heard.readings ==
        "2/gas 100.250\n2/reading_time 2026-11-20T09:00:00+01:00\n2/valve open\n");
  CHECK(heard.raw ==
        "7-0:23.1.0(00100.100*m3)(26-11-20 08:00:00)\n"
        "7-0:23.1.0(00099.000*m3)(26-11-19 23:00:00)\n");
  CHECK(heard.devices.find("12345678") != std::string::npos);
}

TEST_CASE("p1 gas by the hour: without an id it is the first free channel's") {
  HouseRig house;
  const std::string line = "7-0:23.1.0(00100.250*m3)(26-11-20 09:00:00)";
  CHECK(house.hear(line).readings.starts_with("1/gas 100.250\n"));
  HouseRig behind;
  const Heard heard = behind.hear(
      "0-1:24.1.0(007)\n0-1:96.1.0(3939)\n0-1:24.2.1(261120080000W)(00007.000*m3)\n" + line);
  CHECK(heard.readings.find("1/water 7.000\n") != std::string::npos);
  CHECK(heard.readings.find("2/gas 100.250\n") != std::string::npos);
}

TEST_CASE("p1 gas by the hour: lines without a time, a unit or a number stay raw") {
  for (const char* line :
       {"7-0:23.1.0(00100.250*m3)", "7-0:23.1.0(00100.250)(26-11-20 09:00:00)",
        "7-0:23.1.0()(26-11-20 09:00:00)", "7-0:23.1.0(00100.250*m3)(26-11-31 09:00:00)",
        "7-0:23.1.0(00100.250*m3)(29-11-20 09:00:00)"}) {
    CAPTURE(line);
    HouseRig house;
    const Heard heard = house.hear(line);
    CHECK(heard.readings == "");
    CHECK(heard.raw == std::string(line) + '\n');
  }
}

TEST_CASE("p1 headers: marks around a name are no part of it") {
  for (const auto& [header, name] : {std::pair{"/HLY5\\D999-METER", "Holley|D999-METER"},
                                     {"/NES5:99999-1A", "NES|99999-1A"},
                                     {"/WARMTELINK-X\\", "|WARMTELINK-X"},
                                     {"/ESY5Q3DB1024 V3.04", "EasyMeter|Q3DB1024 V3.04"},
                                     {"/AUX5SX100", "Sanxing|SX100"},
                                     {"/KFM5KAIFA-METER", "Kaifa|KAIFA-METER"}}) {
    CAPTURE(header);
    const Maker maker = maker_of(header);
    CHECK(std::string(maker.manufacturer) + '|' + std::string(maker.model) == name);
  }
}
