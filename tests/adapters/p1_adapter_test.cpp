// The adapter as a whole: who the meter is, how long it is alive, its settings.

#include <doctest/doctest.h>

#include "support/p1_house.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

constexpr std::string_view power = "1-0:1.7.0(00.520*kW)\n";

std::string device_of(std::string_view lines, std::string header = "/TST5house") {
  HouseRig house({}, std::move(header));
  return house.hear(lines).devices;
}

// What a person reads of this setting; the problem names its place.
std::string problem_of(std::string_view key, std::string_view value) {
  return HouseRig(HouseRig::Settings{{std::string(key), std::string(value)}}).problems;
}

}  // namespace

TEST_CASE("p1: the header gives maker and model") {
  struct Case {
    std::string_view header, device;
  };
  for (const auto& [header, device] :
       {Case{"/ISk5\\2M550T-1012", "Iskraemeco|M550T-1012"},
        Case{"/KMP5 KA6U001660297912", "Kamstrup|KA6U001660297912"},
        Case{"/XMX5LGBBFG1009", "Landis+Gyr|LGBBFG1009"}, Case{"/Ene5\\T210-D", "Sagemcom|T210-D"},
        Case{"/ADN9 6534", "Aidon|6534"}, Case{"/Ene5\\ \\", "Sagemcom|"},
        Case{"/NWA-WARMTELINK", "|NWA-WARMTELINK"}, Case{"/ISK9", "Iskraemeco|"}}) {
    CAPTURE(header);
    CHECK(device_of(power, std::string(header)) == std::string(device) + "||\n");
  }
}

TEST_CASE("p1: an id of the software in the header is no model, and firmware where no other is") {
  CHECK(device_of(power, "/FLU5\\253769484_A") == "Fluvius|||53769484_A\n");
  CHECK(device_of(std::string(power) + "1-0:0.2.0(V1.07)\n", "/EST5\\253000000_A") ==
        "Sagemcom|||V1.07\n");
  for (const std::string model :
       {"MT382-1000", "53769484", "5376_A", "53769484_AB", "53769484_1"}) {
    CHECK(device_of(power, "/ISK5\\2" + model) == "Iskraemeco|" + model + "||\n");
  }
}

TEST_CASE("p1: the serial number is that of 96.1.0, else of 96.1.1, else of 42.0.0") {
  const std::string a = "0-0:42.0.0(413132333435)\n", b = "0-0:96.1.0(423132333435)\n",
                    c = "0-0:96.1.1(433132333435)\n";
  CHECK(device_of(a + b + c) == "|house|B12345|\n");
  CHECK(device_of(a + c) == "|house|C12345|\n");
  CHECK(device_of(a) == "|house|A12345|\n");
  CHECK(device_of("0-0:96.1.0()\n" + c) == "|house|C12345|\n");
  CHECK(device_of("0-1:96.1.1(433132333435)\n") == "|house||\n");
  CHECK(device_of("0-0:96.1.1*01(433132333435)\n") == "|house||\n");
  CHECK(device_of("0-0:96.1.1(K50322)\n") == "|house|K50322|\n");
  CHECK(device_of("0-0:96.1.1(204B34353637382020)\n") == "|house|K45678|\n");
  CHECK(device_of(c + "1-0:0.2.0(V1.07)\n") == "|house|C12345|V1.07\n");
}

TEST_CASE("p1: an id of letters and few digits is the model, as of a Polish Kaifa") {
  CHECK(device_of("0-0:96.1.0(3330393938383737)\n0-0:96.1.1(4D413330394D)\n") ==
        "|MA309M|30998877|\n");
  CHECK(device_of("0-0:96.1.1(4D413330394D)\n") == "|MA309M||\n");
}

TEST_CASE("p1: an id of spaces, dashes, zeros, NUL or FF is not set") {
  const std::string next = "0-0:96.1.1(433132333435)\n";
  for (const char* id :
       {"2020202020", "2D2D2D2D", "0000000000", "30303030", "FFFFFFFF", "--------"}) {
    CAPTURE(id);
    CHECK(device_of("0-0:96.1.0(" + std::string(id) + ")\n" + next) == "|house|C12345|\n");
  }
}

TEST_CASE("p1: a meter is reported once, before its first reading, and again when it changes") {
  HouseRig house;
  const std::string first = "0-0:96.1.1(433132333435)\n1-0:0.2.0(V1)\n";
  CHECK(house.hear(first).devices == "|house|C12345|V1\n");
  CHECK(house.hear(first).devices == "");
  CHECK(house.hear("0-0:96.1.1(433132333435)\n1-0:0.2.0(V2)\n").devices == "|house|C12345|V2\n");
  CHECK(house.hear("0-0:96.1.1(433132333436)\n1-0:0.2.0(V2)\n").devices == "|house|C12346|V2\n");
  house.from_header("/ISK5other");
  CHECK(house.hear("0-0:96.1.1(433132333436)\n1-0:0.2.0(V2)\n").devices ==
        "Iskraemeco|other|C12346|V2\n");
}

TEST_CASE("p1: new firmware is no new meter") {
  HouseRig house;
  house.hear("0-0:96.1.1(433132333435)\n1-0:0.2.0(V1)\n1-0:1.8.0(5*kWh)\n");
  CHECK(house.hear("0-0:96.1.1(433132333435)\n1-0:0.2.0(V2)\n1-0:1.8.0(0*kWh)\n").held ==
        "energy_import 0 zero\n");
}

TEST_CASE("p1: a meter lives 35 seconds, and when its period is known three of these") {
  HouseRig house;
  CHECK(house.hear(power).leases == "35000\n");
  CHECK(house.hear_after(10s, power).leases == "30000\n");
  CHECK(house.hear_after(10s, power).leases == "30000\n");
  CHECK(house.hear_after(20s, power).leases == "30000\n");  // one was lost: the shorter tells
  CHECK(house.hear_after(10s, power).leases == "30000\n");
  CHECK(house.hear_after(20s, power).leases == "30000\n");
  CHECK(house.hear_after(20s, power).leases == "60000\n");  // it has slowed down
}

TEST_CASE("p1: a meter of one second lives at least ten") {
  HouseRig house;
  house.hear(power);
  CHECK(house.hear_after(1s, power).leases == "10000\n");
  CHECK(house.hear_after(4s, power).leases == "10000\n");
  CHECK(house.hear_after(4s, power).leases == "12000\n");
}

TEST_CASE("p1: no interval is one over a closed line, nor over more than a minute") {
  HouseRig house;
  house.hear(power);
  house.reopen();
  CHECK(house.hear_after(10s, power).leases == "35000\n");
  CHECK(house.hear_after(61s, power).leases == "35000\n");
  CHECK(house.hear_after(60s, power).leases == "180000\n");
}

TEST_CASE("p1: a factor multiplies what flows, and no voltage") {
  HouseRig house(HouseRig::Settings{{"factor", "2.5"}});
  CHECK(house
            .hear("1-0:1.7.0(00.520*kW)\n1-0:2.7.0(0*kW)\n1-0:31.7.0(2*A)\n1-0:32.7.0(230*V)\n"
                  "1-0:13.7.0(0.9)\n0-0:96.7.21(3)\n1-0:1.8.1(1.000*kWh)\n0-0:17.0.0(5*kW)\n"
                  "1-0:1.4.0(00.100*kW)\n")
            .readings ==
        "power_import 1300.0\npower_export 0.0\ncurrent_l1 5.0\nvoltage_l1 230\n"
        "power_factor 0.9\npower_failures 3\nenergy_import_t1 2.5000\nlimiter 5000\n"
        "demand_import_now 250.0\nenergy_import 2.5000\npower_net 1300.0\n");
}

TEST_CASE(
    "p1: a number that is too large for the factor is no reading, rather than one without it") {
  HouseRig house(HouseRig::Settings{{"factor", "100000"}});
  const Heard heard = house.hear(
      "1-0:1.7.0(900000000000000000*W)\n1-0:2.7.0(1*W)\n"
      "1-0:1.6.0(261101000000W)(900000000000000000*W)\n");
  CHECK(heard.readings == "power_export 100000\n");
  CHECK(heard.raw ==
        "1-0:1.7.0(900000000000000000*W)\n1-0:1.6.0(261101000000W)(900000000000000000*W)\n");
}

TEST_CASE("p1: a standard time of two hours is a setting") {
  HouseRig house(HouseRig::Settings{{"utc_offset", "2h"}});
  CHECK(house.hear("0-0:1.0.0(261120103000W)").readings ==
        "meter_time 2026-11-20T10:30:00+02:00\n");
}

TEST_CASE("p1: a telegram of which nothing is known is a telegram all the same") {
  HouseRig house;
  const Heard heard = house.hear("0-0:96.50.1(00)\n");
  CHECK(heard.readings == "");
  CHECK(heard.raw == "0-0:96.50.1(00)\n");
  CHECK(heard.leases == "35000\n");
}

TEST_CASE("p1: settings that are right are no problem") {
  CHECK(HouseRig({{"country", "be"},
                  {"factor", "60"},
                  {"utc_offset", "2h"},
                  {"time_zone", "Europe/Vilnius"},
                  {"require_tag", "true"},
                  {"accept_missing_crc", "true"}})
            .problems == "");
}

TEST_CASE("p1: wrong settings are reported with place and remedy") {
  CHECK(problem_of("time_zone", "Europe/Atlantis") ==
        "FILE:1:9: time_zone: unknown time zone: write one such as Europe/Oslo\n");
  for (const std::string_view factor : {"0", "-1", "100001"}) {
    CAPTURE(factor);
    CHECK(problem_of("factor", factor) ==
          "FILE:2:9: factor: must be above 0, and at most 100000\n");
  }
  for (const auto& [key, value] : {std::pair{"factor", "many"},
                                   {"country", "xx"},
                                   {"utc_offset", "2"},
                                   {"utc_offset", "15h"},
                                   {"require_tag", "yes"},
                                   {"accept_missing_crc", "1"},
                                   {"key_file", "/nowhere"},
                                   {"authentication_key_file", "/nowhere"},
                                   {"contry", "nl"}}) {
    CAPTURE(key);
    CHECK(problem_of(key, value).find(std::string("FILE:2:")) == 0);
  }
}

TEST_CASE("p1: a frame hands on the telegram as it came, whatever came before it") {
  struct Raw final : Effects {
    void operator()(const Effect& effect) override {
      if (const auto* frame = std::get_if<Frame>(&effect)) frames.emplace_back(as_text(frame->raw));
    }
    std::vector<std::string> frames;
  };
  const std::string telegram = small_telegram();
  const std::string bytes = "noise" + telegram + "\r\n" + telegram;
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    SectionRig settings(std::vector<Member>{});
    Section section = settings.section();
    const auto adapter = make(section, 1);
    Raw raw;
    for (std::size_t n = 0; n < bytes.size(); n += step) {
      adapter->on_bytes(as_bytes(std::string_view(bytes).substr(n, step)), {}, raw);
    }
    REQUIRE(raw.frames.size() == 2);
    for (const std::string& frame : raw.frames) CHECK(frame == telegram);
  }
}

TEST_CASE("p1: a telegram of more than 1024 lines is dropped, and reported with its size") {
  std::string lines(power);
  for (int n = 0; n < 1030; ++n) lines += "x\n";
  HouseRig house;
  const Heard heard = house.hear(lines);
  CHECK(heard.readings == "power_import 520\n");
  CHECK(heard.dropped == "a telegram of more than 1024 lines 7\n");
  CHECK(house.hear(power).dropped == "");
}
