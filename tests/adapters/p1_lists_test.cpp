// Objects with many groups: the power failure log and the peaks of the capacity tariff.

#include <doctest/doctest.h>

#include "support/p1_house.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

constexpr std::string_view clock_line = "0-0:1.0.0(261120092345W)\n";
constexpr std::string_view references = "(1-0:1.6.0)(1-0:1.6.0)";

// What is said of the last line behind the clock's.
Heard hear(std::string_view line, const HouseRig::Settings& settings = {}) {
  HouseRig house(settings);
  Heard heard = house.hear(std::string(clock_line) + std::string(line));
  heard.readings.erase(0, heard.readings.find('\n') + 1);
  return heard;
}

std::string log_of(std::string_view newest, std::string_view rows) {
  return "last_power_failure " + std::string(newest) + " {\"power_failure_log\":[" +
         std::string(rows) + "]}\n";
}

std::string month(int end, std::string_view power) {
  const std::string two = (end < 10 ? "0" : "") + std::to_string(end);
  return "(26" + two + "01000000W)(26" + two + "01000000W)(" + std::string(power) + ")";
}

}  // namespace

TEST_CASE("p1 lists: the newest power failure is the state, all of them are its attribute") {
  CHECK(hear("1-0:99.97.0(2)(0-0:96.7.19)(250228012235W)(0000001339*s)(260428163217S)(3513)")
            .readings == log_of("2026-04-28T16:32:17+02:00",
                                "{\"end\":\"2025-02-28T01:22:35+01:00\",\"seconds\":1339},"
                                "{\"end\":\"2026-04-28T16:32:17+02:00\",\"seconds\":3513}"));
  // Whatever the order, and however long: a log of ten, another reference.
  CHECK(hear("1-0:99.97.0(2)(0-0:96.11.63)(260428163217S)(2147483647*s)(250228012235W)(1*s)")
            .readings == log_of("2026-04-28T16:32:17+02:00",
                                "{\"end\":\"2026-04-28T16:32:17+02:00\",\"seconds\":2147483647},"
                                "{\"end\":\"2025-02-28T01:22:35+01:00\",\"seconds\":1}"));
}

TEST_CASE("p1 lists: a log without failures is known, and empty") {
  for (const std::string_view groups :
       {"()", "(0)()", "(0)(0-0:96.7.19)", "(1)()()()", "(1)(0-0:96.7.19)", "(0)"}) {
    CAPTURE(groups);
    const Heard heard = hear("1-0:99.97.0" + std::string(groups));
    CHECK(heard.readings == "last_power_failure None\n");
    CHECK(heard.raw == "");
  }
}

TEST_CASE("p1 lists: failures at times that cannot be are left out of the log") {
  for (const std::string_view time : {"000101000000W", "632525252525W", "681120092345W",
                                      "261122092345W", "hello", "35255255255255255S"}) {
    CAPTURE(time);
    const std::string bad = '(' + std::string(time) + ")(10*s)";
    CHECK(hear("1-0:99.97.0(2)(0-0:96.7.19)" + bad + "(250228012235W)(20*s)").readings ==
          log_of("2025-02-28T01:22:35+01:00",
                 "{\"end\":\"2025-02-28T01:22:35+01:00\",\"seconds\":20}"));
    CHECK(hear("1-0:99.97.0(1)(0-0:96.7.19)" + bad).readings == "last_power_failure None\n");
  }
  CHECK(hear("1-0:99.97.0(1)(0-0:96.7.19)(250228012235W)(long)").readings ==
        log_of("2025-02-28T01:22:35+01:00",
               "{\"end\":\"2025-02-28T01:22:35+01:00\",\"seconds\":null}"));
}

TEST_CASE("p1 lists: a log is read anew when it changes, or when time makes it known") {
  HouseRig house;
  const std::string one = "1-0:99.97.0(1)(0-0:96.7.19)(250228012235W)(20*s)";
  const std::string other = "1-0:99.97.0(1)(0-0:96.7.19)(250228012235W)(21*s)";
  const std::string tomorrow = "1-0:99.97.0(1)(0-0:96.7.19)(261121120000W)(20*s)";
  const auto log_in = [&](std::string_view line, std::string_view clock) {
    return house.hear(std::string(line) + "\n0-0:1.0.0(" + std::string(clock) + ')').readings;
  };
  const std::string first = log_in(one, "261120092345W");
  CHECK(first.find("\"seconds\":20}") != first.npos);
  CHECK(log_in(one, "261120092346W").starts_with(first.substr(0, first.find('\n'))));
  CHECK(log_in(other, "261120092347W").find("\"seconds\":21}") != std::string::npos);
  CHECK(log_in(tomorrow, "261120092348W").find("last_power_failure None") == 0);
  CHECK(log_in(tomorrow, "261120130000W").find("last_power_failure 2026-11-21") == 0);
}

TEST_CASE("p1 lists: the peak of the month and its time come in either order") {
  const std::string both =
      "demand_import_month_peak 3064\n"
      "demand_import_month_peak_time 2026-11-02T11:45:00+01:00\n";
  CHECK(hear("1-0:1.6.0(261102114500W)(03.064*kW)").readings == both);
  CHECK(hear("1-0:1.6.0(03.064*kW)(261102114500)").readings == both);
  CHECK(hear("1-0:1.6.0(261102114500W)(03.064*kW)")
            .times.ends_with("demand_import_month_peak 2026-11-02T10:45:00Z\n"
                             "demand_import_month_peak_time 2026-11-02T10:45:00Z\n"));
  CHECK(hear("1-0:2.6.0(261102114500W)(03.064*kW)").readings ==
        "demand_export_month_peak 3064\n"
        "demand_export_month_peak_time 2026-11-02T11:45:00+01:00\n");
}

TEST_CASE("p1 lists: a peak without a known time is a peak all the same") {
  for (const std::string_view time :
       {"(632525252525W)", "(000101000000W)", "(261202114500W)", "()", ""}) {
    CAPTURE(time);
    const Heard heard = hear("1-0:1.6.0" + std::string(time) + "(03.064*kW)");
    CHECK(heard.readings == "demand_import_month_peak 3064\ndemand_import_month_peak_time None\n");
    CHECK(heard.times.ends_with("demand_import_month_peak \ndemand_import_month_peak_time \n"));
  }
  CHECK(hear("1-0:1.6.0(261102114500W)(03.064)").raw == "1-0:1.6.0(261102114500W)(03.064)\n");
  CHECK(hear("1-0:1.6.0(261102114500W)").raw == "1-0:1.6.0(261102114500W)\n");
}

TEST_CASE("p1 lists: the peaks of thirteen months are one list and their mean") {
  CHECK(hear("0-0:98.1.0(2)(1-0:1.6.0)(1-0:1.6.0)(260901000000S)(260831181500S)(01.862*kW)"
             "(261001000000S)(260910171500S)(04.229*kW)")
            .readings ==
        "demand_history 3046 {\"peaks\":["
        "{\"month\":\"2026-09-01T00:00:00+02:00\",\"time\":\"2026-08-31T18:15:00+02:00\","
        "\"w\":1862},"
        "{\"month\":\"2026-10-01T00:00:00+02:00\",\"time\":\"2026-09-10T17:15:00+02:00\","
        "\"w\":4229}]}\n");
}

TEST_CASE("p1 lists: a mean is in whole watts, halves away from zero") {
  struct Case {
    std::vector<std::string_view> powers;
    std::string_view mean;
  };
  const Case cases[] = {
      {{"1*W", "2*W"}, "2"},
      {{"1*W", "2*W", "2*W"}, "2"},
      {{"1*W", "1*W", "2*W"}, "1"},
      {{"1.2*W", "1.3*W"}, "1"},  // 1.25, not the mean of 3
      {{"2.4*W"}, "2"},
      {{"2.5*W"}, "3"},
      {{"0.0000025*MW"}, "3"},
      {{"0*W", "0*W"}, "0"},
      {{"1.001*kW", "1.002*kW"}, "1002"},
      {{"0.001*kW", "0.0004999*kW"}, "1"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.powers.front());
    std::string groups = "(1)" + std::string(references);
    for (std::size_t n = 0; n < one.powers.size(); ++n)
      groups += month(static_cast<int>(n) + 1, one.powers[n]);
    const std::string readings = hear("0-0:98.1.0" + groups).readings;
    CHECK(readings.starts_with("demand_history " + std::string(one.mean) + " {"));
  }
}

TEST_CASE("p1 lists: a month counts where both of its times are known") {
  const std::string good = "(261001000000S)(260910171500S)(04.229*kW)";
  const std::string alone =
      "demand_history 4229 {\"peaks\":["
      "{\"month\":\"2026-10-01T00:00:00+02:00\","
      "\"time\":\"2026-09-10T17:15:00+02:00\",\"w\":4229}]}\n";
  for (const std::string_view bad :
       {"(260801000000S)(632525252525W)(00.000*kW)", "(632525252525W)(260810171500S)(01.000*kW)",
        "(260801000000S)(000101000000W)(00.000*kW)", "(260801000000S)(260710171500S)(01.000)"}) {
    CAPTURE(bad);
    CHECK(hear("0-0:98.1.0(2)" + std::string(references) + std::string(bad) + good).readings ==
          alone);
  }
  CHECK(
      hear("0-0:98.1.0(1)" + std::string(references) + "(260801000000S)(632525252525W)(00.000*kW)")
          .readings == "demand_history None\n");
}

TEST_CASE("p1 lists: a list without months is empty, one without its references is another") {
  CHECK(hear("0-0:98.1.0(0)(1-0:1.6.0)(1-0:1.6.0)()").readings == "demand_history None\n");
  CHECK(hear("0-0:98.1.0(0)(1-0:1.6.0)(1-0:1.6.0)").readings == "demand_history None\n");
  for (const std::string_view groups :
       {"(12)", "(0)()", "(260701000000S)(000040.777*kWh)(000008.950*kWh)",  // Hungary
        "(1)(1-0:1.6.0)(1-0:2.6.0)(261001000000S)(260910171500S)(04.229*kW)"}) {
    CAPTURE(groups);
    const Heard heard = hear("0-0:98.1.0" + std::string(groups));
    CHECK(heard.readings == "");
    CHECK(heard.raw == "0-0:98.1.0" + std::string(groups) + '\n');
  }
  // The load profile of Israel has another code, and is raw as well.
  CHECK(hear("1-0:99.1.0(1)(0-0:96.10.7)(261101000000W)(0000)").readings == "");
}

TEST_CASE("p1 lists: peaks behind current transformers are multiplied") {
  CHECK(hear("1-0:1.6.0(261102114500W)(00.050*kW)", {{"factor", "60"}})
            .readings.starts_with("demand_import_month_peak 3000\n"));
  CHECK(hear("0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)" + month(10, "00.050*kW"), {{"factor", "2.5"}})
            .readings.starts_with("demand_history 125 "));
}

TEST_CASE("p1 lists: a log of a hundred failures is shown whole") {
  std::string line = "1-0:99.97.0(100)(0-0:96.7.19)", rows;
  for (int n = 0; n < 100; ++n) {
    line += "(250228012235W)(" + std::to_string(n) + "*s)";
    rows += (n > 0 ? "," : "") +
            std::string("{\"end\":\"2025-02-28T01:22:35+01:00\",\"seconds\":") + std::to_string(n) +
            '}';
  }
  CHECK(hear(line).readings == log_of("2025-02-28T01:22:35+01:00", rows));
}
