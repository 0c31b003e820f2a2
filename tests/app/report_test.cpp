// `gridtap report`: what is wrong with a call, where nothing is to be had, and the file of a year.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "history/played_year.hpp"
#include "history/report_rig.hpp"
#include "io/sqlite_journal.hpp"
#include "support/command_line.hpp"

using namespace gridtap;
using nlohmann::json;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");

// A house in Oslo whose history a test writes.
struct Reported {
  explicit Reported(const std::string& more = "") {
    config = shell.write(
        "config.yaml", "time_zone: Europe/Oslo\nhistory: {directory: " + directory + "}\n" + more +
                           "devices:\n"
                           "  roof: {adapter: sunspec, line: tcp://127.0.0.1:9}\n"
                           "  meter:\n"
                           "    adapter: han\n"
                           "    line: /dev/null\n"
                           "    name: Main meter\n"
                           "    peaks: {days: 2, steps: [0, 4, 8]}\n");
  }
  void keep(const std::vector<SeriesSlots>& all) const {
    auto journal = io::SqliteJournal::open(directory + "/history.db", io::SqliteJournal::Use::keep);
    REQUIRE_MESSAGE(journal, journal.error().detail);
    REQUIRE((*journal)->write(all));
  }
  static SeriesHead head(const std::string& name, const std::string& unit = "kWh") {
    return {name, unit, SeriesKind::growth, -3};
  }
  void keep_days(Instant begin, Instant end) const {
    keep({{head("meter/energy_import"), history::steady(begin, end, 250)}});
  }
  Ended operator()(const std::string& arguments) const {
    return shell("report --config " + config + " -o " + file + ' ' + arguments);
  }
  json data() const { return history::data_of(content(file)); }

  CommandLine shell;
  Scratch scratch;
  std::string directory = scratch / "history", file = scratch / "report.html", config;
};

bool says(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

}  // namespace

TEST_CASE("report: where nothing is kept yet it is status 1, and no file is made") {
  const Reported run;
  const Ended ended = run("");
  CHECK(ended.status == 1);
  CHECK(says(ended.err, "there is no history yet"));
  CHECK_FALSE(std::filesystem::exists(run.file));
}

TEST_CASE("report: of a time of which nothing is known it says what there is, status 1") {
  const Reported run;
  run.keep_days(history::utc(2026, 2, 28, std::chrono::hours{23}), history::utc(2026, 3, 4));
  for (const char* range : {"--to 2026-03-01", "--from 2026-03-05 --to 2026-03-09"}) {
    const Ended ended = run(range);
    CHECK(ended.status == 1);
    CHECK(says(ended.err, "nothing is known of that time: there is 2026-03-01 to 2026-03-04"));
    CHECK_FALSE(std::filesystem::exists(run.file));
  }
}

TEST_CASE("report: of a history without a counter there is none, status 1") {
  const Reported run;
  run.keep({{{"meter/power_import", "W", SeriesKind::mean, 0}, {{SlotTime{}, 100, 90, 110, 900}}}});
  const Ended ended = run("");
  CHECK(ended.status == 1);
  CHECK(says(ended.err, "no energy, gas, heat or water"));
}

TEST_CASE("report: what is wrong with the command line is said, status 64") {
  const Reported run;
  run.keep_days(history::utc(2026, 3, 1), history::utc(2026, 3, 4));
  for (const char* odd : {"yesterday", "2026-02", "2026", "2026-02-30"}) {
    const Ended refused = run("--from " + std::string(odd));
    CHECK(refused.status == 64);
    CHECK(says(refused.err, "write --from=2026-11-01, or --from=2026-11-01T12:00:00+01:00"));
    CHECK_FALSE(std::filesystem::exists(run.file));
  }
  CHECK(run("--from 2026-03-04 --to 2026-03-02").status == 64);
  const Ended ended = run.shell("report --config " + run.config);
  CHECK(ended.status == 64);
  CHECK(says(ended.err, "--output"));
}

TEST_CASE("report: a file that cannot be written is status 71, and what was there stays") {
  const Reported run;
  run.keep_days(history::utc(2026, 3, 1), history::utc(2026, 3, 4));
  const Ended ended =
      run.shell("report --config " + run.config + " -o " + (run.scratch / "none/report.html"));
  CHECK(ended.status == 71);
  CHECK(says(ended.err, "none/report.html"));
}

TEST_CASE("report: what it reads is not written over, under whatever name") {
  const Reported run;
  run.keep_days(history::utc(2026, 3, 1), history::utc(2026, 3, 4));
  const std::string kept = run.directory + "/history.db", before = content(kept);
  const Ended ended = run.shell("report --config " + run.config + " -o " + kept);
  CHECK(ended.status == 64);
  CHECK(says(ended.err, kept + ": it would be written over"));
  CHECK(content(kept) == before);
  const std::string table = run.scratch / "table.csv", link = run.scratch / "link.html";
  CHECK(run.shell("export --config " + run.config + " -o " + table).status == 0);
  std::filesystem::create_symlink(table, link);
  const Ended of_file = run.shell("report -o " + link + ' ' + table);
  CHECK(of_file.status == 64);
  CHECK(says(of_file.err, table + ", which is read: choose another name"));
  CHECK(content(table).starts_with("time,"));
}

TEST_CASE("report: a range of whole days, of it what is known") {
  const Reported run;
  run.keep_days(history::utc(2026, 2, 28, std::chrono::hours{23}), history::utc(2026, 3, 9));
  CHECK(run("--from 2026-03-03 --to 2026-03-05").status == 0);
  CHECK(run.data()["first"] == 20515);
  CHECK(run.data()["days"] == 2);
  CHECK(run.data()["groups"][0]["rows"][0]["sum"] == 48'000);
  CHECK(run("").status == 0);
  CHECK(run.data()["days"] == 9);
  CHECK(run.data()["begin"] == 0);
  CHECK(run.data()["end"] == 8 * 24 + 1);
  CHECK(run("--from 2020-01-01").status == 0);
  CHECK(run.data()["days"] == 9);
  CHECK_FALSE(std::filesystem::exists(run.file + ".new"));
}

TEST_CASE("report: --zone counts before the zone of the house, and has to be one") {
  const Reported run;
  run.keep_days(history::utc(2026, 3, 1), history::utc(2026, 3, 2));
  const Ended wrong = run("--zone Europe/Osl");
  CHECK(wrong.status == 64);
  CHECK(says(wrong.err, "no such time zone"));
  CHECK(run("").status == 0);
  CHECK(run.data()["zone"] == "Europe/Oslo");
  CHECK(run.data()["days"] == 2);  // an hour of the next one
  CHECK(run("--zone UTC").status == 0);
  CHECK(run.data()["zone"] == "UTC");
  CHECK(run.data()["days"] == 1);
}

TEST_CASE("report: the meter of the house, its name and its tariff come from the configuration") {
  const Reported run("web: {language: nb}\n");
  const Instant begin = history::utc(2026, 3, 1), end = history::utc(2026, 3, 4);
  std::vector<Slot> swapped = history::steady(begin, end, 1500);
  for (std::size_t n = 100; n < swapped.size(); ++n) *swapped[n].low += 7, *swapped[n].high += 7;
  run.keep({{Reported::head("flat/energy_import"), history::steady(begin, end, 250)},
            {Reported::head("meter/energy_import"), swapped},
            {Reported::head("roof/energy_produced"), history::steady(begin, end, 100)}});
  CHECK(run("").status == 0);
  const json data = run.data();
  CHECK(data["language"] == "nb");
  CHECK(data["zone"] == "Europe/Oslo");
  CHECK(data["groups"].size() == 2);
  CHECK(data["groups"][0]["rows"][0]["sum"] == 1500 * 3 * 96);
  CHECK(data["groups"][0]["rows"][1]["sum"] == 100 * 3 * 96);
  CHECK(data["groups"][1]["name"] == "Flat · Energy import");
  CHECK(data["swaps"][0][0] == "Main meter");
  CHECK(data["peaks"]["days"] == 2);
  CHECK(data["peaks"]["months"][0]["step"] == "4-8 kW");
}

TEST_CASE("report: a year of four values, while it is still written") {
  const Reported run;
  const history::PlayedYear year(oslo);
  auto journal =
      io::SqliteJournal::open(run.directory + "/history.db", io::SqliteJournal::Use::keep);
  REQUIRE(journal);
  REQUIRE((*journal)->write({{Reported::head("meter/energy_import"), year.bought},
                             {Reported::head("meter/energy_export"), year.sold},
                             {Reported::head("roof/energy_produced"), year.made},
                             {Reported::head("meter_water/water", "m³"), year.water}}));
  CHECK(run("--from 2026-01-01 --to 2027-01-01").status == 0);
  std::int64_t bought = 0;
  for (const Slot& slot : year.bought) bought += slot.value;
  const json data = run.data();
  CHECK(data["days"] == 365);
  CHECK(data["groups"][0]["rows"][0]["sum"] == bought);
  CHECK(data["groups"][1]["name"] == "Meter water");
  CHECK(data["peaks"]["months"].size() == 12);
}

namespace {

// A day of the program before: 3,600 W from 6 to 18, else 1,200; registers once an hour.
std::string day_file(const std::string& date, std::int64_t& register_wh) {
  std::string text;
  for (int n = 0; n < 8640; ++n) {
    std::string clock;
    append_utc(clock, Instant{std::chrono::seconds{n * 10}});
    const std::string watts = n / 360 >= 6 && n / 360 < 18 ? "3600" : "1200";
    if (n % 360 == 1) register_wh += n / 360 > 6 && n / 360 <= 18 ? 3600 : 1200;
    text += date + ',' + clock.substr(11, 8) + ",KFM_001,6970631404290470,MA304H3E," + watts +
            ",0,0,154,2700,386,2979,2391,0,2383," + std::to_string(register_wh) + ",0,1000,2000\n";
  }
  return text;
}

}  // namespace

TEST_CASE("report of files: what cannot be read is said, and no page is made") {
  const Reported run;
  const auto refused = [&](int status, const std::string& arguments, std::string_view words) {
    const Ended ended = run.shell("report -o " + run.file + ' ' + arguments);
    CAPTURE(ended.err);
    CHECK(ended.status == status);
    CHECK(says(ended.err, words));
    CHECK_FALSE(std::filesystem::exists(run.file));
  };
  const std::string table =
      "time,meter/energy_import[kWh]\n2026-03-01T00:00:00+01:00,1.000\n"
      "2026-03-01T00:15:00+01:00,1.000\n";
  const std::string good = run.shell.write("good.csv", table);
  refused(66, run.scratch / "none.csv", "none.csv");
  refused(65, run.shell.write("text", "what is this\n"), "neither a table");
  refused(65, run.shell.write("torn.csv", table + "2026-03-01T00:30:00+01:00,x\n"), "torn.csv:4");
  refused(64, good + " --zone Europe/Osl", "no such time zone");
  refused(64, good + " --config " + run.config, "config");
  refused(1, good + " --zone Europe/Oslo --from 2026-04-01",
          "nothing is known of that time: there is 2026-03-01 to 2026-03-01");
  refused(65,
          good + ' ' +
              run.shell.write("other.csv",
                              "time,meter/energy_import[kWh]\n"
                              "2026-03-01T00:00:00+01:00,2.000\n2026-03-01T00:15:00+01:00,2.000\n"),
          "there is no report");
}

TEST_CASE("report of files: a table that was exported shows what its history shows") {
  const Reported run;
  const history::PlayedYear year(oslo);
  run.keep({{Reported::head("meter/energy_import"), year.bought},
            {Reported::head("meter/energy_export"), year.sold},
            {Reported::head("roof/energy_produced"), year.made}});
  CHECK(run("").status == 0);
  const json kept = run.data();
  const std::string table = run.scratch / "table.csv";
  CHECK(run.shell("export --config " + run.config + " --to 2027-01-01 --step quarter -o " + table)
            .status == 0);
  const Ended ended = run.shell("report --zone Europe/Oslo -o " + run.file + ' ' + table);
  CHECK_MESSAGE(ended.status == 0, ended.err);
  const json data = run.data();
  CHECK(data["days"] == 365);
  for (std::size_t row = 0; row < 3; ++row) {
    CHECK(data["groups"][0]["rows"][row]["months"] == kept["groups"][0]["rows"][row]["months"]);
  }
  CHECK(data["peaks"]["has_steps"] == false);
}

TEST_CASE("report of files: day files of the program before, in any order") {
  const Reported run;
  std::int64_t register_wh = 100'000;
  const std::string first = run.shell.write("2025-10-24", day_file("2025-10-24", register_wh));
  const std::string second = run.shell.write("2025-10-25", day_file("2025-10-25", register_wh));
  const Ended ended =
      run.shell("report --zone Europe/Oslo -o " + run.file + ' ' + second + ' ' + first);
  CHECK_MESSAGE(ended.status == 0, ended.err);
  const json data = run.data();
  CHECK(data["first"] == 20385);
  CHECK(data["days"] == 2);
  const json& hours = data["groups"][0]["rows"][0]["hours"];
  CHECK(std::abs(hours[12].get<int>() - 3600) <= 15);
  CHECK(std::abs(hours[36].get<int>() - 3600) <= 15);
  CHECK(std::abs(hours[26].get<int>() - 1200) <= 15);
  CHECK(std::abs(data["base"]["all"].get<int>() - 1200) <= 15);
}
