// Tables that people bring: bent in every way, then as they were exported.
#include "history/table_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "history/tables.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

const std::vector<SeriesHead> known = {{"node/odd", "l/h", SeriesKind::mean, -2},
                                       {"gateway/relay_boiler", "s", SeriesKind::time_on, 0}};

// What is wrong with it, or empty; its notes follow in any case.
struct Read {
  std::string problem;
  std::optional<Imported> imported;
  std::string notes;
};
Read read(const std::string& text) {
  TableFile table;
  Read out;
  std::uint32_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string each = text.substr(at, end - at);
    at = end + 1;
    out.problem = ++line == 1 ? table.head(each, known) : table.line(each, {0, line});
    if (!out.problem.empty()) return out;
  }
  out.imported = table.finish(out.problem);
  for (const ImportNote& each : table.notes().all()) {
    out.notes += std::to_string(each.place.line) + ": " + each.text + '\n';
  }
  return out;
}

std::string problem(const std::string& text) { return read(text).problem; }

std::string at(const std::string& clock) { return "2026-11-28T" + clock + ":00+01:00"; }

const std::string energy = "time,meter/energy_import[kWh]\n";

bool says(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

}  // namespace

TEST_CASE("table file: what begins otherwise is none") {
  CHECK(TableFile::is_one("time,meter/energy_import[kWh]"));
  CHECK(TableFile::is_one("time;x"));
  for (const char* other : {"", "time", "Time,x", "2026-11-28,x", " time,x"}) {
    CHECK_FALSE(TableFile::is_one(other));
  }
}

TEST_CASE("table file: a column that is not understood is named") {
  CHECK(says(problem("time,energy\n"), "`energy` is not as meter/energy_import[kWh]"));
  CHECK(says(problem("time,meter/energy_import[kWh\n"), "is not as"));
  CHECK(says(problem("time,meter/unheard_of[kWh]\n"), "no value that this program knows"));
  CHECK(says(problem("time,meter/message[]\n"), "no value that this program knows"));
  CHECK(says(problem("time,meter/energy_import[Wh]\n"), "should be in kWh"));
  CHECK(says(problem("time,meter/energy_import[kWh],meter/energy_import[kWh]\n"), "there twice"));
  CHECK(says(problem("time" + std::string(300, ',')), "301 columns: at most 256"));
}

TEST_CASE("table file: times that are none, or no quarter-hours, are refused") {
  CHECK(says(problem(energy + "2026-11-28 12:00,1\n"), "is no time as 2026-11-28T12:00:00+01:00"));
  CHECK(says(problem(energy + "2026-11-28T12:07:00+01:00,1\n"), "not the begin of a quarter-hour"));
}

TEST_CASE("table file: numbers that are none are refused") {
  for (const char* odd : {"x", "1e3", "1,5", "0x10", "99999999999999999999", "NaN"}) {
    CAPTURE(odd);
    CHECK(says(problem(energy + at("12:00") + ",\"" + odd + "\"\n"),
               "is no number for meter/energy_import"));
  }
}

TEST_CASE("table file: a growth below 0 is refused, a measurement is not") {
  CHECK(problem(energy + at("12:00") + ",0.621\n" + at("12:15") + ",-0.001\n") ==
        "`-0.001` is less than 0, and meter/energy_import only grows");
  CHECK(
      says(problem("time;meter/energy_import[kWh]\n" + at("12:00") + ";-5,5\n"), "`-5,5` is less"));
  CHECK(problem(energy + at("12:00") + ",0\n" + at("12:15") + ",-0.000\n").empty());
  CHECK(problem("time,meter/power_import[W]\n" + at("12:00") + ",-5\n" + at("12:15") + ",1\n") ==
        "");
}

TEST_CASE("table file: what could not be asked for later is refused: names, times, numbers") {
  for (const char* device : {"", "a b", "\"a,b\"", "<script>", "House"}) {
    CHECK(says(problem("time," + std::string(device) + "/energy_import[kWh]\n"), "the column"));
  }
  for (const char* time :
       {"1901-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "9999-01-01T00:00:00Z"}) {
    CHECK(says(problem(energy + time + ",1\n"), "between 2000 and 2100"));
  }
  CHECK(problem(energy + "2099-12-31T23:45:00Z,1\n").find("2100") == std::string::npos);
  CHECK(says(problem("time,meter/power_import[W]\n" + at("12:00") + ",900000000000000\n"),
             "is no number for"));
}

TEST_CASE("table file: a torn line is left out, and told") {
  const Read found = read(energy + at("12:00") + ",1\n" + at("12:15") + ",2\n2026-11-28T12:3");
  CHECK(found.problem.empty());
  CHECK(found.notes == "4: 1 fields instead of 2, it was torn: left out\n");
  CHECK(found.imported->series[0].slots.size() == 2);
}

TEST_CASE("table file: lines in any order are put in order, the same one again is left out") {
  const Read found = read(energy + at("12:15") + ",2\n" + at("12:00") + ",1\n" + at("12:15") +
                          ",2\n" + at("12:30") + ",3\n");
  CHECK(found.notes ==
        "3: earlier than the line before: put in order\n"
        "4: the same line again: left out\n");
  REQUIRE(found.imported);
  REQUIRE(found.imported->series[0].slots.size() == 3);
  CHECK(found.imported->series[0].slots[1].value == 2000);
  CHECK(found.imported->origins.of(found.imported->series[0].slots[1].start).line == 2);
}

TEST_CASE("table file: the same time with another number is refused with both lines") {
  CHECK(problem(energy + at("12:00") + ",1\n" + at("12:15") + ",2\n" + at("12:00") + ",7\n") ==
        "the lines 2 and 4 have the same time and other numbers");
}

TEST_CASE("table file: what cannot be shared over quarter-hours is refused with what it is") {
  const auto two = [](const std::string& first, const std::string& second) {
    return problem(energy + first + "T00:00:00+01:00,1\n" + second + "T00:00:00+01:00,2\n");
  };
  CHECK(two("2026-11-28", "2026-11-29") ==
        "its lines are days, which cannot be shared over quarter-hours: export it with "
        "--step quarter or hour");
  CHECK(says(problem(energy + "2026-03-29T00:00:00+01:00,1\n2026-03-30T00:00:00+02:00,2\n"),
             "its lines are days"));
  CHECK(says(two("2026-02-01", "2026-03-01"), "its lines are months"));
  CHECK(says(two("2026-01-01", "2026-02-01"), "its lines are months"));
  CHECK(says(two("2025-01-01", "2026-01-01"), "its lines are years"));
  CHECK(says(problem(energy + at("12:00") + ",1\n"), "one line does not say"));
  CHECK(says(problem(energy + at("12:00") + ",1\n" + at("12:30") + ",1\n"), "neither"));
  CHECK(read(energy).imported->series.empty());
}

TEST_CASE("table file: hours are rows of their own") {
  const Read found = read(
      "time;meter/energy_import[kWh];meter/power_import[W];"
      "gateway/relay_boiler[s]\n" +
      at("12:00") + ";1,003;-700;1802\n" + at("13:00") + ";;;\n" + at("15:00") + ";2;;\n");
  REQUIRE(found.imported);
  CHECK(found.imported->is_hours);
  const auto& series = found.imported->series;
  REQUIRE(series[0].slots.size() == 2);
  CHECK(series[0].slots[0].value == 1003);
  CHECK(series[0].slots[1].start - series[0].slots[0].start == Quarters{12});
  REQUIRE(series[1].slots.size() == 1);
  CHECK(series[1].slots[0].value == -7000);
  CHECK(series[2].slots[0].value == 1802);
  CHECK(series[2].slots[0].covered == 900);
  CHECK_FALSE(read(energy + at("12:00") + ",1\n" + at("12:15") + ",2\n").imported->is_hours);
}

TEST_CASE("table file: a value of the history needs no vocabulary, and its unit may be odd") {
  const Read found = read("time,node/odd[l/h]\n" + at("12:00") + ",1.25\n" + at("12:15") + ",\n" +
                          at("12:30") + ",-0.5\n");
  REQUIRE(found.imported);
  CHECK(found.imported->series[0].head == known[0]);
  REQUIRE(found.imported->series[0].slots.size() == 2);
  CHECK(found.imported->series[0].slots[0].value == 125);
  CHECK(found.imported->series[0].slots[1].value == -50);
}

TEST_CASE("table file: what was exported is read again as it was") {
  const Zone oslo = *Zone::named("Europe/Oslo");
  const SlotTime first = slot_of(std::chrono::sys_days{std::chrono::year{2026} / 10 / 24});
  for (const Decimals decimals : {Decimals::point, Decimals::comma}) {
    const SeriesHead head{"meter/energy_import", "kWh", SeriesKind::growth, -3};
    const CsvTable table({head}, oslo, decimals);
    std::string text;
    table.head(text);
    for (int n = 0; n < 200; ++n) {  // clocks are moved meanwhile
      const Period period{first + Quarters{n}, first + Quarters{n + 1}};
      table.row(text, {period, {Point{period, n * 7, {}, {}, 900}}});
    }
    const Read found = read(text);
    REQUIRE(found.imported);
    CHECK(found.notes.empty());
    const auto& slots = found.imported->series[0].slots;
    REQUIRE(slots.size() == 200);
    for (int n = 0; n < 200; ++n) {
      CHECK(slots[static_cast<std::size_t>(n)] == Slot{first + Quarters{n}, n * 7, {}, {}, 900});
    }
  }
}
