// `gridtap import`: what is refused and leaves the history as it was, then tables and day files.

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "io/sqlite_journal.hpp"
#include "io/state_lock.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

// 2025-11-20T00:00:00+01:00
constexpr SlotTime first{Quarters{1'763'593'200 / 900}};
const std::string energy = "time,meter/energy_import[kWh]\n";

struct Import {
  explicit Import(const std::string& devices = "{meter: {adapter: han, line: /dev/null}}",
                  const std::string& settings = "{}") {
    std::filesystem::create_directory(state);
    config = shell.write("config.yaml", "time_zone: Europe/Oslo\nstate_dir: " + state +
                                            "\nhistory: " + settings +
                                            "\nmqtt: {}\ndevices: " + devices + '\n');
  }
  std::string file(const std::string& name, const std::string& text) const {
    return shell.write(name, text);
  }
  Ended operator()(const std::string& arguments) const {
    return shell("import --config " + config + ' ' + arguments);
  }
  std::vector<Slot> slots(const std::string& series) const {
    auto journal =
        io::SqliteJournal::open(state + "/history/history.db", io::SqliteJournal::Use::look);
    if (!journal) return {};
    return (*journal)->read(series, SlotTime{}, first + std::chrono::days{40'000}).value();
  }

  CommandLine shell;
  Scratch scratch;
  std::string state = scratch / "state", config;
};

std::string row(int quarter, const std::string& value) {
  std::string text;
  append(text, Timestamp{first + Quarters{quarter}, std::chrono::minutes{60}});
  return text + ',' + value + '\n';
}

// A day of the program before: 12 W all the time, a register each hour.
std::string day_file(int day) {
  std::string text;
  for (int n = 0; n < 8640; ++n) {
    std::string clock;
    append_utc(clock, Instant{std::chrono::seconds{n * 10}});
    const int hours = 24 * day + (n * 10 - 10 >= 0 ? (n * 10 - 10) / 3600 : -1);
    text += "2025-10-" + std::to_string(20 + day) + ',' + clock.substr(11, 8) +
            ",KFM_001,6970631400000001,MA304H3E,12,0,0,154,2700,386,2979,2391,0,2383," +
            std::to_string(100'000 + 12 * hours) + ",0,482221,9891\n";
  }
  return text;
}

bool says(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

}  // namespace

TEST_CASE("import: while the daemon runs it is status 71, and says what to do") {
  const Import run;
  const auto daemon = io::StateLock::take(run.state);
  REQUIRE(daemon.lock);
  const Ended ended = run(run.file("a.csv", energy + row(0, "1") + row(1, "2")));
  CHECK(ended.status == 71);
  CHECK(says(ended.err, "is running"));
  CHECK(says(ended.err, "systemctl stop gridtap"));
  CHECK(run.slots("meter/energy_import").empty());
}

TEST_CASE("import: files that are none of ours are refused with what would be one") {
  const Import run;
  CHECK(run("/nonexistent/x.csv").status == 66);
  CHECK(run(run.state).status == 66);
  for (const std::string text : {"", "date;kWh\n", "\x01\x02\x03"}) {
    const Ended ended = run(run.file("odd.csv", text));
    CHECK(ended.status == 65);
    CHECK(says(ended.err, "odd.csv:1: neither a table"));
  }
  const Ended endless = run(run.file("long.csv", std::string(100'000, 'x')));
  CHECK(endless.status == 65);
  CHECK(says(endless.err, "a line of more than 64 kB"));
  CHECK(run("").status == 64);
}

TEST_CASE("import: a table becomes part of the history, and twice it changes nothing") {
  const Import run;
  const std::string file = run.file("a.csv", energy + row(0, "0.25") + row(1, "0.5"));
  const Ended once = run(file);
  CHECK(once.err.empty());
  CHECK(once.status == 0);
  CHECK(once.out == "imported 2 quarter-hours of 1 value: 2025-11-20 to 2025-11-20\n");
  const std::vector<Slot> expected = {{first, 250, {}, {}, 900},
                                      {first + Quarters{1}, 500, {}, {}, 900}};
  CHECK(run.slots("meter/energy_import") == expected);
  CHECK(run(file + ' ' + file).out == "nothing of it is new\n");
  CHECK(run.slots("meter/energy_import") == expected);
}

TEST_CASE("import: a number that contradicts the history is refused with its line, and all of it") {
  const Import run;
  run(run.file("a.csv", energy + row(0, "0.25") + row(1, "0.5")));
  const Ended ended =
      run(run.file("b.csv", energy + row(2, "1") + row(0, "0.25") + row(1, "0.75")));
  CHECK(ended.status == 65);
  CHECK(says(ended.err,
             "b.csv:4: meter/energy_import has 0.750 kWh at 2025-11-20T00:15:00+01:00, "
             "where 0.500 kWh is known already (a quarter of an hour, where a table of hours "
             "brought it: import quarter-hours and day files before the hours): nothing was "
             "imported"));
  CHECK(run.slots("meter/energy_import").size() == 2);
}

TEST_CASE("import: what is wrong in a table is said with its place") {
  const Import run;
  const auto refused = [&](const std::string& text, std::string_view words) {
    const Ended ended = run(run.file("bad.csv", text));
    CAPTURE(ended.err);
    CHECK(ended.status == 65);
    CHECK(says(ended.err, words));
  };
  refused("time,meter/unheard_of[kWh]\n", "bad.csv:1: the column");
  refused(energy + row(0, "x"), "bad.csv:2: `x` is no number");
  refused(energy + row(0, "1") + row(96, "2"), "--step quarter");
}

TEST_CASE("import: odd lines are left out, told, and the rest is there") {
  const Import run;
  const Ended ended =
      run(run.file("a.csv", energy + row(0, "1") + "2025-11-20T00:3\n" + row(1, "2")));
  CHECK(ended.status == 0);
  CHECK(says(ended.err, "a.csv:3: 1 fields instead of 2, it was torn: left out"));
  CHECK(run.slots("meter/energy_import").size() == 2);
}

TEST_CASE("import: a last line that was cut off in its number is left out, and told") {
  const Import run;
  const std::string table = energy + row(0, "12.34") + row(1, "12.34") + row(2, "12.34");
  const Ended ended = run(run.file("a.csv", table.substr(0, table.size() - 2)));
  CHECK(ended.status == 0);
  CHECK(says(ended.err, "a.csv:4: the last line is cut off, it has no end: left out"));
  CHECK(run.slots("meter/energy_import").size() == 2);
  const std::string day = day_file(0);
  const Ended torn = run(run.file("2025-10-20.txt", day.substr(0, day.size() - 3)));
  CHECK(torn.status == 0);
  CHECK(says(torn.err, "2025-10-20.txt:8640: the last line is cut off"));
}

TEST_CASE("import: day files of the only HAN meter, in any order, all at once") {
  const Import run;
  const std::string first_day = run.file("2025-10-20.txt", day_file(0)),
                    second_day = run.file("2025-10-21.txt", day_file(1));
  const Ended ended = run(second_day + ' ' + first_day);
  CHECK(ended.err.empty());
  CHECK(ended.status == 0);
  const auto power = run.slots("meter/power_import");
  CHECK(power.size() == 192);
  std::int64_t sum = 0;
  for (const Slot& each : run.slots("meter/energy_import")) sum += each.value;
  CHECK(sum == 12 * 47);
  CHECK(run.slots("meter/voltage_l1").empty());  // nobody asked for it
  CHECK(run(first_day + ' ' + second_day).out == "nothing of it is new\n");
  CHECK(run(second_day).status == 0);  // less of it is known in it alone
  CHECK(run.slots("meter/power_import") == power);
}

TEST_CASE("import: where a day file may be of several meters, or of a zone, it must be said") {
  const Import run("{meter: {adapter: p1, line: /dev/null}}");
  const std::string day = run.file("2025-10-20.txt", day_file(0));
  CHECK(run(day).status == 64);
  CHECK(says(run(day).err, "--device"));
  CHECK(run("--device 'My Meter' " + day).status == 64);
  CHECK(says(run("--device old --zone Mars " + day).err, "no such time zone"));
  const Ended taken = run("--device metr --zone Europe/London " + day);
  CHECK(taken.status == 0);
  CHECK(says(taken.err, "--device metr: there is no such device in " + run.config +
                            ", did you mean meter? (taken over all the same)"));
  CHECK(run.slots("metr/power_import").front().start ==
        slot_of(std::chrono::sys_days{std::chrono::year{2025} / 10 / 20} - std::chrono::hours{1}));
}

TEST_CASE("import: what was exported can be imported again, and changes nothing") {
  const Import run;
  std::string text = energy;
  for (int n = 0; n < 3000; ++n) text += row(n, n % 7 == 0 ? "" : std::to_string(n % 5) + ".125");
  run(run.file("a.csv", text));
  const std::string file = run.file("b.csv", "");
  const Ended exported = run.shell("export --config " + run.config + " --step quarter -o " + file);
  CHECK(exported.status == 0);
  CHECK(run(file).out == "nothing of it is new\n");
}

TEST_CASE("import: by root it leaves nothing of root's in the directory of the daemon") {
  if (::geteuid() != 0) return;
  const Import run;
  REQUIRE(::chown(run.state.c_str(), 65'534, 65'533) == 0);
  CHECK(run(run.file("a.csv", energy + row(0, "1") + row(1, "2"))).status == 0);
  std::size_t files = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(run.state)) {
    CAPTURE(each.path().string());
    struct stat found{};
    REQUIRE(::lstat(each.path().c_str(), &found) == 0);
    CHECK(found.st_uid == 65'534);
    CHECK(found.st_gid == 65'533);
    ++files;
  }
  CHECK(files == 3);  // the lock, the directory of the history, and its file
}

TEST_CASE("import: a table of years to come is refused with its line, and --to leaves it out") {
  const Import run;
  const std::string late = "2098-01-01T00:00:00+01:00,3\n";
  const std::string file = run.file("a.csv", energy + row(0, "1") + row(1, "2") + late);
  const Ended refused = run(file);
  CHECK(refused.status == 65);
  CHECK(says(refused.err, "a.csv:4: 2098-01-01T00:00:00+01:00 is in the future, it is 20"));
  CHECK(says(refused.err, "is a clock wrong, or its --zone? With --to 20"));
  CHECK(says(refused.err, "nothing was imported"));
  CHECK(run.slots("meter/energy_import").empty());
  const Ended ended = run("--to 2030-01-01 " + file);
  CHECK(ended.status == 0);
  CHECK(ended.out ==
        "1 quarter-hours outside of --from and --to left out\n"
        "imported 2 quarter-hours of 1 value: 2025-11-20 to 2025-11-20\n");
}

TEST_CASE("import: day files of a meter whose clock is years ahead are refused with their line") {
  const Import run;
  std::string day = day_file(0);
  for (std::size_t at = 0; (at = day.find("2025-10-20", at)) != std::string::npos;) {
    day.replace(at, 4, "2095");
  }
  const std::string file = run.file("2095-10-20.txt", day);
  const Ended refused = run(file);
  CHECK(refused.status == 65);
  CHECK(says(refused.err, "2095-10-20.txt:1: 2095-10-20T00:00:00+0"));
  CHECK(run("--to 2090-01-01 " + file).out.ends_with("nothing of it is new\n"));
}

TEST_CASE("import: --from and --to say what is taken, and a time that is none is refused") {
  const Import run;
  std::string text = energy;
  for (int n = 0; n < 96; ++n) text += row(n, "0.1");
  const std::string file = run.file("a.csv", text);
  const Ended ended =
      run("--from 2025-11-20T06:00:00+01:00 --to 2025-11-20T12:00:00+01:00 " + file);
  CHECK(ended.out ==
        "72 quarter-hours outside of --from and --to left out\n"
        "imported 24 quarter-hours of 1 value: 2025-11-20 to 2025-11-20\n");
  const auto slots = run.slots("meter/energy_import");
  REQUIRE(slots.size() == 24);
  CHECK(slots.front().start == first + Quarters{24});
  for (const char* range :
       {"--from 2025-11", "--to 2025-02-30", "--from 2025-12-01 --to 2025-11-01"}) {
    CAPTURE(range);
    CHECK(run(std::string(range) + ' ' + file).status == 64);
  }
  CHECK(says(run("--to 2025-02-30 " + file).err,
             "--to is `2025-02-30`, no day: write --to=2026-11-01, or "
             "--to=2026-11-01T12:00:00+01:00"));
}

TEST_CASE("import: a table of hours of what is there by quarters changes nothing") {
  const Import run;
  std::string text = "time,meter/energy_import[kWh],meter/power_import[W]\n";
  for (int n = 0; n < 400; ++n) {
    text += row(n, std::to_string(n % 5) + ".125," + std::to_string(n % 7 * 100) + ".3");
  }
  run(run.file("a.csv", text));
  const auto before = run.slots("meter/energy_import");
  const auto exported = [&](const std::string& options) {
    const std::string file = run.scratch / "b.csv";
    CHECK(run.shell("export --config " + run.config + " -o " + file + ' ' + options).status == 0);
    return file;
  };
  const std::string hours = exported("--step hour");
  const Ended again = run(hours);
  CHECK(again.out == "nothing of it is new\n");
  CHECK(again.err.empty());
  CHECK(run.slots("meter/energy_import") == before);
  CHECK(run(exported("--step hour --decimal comma")).out == "nothing of it is new\n");
  for (const char* step : {"day", "month"}) {
    const Ended refused =
        run(exported("--from 2025-10-01 --to 2026-02-01 --step " + std::string(step)));
    CHECK(refused.status == 65);
    CHECK(says(refused.err, std::string("its lines are ") + step + "s, which cannot be shared"));
  }
}

TEST_CASE("import: of a table of hours those that are absent are taken, another value is refused") {
  const Import run;
  run(run.file("a.csv", energy + row(4, "0.1") + row(5, "0.2") + row(6, "0.3") + row(7, "0.4")));
  const Ended taken = run(run.file("b.csv", energy + row(0, "0.8") + row(4, "1.0") + row(8, "2")));
  CHECK(taken.err.empty());
  CHECK(taken.out == "imported 8 quarter-hours of 1 value: 2025-11-20 to 2025-11-20\n");
  const auto slots = run.slots("meter/energy_import");
  REQUIRE(slots.size() == 12);
  CHECK(slots[0].value == 200);
  CHECK(slots[5].value == 200);
  CHECK(slots[6].value == 300);
  CHECK(slots[11].value == 500);
  const Ended refused = run(run.file("c.csv", energy + row(0, "0.8") + row(4, "1.1")));
  CHECK(refused.status == 65);
  CHECK(says(refused.err,
             "c.csv:3: meter/energy_import has 1.100 kWh at 2025-11-20T01:00:00+01:00, where "
             "1.000 kWh is known already: nothing was imported"));
}

TEST_CASE("import: what is older than the history keeps is told to go again") {
  const std::string table = energy + row(0, "1") + row(1, "2");
  const Import brief("{meter: {adapter: han, line: /dev/null}}", "{keep: 2d}");
  const Ended ended = brief(brief.file("a.csv", table));
  CHECK(ended.status == 0);
  CHECK(ended.err ==
        "history.keep is 2d: of 2025-11-20 to 2025-11-20 what is older goes again, at night\n");
  const Import lasting("{meter: {adapter: han, line: /dev/null}}", "{keep: 36500d}");
  CHECK(lasting(lasting.file("a.csv", table)).err.empty());
}
