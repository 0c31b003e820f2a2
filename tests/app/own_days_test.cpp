// Our own day files, imported and reported on: what is refused, then files of whole days, whose
// sums are those of their registers.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/zone.hpp"
#include "history/report_rig.hpp"
#include "io/sqlite_journal.hpp"
#include "support/command_line.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");

// 2026-03-28T00:00:00+01:00, the day before clocks are set forward.
const Instant first = std::chrono::sys_days{std::chrono::year{2026} / 3 / 27} + 23h;

std::string kwh(std::int64_t wh) { return to_text(Decimal{wh, -3}); }

struct OwnDays {
  OwnDays() {
    std::filesystem::create_directory(state);
    config = shell.write("config.yaml", "time_zone: Europe/Oslo\nstate_dir: " + state +
                                            "\nhistory: {}\nmqtt: {}\n"
                                            "devices: {meter: {adapter: p1, line: /dev/null}}\n");
  }
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = scratch / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path + ' ';
  }
  Ended operator()(const std::string& arguments) const {
    return shell("import --config " + config + ' ' + arguments);
  }
  std::vector<Slot> slots(const std::string& series) const {
    auto journal =
        io::SqliteJournal::open(state + "/history/history.db", io::SqliteJournal::Use::look);
    if (!journal) return {};
    return (*journal)->read(series, SlotTime{}, slot_of(first) + std::chrono::days{400}).value();
  }
  std::int64_t sum(const std::string& series) const {
    std::int64_t sum = 0;
    for (const Slot& each : slots(series)) sum += each.value;
    return sum;
  }

  CommandLine shell;
  Scratch scratch;
  std::string state = scratch / "state", config;
};

std::string time_text(Instant time) {
  std::string text;
  append(text, Timestamp{time, oslo.offset_at(time)});
  return text;
}

// A line a minute, an hour at 60 W: so many of them, from so many hours on.
std::string hours_of_lines(int from, int hours, const std::string& more = "") {
  std::string text;
  for (int n = from * 60; n < (from + hours) * 60; ++n) {
    text += time_text(first + n * 1min) + ',' + kwh(50'000 + n) + ",7.000,60" + more + '\n';
  }
  return text;
}

const std::string head = "time,energy_import[kWh],energy_export[kWh],power_import[W]";

bool says(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

}  // namespace

TEST_CASE("own day files: columns that cannot be are refused with their place") {
  const OwnDays run;
  const Ended twice = run(run.write("meter/a.csv", head + ",power_import[W]\n"));
  CHECK(twice.status == 65);
  CHECK(says(twice.err, "meter/a.csv:1: the column `power_import[W]` is there twice"));
  CHECK(run(run.write("meter/a.csv", "time,power_import[kW]\n")).status == 65);
  CHECK(run.slots("meter/power_import").empty());
}

TEST_CASE("own day files: of a directory that is no device it must be said of which they are") {
  const OwnDays run;
  const std::string file = run.write("Downloads/a.csv", head + '\n' + hours_of_lines(0, 2));
  const Ended unknown = run(file);
  CHECK(unknown.status == 64);
  CHECK(says(unknown.err, "Downloads/a.csv: the directory it is in is called after no device of"));
  CHECK(run("--device 'No Id' " + file).status == 64);
  CHECK(run("--device meter " + file).status == 0);
  CHECK(run.sum("meter/energy_import") == 119);
  const std::string other = run.write("meter/a.csv", head + '\n' + hours_of_lines(2, 2));
  const Ended two = run("--device meter " + file + other);
  CHECK(two.status == 64);
  CHECK(
      says(two.err, "--device names one device, and these files are of two, Downloads and meter"));
}

TEST_CASE(
    "own day files: torn, doubled and unordered lines are told, and what else there is counts") {
  const OwnDays run;
  const std::string good = hours_of_lines(0, 2), line = good.substr(0, good.find('\n') + 1);
  const Ended ended =
      run(run.write("meter/2026-03-28.csv", head + '\n' + line + line + "2026-03-28T00:01:\n" +
                                                good.substr(line.size()) + line +
                                                time_text(first + 2h) + ",50.120,7.000,6"));
  CHECK(ended.status == 0);
  CHECK(says(ended.err, "2026-03-28.csv:3: a second line of the same time: left out"));
  CHECK(says(ended.err, "2026-03-28.csv:4: 1 fields instead of 4, it was torn: left out"));
  CHECK(says(ended.err, "2026-03-28.csv:124: earlier than the line before: left out"));
  CHECK(says(ended.err, "2026-03-28.csv:125: the last line is cut off"));
  CHECK(run.sum("meter/energy_import") == 119);
}

TEST_CASE("own day files: one whose first lines are torn or of an odd time is in its place") {
  for (const std::string& odd : {std::string("2026-03-28T09:0"), time_text(first + 9h) + ",5",
                                 time_text(first - 9000h) + ",50.000,7.000,60",
                                 time_text(first + 9000h) + ",50.000,7.000,60"}) {
    CAPTURE(odd);
    const OwnDays run;
    const Ended ended =
        run(run.write("meter/c.csv", head + '\n' + hours_of_lines(18, 6)) +
            run.write("meter/b.csv", head + '\n' + odd + '\n' + hours_of_lines(9, 9)) +
            run.write("meter/a.csv", head + '\n' + hours_of_lines(0, 9)));
    CHECK(ended.status == 0);
    CHECK(says(ended.err, "b.csv:2: "));
    CHECK_FALSE(says(ended.err, "b.csv:3: "));
    CHECK_FALSE(says(ended.err, "a.csv"));
    CHECK_FALSE(says(ended.err, "c.csv"));
    CHECK(run.sum("meter/energy_import") == 24 * 60 - 1);
  }
}

TEST_CASE("own day files: two directories of one name are refused, and each alone is taken") {
  const OwnDays run;
  const std::string one = run.write("h1/meter/a.csv", head + '\n' + hours_of_lines(0, 2));
  const std::string other = run.write("h2/meter/a.csv", head + '\n' + hours_of_lines(0, 2));
  for (const std::string device : {"", "--device meter "}) {
    const Ended ended = run(device + one + other);
    CHECK(ended.status == 64);
    CHECK(says(ended.err, "two directories have day files of one device, meter: "));
    CHECK(says(ended.err, run.scratch / "h1/meter and "));
    CHECK(says(ended.err, run.scratch / "h2/meter: take one at a time"));
    CHECK(says(ended.err, "nothing was imported"));
  }
  CHECK(run(one).status == 0);
  CHECK(run("--device cabin " + other).status == 0);
  CHECK(run.sum("meter/energy_import") == 119);
  CHECK(run.sum("cabin/energy_import") == 119);
}

TEST_CASE("own day files: one that a spreadsheet has changed is refused with what is missing") {
  const OwnDays run;
  std::string lines = hours_of_lines(0, 2);
  std::replace(lines.begin(), lines.end(), 'T', ' ');
  const Ended blank = run(run.write("meter/a.csv", head + '\n' + lines));
  CHECK(blank.status == 65);
  CHECK(says(blank.err,
             "meter/a.csv: none of its 120 lines can be used, the first one: no time with its "
             "offset, as 2026-11-28T12:00:00+01:00"));
  const Ended semicolons =
      run(run.write("meter/a.csv", "time;power_import[W]\n" + time_text(first) + ";5\n"));
  CHECK(semicolons.status == 65);
  CHECK(says(semicolons.err, "meter/a.csv:1: semicolons between the columns"));
  CHECK(run.slots("meter/energy_import").empty());
}

TEST_CASE("own day files: those of another house are refused with their line") {
  const OwnDays run;
  run(run.write("meter/a.csv", head + '\n' + hours_of_lines(0, 2)));
  std::string other = hours_of_lines(0, 2);
  for (std::size_t at = 0; (at = other.find(",60\n", at)) != other.npos;) {
    other.replace(at, 4, ",99\n");
  }
  const Ended ended = run(run.write("meter/b.csv", head + '\n' + other));
  CHECK(ended.status == 65);
  CHECK(says(ended.err, "b.csv:"));
  CHECK(says(ended.err, "meter/power_import has "));
  CHECK(says(ended.err, "is known already: nothing was imported"));
}

TEST_CASE("own day files: days, their second files and devices in any order are one whole") {
  const OwnDays run;
  const std::string files =
      run.write("days/meter/2026-03-29.csv",
                head + ",voltage_l1[V]\n" + hours_of_lines(24, 23, ",230")) +
      run.write("days/meter/2026-03-28.2.csv",
                head + ",voltage_l1[V]\n" + hours_of_lines(9, 15, ",230")) +
      run.write("days/meter_gas/2026-03-28.csv", "time,gas[m³]\n" + time_text(first) + ",10.000\n" +
                                                     time_text(first + 30s) + ",10.001\n" +
                                                     time_text(first + 60s) + ",10.002\n") +
      run.write("days/meter/2026-03-28.csv", head + '\n' + hours_of_lines(0, 9));
  const Ended ended = run(files);
  CHECK(ended.err.empty());
  CHECK(ended.status == 0);
  const auto energy = run.slots("meter/energy_import"), power = run.slots("meter/power_import");
  REQUIRE(energy.size() == 4 * 47);
  CHECK(energy.front().low == 50'000);
  CHECK(energy.back().high == 50'000 + 47 * 60 - 1);
  CHECK(run.sum("meter/energy_import") == *energy.back().high - *energy.front().low);
  CHECK(run.sum("meter/energy_export") == 0);
  CHECK(power.size() == 4 * 47);
  CHECK(power[40] == Slot{slot_of(first) + Quarters{40}, 600, 600, 600, 900});
  CHECK(run.sum("meter_gas/gas") == 2);
  CHECK(run.slots("meter/voltage_l1").empty());  // nobody asked for it
  CHECK(run(files).out == "nothing of it is new\n");
  CHECK(run(files + files).out == "nothing of it is new\n");
}

TEST_CASE("own day files: a day of them after the other is the same whole") {
  const OwnDays run;
  CHECK(run(run.write("meter/a.csv", head + '\n' + hours_of_lines(0, 24))).status == 0);
  CHECK(run(run.write("meter/b.csv", head + '\n' + hours_of_lines(24, 23))).status == 0);
  CHECK(run.sum("meter/energy_import") == 47 * 60 - 2);  // and the minute at midnight
  const Ended both = run(run.write("meter/a.csv", head + '\n' + hours_of_lines(0, 24)) +
                         run.write("meter/b.csv", head + '\n' + hours_of_lines(24, 23)));
  CHECK(both.status == 0);
  CHECK(run.sum("meter/energy_import") == 47 * 60 - 1);
}

TEST_CASE("own day files: a report of them has the sums of their registers, by days of the house") {
  const OwnDays run;
  const std::string files = run.write("meter/b.csv", head + '\n' + hours_of_lines(24, 23)) +
                            run.write("meter/a.csv", head + '\n' + hours_of_lines(0, 24));
  const std::string page = run.scratch / "report.html";
  const Ended ended = run.shell("report --zone Europe/Oslo -o " + page + ' ' + files);
  CHECK(ended.err.empty());
  CHECK(ended.status == 0);
  const nlohmann::json data = history::data_of(content(page));
  CHECK(data["days"] == 2);
  CHECK(data["groups"][0]["rows"][0]["sum"] == 47 * 60 - 1);
}
