// `gridtap export`: what is wrong with a call, where nothing is to be had, and tables of a history.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "io/sqlite_journal.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

// 2026-11-20T00:00:00+01:00
constexpr SlotTime first{Quarters{1'795'129'200 / 900}};

// A house in Oslo whose history a test writes.
struct Export {
  Export() {
    config =
        shell.write("config.yaml", "time_zone: Europe/Oslo\nhistory: {directory: " + directory +
                                       "}\ndevices:\n  meter: {adapter: p1, line: /dev/null}\n");
  }
  void keep(const SeriesHead& head, std::vector<Slot> slots) const {
    auto journal = io::SqliteJournal::open(directory + "/history.db", io::SqliteJournal::Use::keep);
    REQUIRE_MESSAGE(journal, journal.error().detail);
    REQUIRE((*journal)->write({{head, std::move(slots)}}));
  }
  // An hour and a half of energy, and a quarter-hour of power.
  void keep_some() const {
    std::vector<Slot> energy;
    for (int n = 0; n < 6; ++n) {
      energy.push_back({first + Quarters{n}, 250, 1000 + n * 250, 1250 + n * 250, 900});
    }
    keep({"meter/energy_import", "kWh", SeriesKind::growth, -3}, std::move(energy));
    keep({"meter/power_import", "W", SeriesKind::mean, 0},
         {{first + Quarters{4}, 1000, 900, 1100, 900}});
  }
  Ended operator()(const std::string& arguments) const {
    return shell("export --config " + config + ' ' + arguments);
  }

  CommandLine shell;
  Scratch scratch;
  std::string directory = scratch / "history", config;
};

bool says(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

}  // namespace

TEST_CASE("export: without a history in the configuration it says what to write there") {
  const CommandLine shell;
  const std::string config =
      shell.write("config.yaml", "mqtt: {}\ndevices:\n  meter: {adapter: p1, line: /dev/null}\n");
  const Ended ended = shell("export --config " + config);
  CHECK(ended.status == 78);
  CHECK(says(ended.err, "history: {}"));
}

TEST_CASE("export: where nothing is kept yet it is status 1, and nothing is made") {
  const Export run;
  const Ended ended = run("-o " + (run.scratch / "out.csv"));
  CHECK(ended.status == 1);
  CHECK(says(ended.err, "there is no history yet"));
  CHECK_FALSE(std::filesystem::exists(run.directory));
  CHECK_FALSE(std::filesystem::exists(run.scratch / "out.csv"));
}

TEST_CASE("export: a time of which nothing is known is status 1, without a table") {
  const Export run;
  run.keep_some();
  const std::string file = run.scratch / "out.csv";
  for (const std::string range :
       {"--from 2020-01-01 --to 2020-02-01", "--from 2026-12-01", "--to 2026-11-20"}) {
    CAPTURE(range);
    for (const std::string& output : {std::string(), " -o " + file}) {
      const Ended ended = run(range + output);
      CHECK(ended.status == 1);
      CHECK(ended.out.empty());
      CHECK(ended.err == "nothing is known of that time: there is 2026-11-20 to 2026-11-20\n");
      CHECK_FALSE(std::filesystem::exists(file));
    }
  }
}

TEST_CASE("export: without a time it is that of the series that are asked for") {
  const Export run;
  run.keep_some();
  run.keep({"old/energy_import", "kWh", SeriesKind::growth, -3},
           {{first - Quarters{4 * 24 * 900}, 1, 0, 1, 900}});
  CHECK(run("--step day --series meter/power_import").out ==
        "time,meter/power_import[W]\n2026-11-20T00:00:00+01:00,1000\n");
  CHECK(run("--step hour --series old/energy_import").out ==
        "time,old/energy_import[kWh]\n2024-06-03T01:00:00+02:00,0.001\n");
  const Ended none = run("--from 2025-01-01 --series old/energy_import");
  CHECK(none.status == 1);
  CHECK(says(none.err, "there is 2024-06-03 to 2024-06-03"));
}

TEST_CASE("export: what is wrong with the command line is said, status 64") {
  const Export run;
  run.keep_some();
  const auto refused = [&](const std::string& arguments, std::string_view words) {
    const Ended ended = run(arguments);
    CAPTURE(arguments);
    CAPTURE(ended.err);
    CHECK(ended.status == 64);
    CHECK(ended.out.empty());
    CHECK(says(ended.err, words));
  };
  refused("--series meter/energy_inport", "did you mean `meter/energy_import`?");
  refused("--step week", "quarter, hour, day, month or year");
  for (const char* odd : {"yesterday", "2026-02", "2026"}) {
    refused("--from " + std::string(odd),
            "write --from=2026-11-01, or --from=2026-11-01T12:00:00+");
    refused("--to " + std::string(odd), "write --to=2026-11-01, or");
  }
  refused("--from 2026-02-30", "--from is `2026-02-30`, no day");
  refused("--from 2026-11-02 --to 2026-11-01",
          "--from is not before --to: `--to` is the first moment that");
  refused("--format xml", "xml");
  refused("--decimal dot", "dot");
}

TEST_CASE("export: a file that is no history is said, and left as it is") {
  const Export run;
  std::filesystem::create_directory(run.directory);
  const std::string file = run.directory + "/history.db";
  std::ofstream(file) << "not a history, but a text that is long enough to be looked at: " << file;
  const std::string before = content(file);
  const Ended ended = run("");
  CHECK(ended.status == 66);
  CHECK(says(ended.err, "history.db"));
  CHECK(content(file) == before);
}

TEST_CASE("export: all series by hour, from the first quarter-hour on") {
  const Export run;
  run.keep_some();
  const Ended ended = run("--to 2026-11-20T03:00:00+01:00");
  CHECK(ended.status == 0);
  CHECK(ended.out ==
        "time,meter/energy_import[kWh],meter/power_import[W]\n"
        "2026-11-20T00:00:00+01:00,1.000,\n"
        "2026-11-20T01:00:00+01:00,0.500,1000\n"
        "2026-11-20T02:00:00+01:00,,\n");
}

TEST_CASE("export: with decimal commas for a spreadsheet, and as lines of JSON") {
  const Export run;
  run.keep_some();
  const std::string day = "--from 2026-11-20 --to 2026-11-21 --step day --series ";
  CHECK(run(day + "meter/energy_import --decimal comma").out ==
        "time;meter/energy_import[kWh]\n2026-11-20T00:00:00+01:00;1,500\n");
  CHECK(run(day + "meter/power_import,meter/energy_import --format jsonl").out ==
        "{\"time\":\"2026-11-20T00:00:00+01:00\",\"meter/power_import\":1000,"
        "\"meter/energy_import\":1.500}\n");
}

TEST_CASE("export: a file takes the place of the one before when it is whole") {
  const Export run;
  run.keep_some();
  const std::string file = run.shell.write("out.csv", "before");
  const std::string day = "--from 2026-11-20 --to 2026-11-21 --step day -o ";
  const Ended ended = run(day + file);
  CHECK(ended.status == 0);
  CHECK(ended.out.empty());
  CHECK(says(content(file), ",1.500,1000\n"));
  CHECK_FALSE(std::filesystem::exists(file + ".new"));
  const Ended nowhere = run(day + "/nonexistent/out.csv");
  CHECK(nowhere.status == 71);
  CHECK(says(nowhere.err, "/nonexistent/out.csv"));
  const Ended directory = run(day + run.directory);
  CHECK(directory.status == 71);
  CHECK_FALSE(std::filesystem::exists(run.directory + ".new"));
  const Ended history = run(day + run.directory + "/history.db");
  CHECK(history.status == 64);
  CHECK(says(history.err, "it would be written over"));
  CHECK(run(day + file).status == 0);
}

TEST_CASE("export: more slots than one answer of the journal has") {
  const Export run;
  std::vector<Slot> slots;
  for (int n = 0; n < 5000; ++n) slots.push_back({first + Quarters{n}, 1, n, n + 1, 900});
  run.keep({"meter/energy_import", "kWh", SeriesKind::growth, -3}, std::move(slots));
  const Ended ended = run("--step quarter");
  CHECK(ended.status == 0);
  std::size_t known = 0;
  for (std::size_t at = ended.out.find(",0.001\n"); at != std::string::npos;
       at = ended.out.find(",0.001\n", at + 1)) {
    ++known;
  }
  CHECK(known == 5000);
  CHECK(ended.out.ends_with(",0.001\n"));  // up to the last one that there is
}
