// Hours of real and made-up households beside this checkout: the results there are the ones here.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "rules/hour_meter.hpp"
#include "rules/peaks.hpp"
#include "support/corpus_files.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

json read(const fs::path& path) { return json::parse(std::ifstream(path)); }

std::string text(Instant instant) {
  std::string out;
  append_utc(out, instant);
  return out;
}

// "2025-10-24T04:00:00": its digits are at fixed places.
Instant instant_of(const std::string& text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(text.substr(at, size));
  };
  const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return std::chrono::sys_days{date} + std::chrono::hours{number(11, 2)} +
         std::chrono::minutes{number(14, 2)} + std::chrono::seconds{number(17, 2)};
}

struct Row {
  Instant at;
  Decimal watts;
  std::int64_t wh;
};

std::vector<Row> rows_of(fs::path path, const Zone& zone) {
  std::ifstream file(path.replace_extension(".csv"));
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string time, watts, wh;
    std::getline(fields, time, ',');
    std::getline(fields, watts, ',');
    std::getline(fields, wh, ',');
    const auto local = std::chrono::seconds(instant_of(time).time_since_epoch() / 1s);
    rows.push_back(
        {zone.resolve(LocalSeconds{local}, {}).instant, *parse_decimal(watts), std::stoll(wh)});
  }
  return rows;
}

// How the register gets to us: each row has it, only those where it is new, none.
enum class Registers : std::uint8_t { always, hourly, never };

std::vector<HourMeter::Hour> hours_of(const std::vector<Row>& rows, Registers registers,
                                      std::chrono::seconds earlier = 0s) {
  HourMeter meter;
  std::vector<HourMeter::Hour> hours;
  std::int64_t last = rows.front().wh;
  for (const Row& row : rows) {
    HourMeter::Sample sample{row.watts, {}};
    const bool is_told = registers == Registers::always ||
                         (registers == Registers::hourly && row.wh != std::exchange(last, row.wh));
    if (is_told) sample.kilowatt_hours = Decimal{row.wh, -3};
    const Instant at = row.at - earlier;
    meter.sample(sample, {Mono{at.time_since_epoch()}, at});
    while (const auto hour = meter.take()) hours.push_back(*hour);
  }
  return hours;
}

const HourMeter::Hour* find(const std::vector<HourMeter::Hour>& hours, const std::string& start) {
  const auto found = std::find_if(hours.begin(), hours.end(),
                                  [&](const auto& hour) { return text(hour.start) == start; });
  return found == hours.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("hour corpus: logged hours by register, and by the sum of the powers") {
  const auto files = test::corpus_files("han", "log_");
  if (files.empty()) MESSAGE("skipped: no corpus beside this checkout");
  for (const fs::path& path : files) {
    CAPTURE(path.string());
    const json log = read(path);
    const auto rows = rows_of(path, *Zone::named("Europe/Oslo"));
    REQUIRE(rows.size() == log["rows"]);
    const auto each_row = hours_of(rows, Registers::always);
    const auto hourly = hours_of(rows, Registers::hourly);
    // The sums there are from list to list, ten seconds after the hour.
    const auto summed = hours_of(rows, Registers::never, 10s);
    for (const json& want : log["hours"]) {
      const std::string start = want["from_utc"];
      CAPTURE(start);
      for (const auto* hours : {&each_row, &hourly}) {
        const auto* hour = find(*hours, start);
        REQUIRE(hour != nullptr);
        CHECK(hour->wh == want["register_wh"].get<std::int64_t>());
        CHECK_FALSE(hour->estimated);
        CHECK(hour->whole);
      }
      const auto* hour = find(summed, start);
      REQUIRE(hour != nullptr);
      CHECK(hour->wh == std::llround(want["integral_wh"].get<double>()));
    }
  }
}

TEST_CASE("hour corpus: the peaks of each month") {
  const auto files = test::corpus_files("han", "threemax_");
  if (files.empty()) MESSAGE("skipped: no corpus beside this checkout");
  for (const fs::path& path : files) {
    CAPTURE(path.string());
    const json house = read(path);
    Peaks::Options options;
    options.steps_kw = house["steps_kw"].get<std::vector<std::int64_t>>();
    Peaks peaks(options, *Zone::named(house["timezone"].get<std::string>()));
    json got = json::array();
    const auto note = [&] {
      const auto& month = *peaks.month();
      json three = json::array();
      for (const auto& each : month.peaks) {
        three.push_back(
            {{"day", date_text(each.day)}, {"wh", each.watts}, {"hour_start", text(each.start)}});
      }
      got.push_back({{"month", month_text(month.number)},
                     {"three", three},
                     {"average_wh", std::stod(to_text(*Peaks::mean(month)))},
                     {"step_from_kw", peaks.step()->from_kw},
                     {"step_number", peaks.step()->number}});
    };
    for (const json& hour : house["hours"]) {
      const auto before = peaks.month();
      Peaks next = peaks;
      next.period(instant_of(hour["start"]), hour["wh"].get<std::int64_t>());
      if (before && next.month()->number != before->number) note();
      peaks = next;
    }
    note();
    CHECK(got == house["expect"]);
  }
}
