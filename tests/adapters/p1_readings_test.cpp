// How each form of an object is read: what becomes a reading, what is known but empty, what stays
// raw. One line in, what is said out.

#include <doctest/doctest.h>

#include "support/p1_house.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

// Lines of one telegram; what is read, and what stays raw: "" is nothing, "*" is all of the lines.
struct Case {
  std::string_view lines, readings, raw = "";
};

template <std::size_t N>
void check(const Case (&cases)[N]) {
  for (const Case& one : cases) {
    CAPTURE(one.lines);
    HouseRig house;
    const Heard heard = house.hear(one.lines);
    CHECK(heard.readings == one.readings);
    CHECK(heard.raw == (one.raw == "*" ? std::string(one.lines) + '\n' : std::string(one.raw)));
    CHECK(heard.held == "");
  }
}

}  // namespace

TEST_CASE("p1 readings: a number is scaled by the unit in its line, exactly") {
  check({
      {"1-0:1.7.0(00.520*kW)", "power_import 520\n"},
      {"1-0:1.7.0(0000.52*kW)", "power_import 520\n"},
      {"1-0:1.7.0(00.0001*kW)", "power_import 0.1\n"},
      {"1-0:1.7.0(520*W)", "power_import 520\n"},
      {"1-0:32.7.0(230V)", "voltage_l1 230\n"},
      {"1-0:1.7.0( 0.520 * KW )", "power_import 520\n"},
      {"1-0:2.7.0(0.001*MW)", "power_export 1000\n"},
      {"1-0:1.8.0(0000001.234*MWh)", "energy_import 1234\n"},
      {"1-0:1.8.0(000001234*Wh)", "energy_import 1.234\n"},
      {"1-0:1.8.0(002130.115*kWh)", "energy_import 2130.115\n"},
      {"1-0:32.7.0(0.2301*kV)", "voltage_l1 230.1\n"},
      {"1-0:31.7.0(001*A)", "current_l1 1\n"},
      {"1-0:31.7.0(1234*mA)", "current_l1 1.234\n"},
      {"1-0:31.7.0(0.0123*kA)", "current_l1 12.3\n"},
      {"1-0:14.7.0(0.04998*kHz)", "frequency 49.98\n"},
      {"1-0:3.7.0(00.083*kVAr)", "reactive_power_import 83\n"},
      {"1-0:3.8.1(000000123*varh)", "reactive_energy_import_t1 0.123\n"},
      {"1-0:9.7.0(01.234*kVA)", "apparent_power_import 1234\n"},
  });
}

TEST_CASE("p1 readings: a number without its unit, or with another, stays raw") {
  check({
      {"1-0:1.7.0(00.520)", "", "*"},
      {"1-0:1.7.0(00.520*kWh)", "", "*"},
      {"1-0:1.7.0(00.520*mW)", "", "*"},  // milli: no meter means that
      {"1-0:31.7.0(00.520*MA)", "", "*"},
      {"1-0:1.7.0(00.520*furlong)", "", "*"},
      {"1-0:1.7.0(0,520*kW)", "", "*"},
      {"1-0:1.7.0(520W)", "", "*"},  // digits and W: a time, and a bad one
      {"1-0:1.7.0(0x1F)", "", "*"},
      {"1-0:1.7.0(1234567890123456789*kW)", "", "*"},
      {"1-0:32.7.0(230.1*A)", "", "*"},
      {"1-0:1.8.0(00000.000)", "", "*"},  // not in use, which is no zero
  });
}

TEST_CASE("p1 readings: an empty object is known, and its value is not") {
  check({
      {"1-0:1.7.0()", "power_import None\n"},
      {"1-0:1.8.0(  )", "energy_import None\n"},
      {"0-0:96.7.21()", "power_failures None\n"},
      {"1-0:13.7.0()", "power_factor None\n"},
      {"0-0:96.13.0()", "message None\n"},
      {"0-0:96.13.1()", "message_code None\n"},
      {"0-0:96.14.0()", "tariff None\n"},
      {"0-0:96.3.10()", "breaker None\n"},
      {"0-1:96.3.10()", "meter_relay_1 None\n"},
      {"0-0:1.0.0()", "meter_time None\n"},
      {"1-3:0.2.8()", "p1_version None\n"},
      {"1-0:31.4.0()", "fuse_threshold None\n"},
      {"1-0:1.6.0()", "demand_import_month_peak None\ndemand_import_month_peak_time None\n"},
      {"1-0:99.97.0()", "last_power_failure None\n"},
  });
}

TEST_CASE("p1 readings: of a quantity sent twice the first counts whose unit fits") {
  check({
      {"1-0:1.7.0(1*W)\n1-0:1.7.0(2*W)", "power_import 1\n", "1-0:1.7.0(2*W)\n"},
      {"1-0:1.7.0(1)\n1-0:1.7.0(2*W)", "power_import 2\n", "1-0:1.7.0(1)\n"},
      {"1-0:1.8.0(1*kWh)\n1-1:1.8.0(2*kWh)", "energy_import 1\n", "1-1:1.8.0(2*kWh)\n"},
      {"1-0:1.7.0(1*W)\n1-0:1.7.0()", "power_import 1\n", "1-0:1.7.0()\n"},
      {"0-0:96.7.9(1)\n0-0:96.7.9()", "long_power_failures 1\n", "0-0:96.7.9()\n"},
      {"0-0:96.14.0(0001)\n0-0:96.14.1(02)", "tariff 1\n", "0-0:96.14.1(02)\n"},
      {"1-3:0.2.8(50)\n0-0:96.1.4(50217)", "p1_version 50\n", "0-0:96.1.4(50217)\n"},
      {"0-0:96.3.10(1)\n1-0:96.50.68(OFF)", "breaker connected\n", "1-0:96.50.68(OFF)\n"},
      {"0-0:96.13.0(41)\n0-0:96.13.0(42)", "message A {\"text\":\"A\"}\n", "0-0:96.13.0(42)\n"},
      {"0-0:17.0.0(10.0*kW)\n0-0:17.0.0(11.0*kW)", "limiter 10000\n", "0-0:17.0.0(11.0*kW)\n"},
      {"0-0:17.0.0(016*A)\n1-0:31.4.0(025*A)", "fuse_threshold 16\n", "1-0:31.4.0(025*A)\n"},
      {"0-1:96.3.10(1)\n0-1:96.3.10(0)", "meter_relay_1 connected\n", "0-1:96.3.10(0)\n"},
  });
}

TEST_CASE("p1 readings: another last part, channel or medium is another object") {
  check({
      {"1-0:1.8.0*01(000012.345*kWh)", "", "*"},
      {"1-0:1.8.0.1(000012.345*kWh)", "", "*"},
      {"1-0:1.8.0*255(000012.345*kWh)", "energy_import 12.345\n"},
      {"1-1:1.8.0(000012.345*kWh)", "energy_import 12.345\n"},
      {"1-2:1.8.0(000012.345*kWh)", "", "*"},
      {"0-1:96.3.10*01(1)", "", "*"},
      {"7-0:23.1.0(00012.345*m3)", "", "*"},
      {"0-0:96.50.1(00)", "", "*"},
  });
}

TEST_CASE("p1 readings: import and export are never negative, net power may be") {
  check({
      {"1-0:1.7.0(-00.520*kW)\n1-0:2.7.0(00.000*kW)", "power_export 0\n",
       "1-0:1.7.0(-00.520*kW)\n"},
      {"1-0:1.8.0(-00.520*kWh)", "", "*"},
      {"1-0:16.7.0(-00.520*kW)", "power_net -520\n"},
      {"1-0:16.24.0(-03.618*kW)", "power_net_avg -3618\n"},
  });
}

TEST_CASE("p1 readings: a counter has no unit") {
  check({
      {"0-0:96.7.21(00006)", "power_failures 6\n"},
      {"1-0:32.32.0(00000)", "voltage_sags_l1 0\n"},
      {"1-0:94.32.1(400)", "grid_type 400\n"},
      {"0-0:96.7.21(6*s)", "", "*"},
      {"0-0:96.7.21(six)", "", "*"},
      {"0-0:96.7.21(-1)", "", "*"},
  });
}

TEST_CASE("p1 readings: a power factor without point is in thousandths, and at most 1") {
  check({
      {"1-0:13.7.0(0.987)", "power_factor 0.987\n"},
      {"1-0:13.7.0(01000)", "power_factor 1.000\n"},
      {"1-0:33.7.0(00987)", "power_factor_l1 0.987\n"},
      {"1-0:53.7.0(-0.5)", "power_factor_l2 -0.5\n"},
      {"1-0:73.7.0(-1.000)", "power_factor_l3 -1.000\n"},
      {"1-0:13.7.0(4.556)", "", "*"},
      {"1-0:13.7.0(1001)", "", "*"},
      {"1-0:13.7.0(0.9*W)", "", "*"},
  });
}

TEST_CASE("p1 readings: texts come in hex, or plain") {
  check({
      {"0-0:96.13.1(3132333435)", "message_code 12345\n"},
      {"0-0:96.13.1(tea)", "message_code tea\n"},
      {"0-0:96.13.1(00FF)", "message_code 00FF\n"},  // not all printable
      {"0-0:96.13.1(20413120)", "message_code A1\n"},
      {"0-0:96.1.2(353431343438393230303130313032343638)", "ean 541448920010102468\n"},
      {"0-0:96.1.2(541448920010102468)", "ean 541448920010102468\n"},
      {"0-0:96.1.2(2D2D2D2D)", "ean None\n"},
      {"0-0:97.97.0(00000000)", "error_register 00000000\n"},
      {"0-0:97.97.0(30303031)", "error_register 30303031\n"},  // as sent
      {"0-0:96.13.1(\x7F\xE6)", "message_code ??\n"},
  });
}

TEST_CASE("p1 readings: a message shows 255 characters, and all of it in an attribute") {
  const std::string all(300, 'x');
  std::string line = "0-0:96.13.0(";
  for (std::size_t n = 0; n < all.size(); ++n) line += "78";
  HouseRig house;
  CHECK(house.hear(line + ")").readings ==
        "message " + all.substr(0, 255) + " {\"text\":\"" + all + "\"}\n");
  check({
      {"0-0:96.13.0(2254656122)", "message \"Tea\" {\"text\":\"\\\"Tea\\\"\"}\n"},
      {"0-0:96.13.0(205465612020)", "message Tea {\"text\":\" Tea  \"}\n"},
      {"0-0:96.13.0(202020)", "message None\n"},
      {"0-0:96.13.0(a/b!c)", "message a/b!c {\"text\":\"a/b!c\"}\n"},
      {"0-0:96.13.2(41)", "message_2 A {\"text\":\"A\"}\n"},
      {"0-0:96.13.5(41)", "message_5 A {\"text\":\"A\"}\n"},
  });
}

TEST_CASE("p1 readings: a version is plain, or the hex of five digits") {
  check({
      {"1-3:0.2.8(42)", "p1_version 42\n"},
      {"1-3:0.2.8(P)", "p1_version P\n"},
      {"0-0:96.1.4(50217)", "p1_version 50217\n"},
      {"0-0:96.1.4(3231313130)", "p1_version 21110\n"},
  });
}

TEST_CASE("p1 readings: a tariff is a number, whatever is around it") {
  check({
      {"0-0:96.14.0(0001)", "tariff 1\n"},
      {"0-0:96.14.0(0002)", "tariff 2\n"},
      {"0-0:96.14.0(0000)", "tariff 0\n"},
      {"0-0:96.14.0(TARIFF 1)", "tariff 1\n"},
      {"0-0:96.14.1(03)", "tariff 3\n"},
      {"0-0:96.14.0(NIGHT)", "", "*"},
      {"0-0:96.14.0(TARIFF )", "", "*"},
  });
}

TEST_CASE("p1 readings: the position of a breaker is a number or a word") {
  check({
      {"0-0:96.3.10(0)", "breaker disconnected\n"},
      {"0-0:96.3.10(1)", "breaker connected\n"},
      {"0-0:24.4.0(2)", "breaker ready\n"},
      {"0-0:96.3.10(ON)", "breaker connected\n"},
      {"1-0:96.50.68(OFF)", "breaker disconnected\n"},
      {"0-0:96.3.10(3)", "", "*"},
      {"0-1:96.3.10(0)", "meter_relay_1 disconnected\n"},
      {"0-2:96.3.10(1)", "meter_relay_2 connected\n"},
      {"0-4:96.3.10(2)", "meter_relay_4 ready\n"},
      {"0-1:96.3.10(OPEN)", "", "*"},
  });
}

TEST_CASE("p1 readings: the meter's clock has its own offset, or none") {
  check({
      {"0-0:1.0.0(261120092345W)", "meter_time 2026-11-20T09:23:45+01:00\n"},
      {"0-0:1.0.0(260720092345S)", "meter_time 2026-07-20T09:23:45+02:00\n"},
      {"0-0:1.0.0(260720092345w)", "meter_time 2026-07-20T09:23:45+01:00\n"},
      {"0-0:1.0.0(07EA0B1405091711000000FF)", "meter_clock 2026-11-20T09:23:17\n"},
      {"0-0:1.0.0(07EA0B14050917110000003C)", "meter_time 2026-11-20T09:23:17+01:00\n"},
      {"0-0:1.0.0(261120092345)", "meter_clock 2026-11-20T09:23:45\n"},
      {"0-0:1.0.0(000101000000W)", "meter_time None\n"},  // a clock that was never set
      {"0-0:1.0.0(000101000000)", "meter_clock None\n"},
      {"0-0:1.0.0(681120092345W)", "meter_time None\n"},
      {"0-0:1.0.0(632525252525S)", "meter_time None\n"},
      {"0-0:1.0.0(261120092345W)\n0-0:1.0.0(261120092346W)",
       "meter_time 2026-11-20T09:23:45+01:00\n", "0-0:1.0.0(261120092346W)\n"},
  });
}

TEST_CASE("p1 readings: a limiter is known by its unit, and is unknown when it is off") {
  check({
      {"0-0:17.0.0(010.0*kW)", "limiter 10000\n"},
      {"0-0:17.0.0(999.9*kW)", "limiter None\n"},
      {"0-0:17.0.0(27.6*kVA)", "limiter_apparent 27600\n"},
      {"0-0:17.0.0(016*A)", "fuse_threshold 16\n"},
      {"0-0:17.0.0(999*A)", "fuse_threshold None\n"},
      {"0-0:17.0.0(00000)", "", "*"},
      {"0-0:17.0.0(16*V)", "", "*"},
  });
}

TEST_CASE("p1 readings: the fuse threshold is that of the first phase that has one") {
  check({
      {"1-0:31.4.0(025*A)", "fuse_threshold 25\n"},
      {"1-0:31.4.0(999*A)", "fuse_threshold None\n"},
      {"1-0:31.4.0(025)", "", "*"},
      {"1-0:31.4.0(200.00*A)\n1-0:51.4.0(200.00*A)\n1-0:71.4.0(200.00*A)",
       "fuse_threshold 200.00\n", "1-0:51.4.0(200.00*A)\n1-0:71.4.0(200.00*A)\n"},
  });
}

TEST_CASE("p1 readings: in Luxembourg a fuse has two thresholds, for import and export") {
  check({
      {"1-1:31.4.0(100*A)(-063*A)", "fuse_threshold 100\nfuse_threshold_export 63\n"},
      {"1-1:31.4.0(999*A)(-999*A)", "fuse_threshold None\nfuse_threshold_export None\n"},
      {"1-1:31.4.0(100*A)", "fuse_threshold 100\n"},
      {"1-1:31.4.0(100)(063)", "", "*"},
      {"1-1:31.4.0(100*A)\n1-1:31.4.0(200*A)", "fuse_threshold 100\n", "1-1:31.4.0(200*A)\n"},
  });
}

TEST_CASE("p1 readings: a Lithuanian meter has averages, and no demand") {
  for (const std::string_view sign : {"1-0:0.8.2(900*s)\n", "1-0:1.5.0(00.100*kW)\n"}) {
    HouseRig house;
    const Heard heard = house.hear(std::string(sign) +
                                   "1-0:31.4.0(001.5*A)\n1-0:51.4.0(002.5*A)\n"
                                   "1-0:71.4.0(003.5*A)\n1-0:1.4.0(00.100*kW)\n"
                                   "1-0:2.4.0(00.200*kW)\n1-0:10.4.0(00.300*kVA)\n"
                                   "1-0:1.24.0(00.400*kW)\n");
    CHECK(heard.readings ==
          "current_avg_l1 1.5\ncurrent_avg_l2 2.5\ncurrent_avg_l3 3.5\npower_import_avg 400\n");
  }
  check({{"1-0:1.4.0(00.100*kW)", "demand_import_now 100\n"},
         {"1-0:2.4.0(00.100*kW)", "demand_export_now 100\n"}});
}

TEST_CASE("p1 readings: identities and ignored objects are neither readings nor raw") {
  check({
      {"0-0:96.1.1(4B384547)", ""},
      {"0-0:42.0.0(53414731303330)", ""},
      {"0-0:96.1.0(4B384547)", ""},
      {"1-0:0.2.0(V1.2)", ""},
      {"1-1:0.2.8(A1B2)", ""},
      {"1-0:0.9.1(092345)\n1-0:0.9.2(261120)", ""},
  });
}

TEST_CASE("p1 readings: an odd line costs itself") {
  check({
      {"hello\n1-0:1.7.0(00.520*kW)", "power_import 520\n", "hello\n"},
      {"1-0:1.7.0(00.520*kW\n1-0:2.7.0(00.001*kW)", "power_export 1\n", "1-0:1.7.0(00.520*kW\n"},
      {"0-2:25.6.0((ER23))", "", "*"},
  });
}

TEST_CASE("p1 readings: a reading has the telegram's time where that can be trusted") {
  struct Time {
    std::string_view line, at;
  };
  for (const auto& [line, at] :
       {Time{"0-0:1.0.0(261120092345W)\n", "2026-11-20T08:23:45Z"},
        Time{"0-0:1.0.0(261120092345)\n", "2026-11-20T08:23:45Z"},
        Time{"0-0:1.0.0(000101000000W)\n", ""}, Time{"0-0:1.0.0(261122092345W)\n", ""},
        Time{"0-0:1.0.0*01(261120092345W)\n", ""}, Time{"", ""}}) {
    CAPTURE(line);
    HouseRig house;
    const std::string times = house.hear(std::string(line) + "1-0:1.7.0(1*W)").times;
    CHECK(times.substr(times.find("power_import")) == "power_import " + std::string(at) + '\n');
  }
}
