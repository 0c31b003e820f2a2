// The settings of the history: what they become, and what is said of wrong ones.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/house_config.hpp"
#include "support/scratch.hpp"

using namespace gridtap;

namespace {

const std::string meter = "devices:\n  meter:\n    adapter: p1\n    line: tcp://127.0.0.1:2001\n";

struct Shelf {
  app::LoadedHouse load(const std::string& text) const {
    const std::string path = scratch / "config.yaml";
    std::ofstream(path) << text << meter;
    return app::load_house(path);
  }
  std::string problems(const std::string& text) const {
    std::string out;
    for (const Problem& problem : load(text).problems) out += to_text(problem, "F") + '\n';
    return out;
  }
  Scratch scratch;
};

}  // namespace

TEST_CASE("history settings: without a section none is kept") {
  CHECK_FALSE(Shelf().load("").house.history);
}

TEST_CASE("history settings: an empty section keeps the usual series for good, beside the state") {
  for (const char* empty : {"history: {}\n", "history:\n"}) {
    const auto history =
        Shelf().load("state_dir: /srv/gridtap\n" + std::string(empty)).house.history;
    REQUIRE(history);
    CHECK(history->directory == "/srv/gridtap/history");
    CHECK_FALSE(history->keep);
    CHECK(history->series == std::vector<std::string>{"default"});
  }
}

TEST_CASE("history settings: all of them are read") {
  const auto history = Shelf()
                           .load(
                               "history:\n  directory: /mnt/usb\n  keep: 3650d\n"
                               "  series: [default, meter/voltage_*, -meter/power_import_l*]\n")
                           .house.history;
  REQUIRE(history);
  CHECK(history->directory == "/mnt/usb");
  CHECK(history->keep == std::chrono::days(3650));
  CHECK(history->series ==
        std::vector<std::string>{"default", "meter/voltage_*", "-meter/power_import_l*"});
}

TEST_CASE("history settings: a house that is kept needs no broker") {
  CHECK_FALSE(Shelf().load("history: {}\n").house.has_broker);
  CHECK(Shelf().load("history: {}\nmqtt: {}\n").house.has_broker);
}

TEST_CASE("history settings: what is no number of days is refused") {
  for (const char* bad : {"0d", "10", "10h", "d", "-5d", "36501d", "99999999999d", "ever", "''"}) {
    CAPTURE(bad);
    CHECK(Shelf().problems("history: {keep: " + std::string(bad) + "}\n") ==
          "F:1:17: history.keep: write `all`, or a number of days as `3650d`\n");
  }
}

TEST_CASE("history settings: a series is a value as in its topic, of a device that can be there") {
  const auto of = [](const std::string& pattern) {
    return Shelf().problems("history: {series: [" + pattern + "]}\n");
  };
  const std::string form =
      "F:1:19: history.series: write `default`, or values as in their topics, `*` for any text: "
      "meter/voltage_*\n";
  for (const char* good : {"default", "-default", "meter/power_import", "'*/voltage_*'",
                           "meter_gas/gas", "gateway/relay_*", "'-met*/current_l1'"}) {
    CHECK(of(good) == "");
  }
  for (const char* bad : {"voltage_l1", "meter/", "/power", "meter/Power", "'*'", "a/b/c", "-"}) {
    CAPTURE(bad);
    CHECK(of(bad) == form);
  }
  CHECK(of("metre/power_import") ==
        "F:1:19: history.series: no device `metre` (did you mean `meter`?)\n");
}

TEST_CASE("history settings: a setting that is none is named") {
  CHECK(Shelf().problems("history: {directroy: /mnt}\n").find("did you mean `directory`?") !=
        std::string::npos);
}

TEST_CASE("history settings: a directory is a whole path on one line, or it is refused") {
  for (const char* bad : {"history", "~/history", "./history", "''"}) {
    CAPTURE(bad);
    CHECK(Shelf().problems("history: {directory: " + std::string(bad) + "}\n") ==
          "F:1:22: history.directory: write the whole path of a directory: "
          "/var/lib/gridtap/history\n");
    CHECK(Shelf().problems("history: {backup: {directory: " + std::string(bad) + "}}\n") ==
          "F:1:31: history.backup.directory: write the whole path of a directory on another "
          "disk\n");
  }
  CHECK(Shelf().problems("history: {directory: \"/srv/a\\nb\"}\n") ==
        "F:1:22: history.directory: write the path of a directory on one line\n");
  CHECK(Shelf().problems("history: {backup: {directory: \"/srv/a\\nb\"}}\n") ==
        "F:1:31: history.backup.directory: write the path of a directory on one line\n");
  CHECK(Shelf().load("history: {directory: /srv/a//}\n").house.history->directory == "/srv/a");
}

TEST_CASE("history settings: copies go to a directory of their own") {
  const auto of = [](const std::string& backup) {
    return Shelf().load("state_dir: /srv/g\nhistory: {backup: {" + backup + "}}\n");
  };
  const auto copies = of("directory: /mnt/usb/gridtap, keep: 30").house.history->copies;
  REQUIRE(copies);
  CHECK(copies->directory == "/mnt/usb/gridtap");
  CHECK(copies->keep == 30);
  CHECK(copies->files == std::vector<std::string>{"/srv/g/state", "/srv/g/state.old"});
  CHECK(of("directory: /mnt/usb").house.history->copies->keep == 7);
  for (const char* bad : {"keep: 3", "directory: usb", "directory: /srv/g/history",
                          "directory: /srv/g/", "directory: /mnt, keep: 0", "directry: /mnt"}) {
    CHECK_MESSAGE(!of(bad).problems.empty(), bad);
  }
}

TEST_CASE("history settings: copies beside the history, or nowhere, are warned of") {
  const Shelf shelf;
  const auto warning = [&](const std::string& directory) {
    std::string out;
    const auto loaded = shelf.load("state_dir: " + (shelf.scratch / "") +
                                   "\nhistory: {backup: {directory: " + directory + "}}\n");
    for (const Problem& each : loaded.place_warnings) out += to_text(each, "F") + '\n';
    return out;
  };
  std::filesystem::create_directory(shelf.scratch / "copies");
  CHECK(warning(shelf.scratch / "copies").find("on the same file system") != std::string::npos);
  CHECK(warning(shelf.scratch / "away").find("mount its disk") != std::string::npos);
  CHECK(warning("/proc").find("history.backup") == std::string::npos);
}

TEST_CASE("history settings: day files are off, and have all settings where they are on") {
  const auto of = [](const std::string& text) {
    return Shelf().load("state_dir: /srv/g\nhistory:\n" + text).house.history->day_files;
  };
  CHECK_FALSE(of("  keep: all\n"));
  for (const char* empty : {"  day_files: {}\n", "  day_files:\n"}) {
    const auto files = of(empty);
    REQUIRE(files);
    CHECK(files->directory == "/srv/g/history/days");
    CHECK(files->interval == std::chrono::seconds(10));
    CHECK(files->keep == std::chrono::days(30));
  }
  const auto files = of("  day_files: {interval: 1min, keep: all, directory: /mnt/usb/days}\n");
  CHECK(files->directory == "/mnt/usb/days");
  CHECK(files->interval == std::chrono::seconds(60));
  CHECK_FALSE(files->keep);
  CHECK(of("  directory: /mnt/h\n  day_files: {interval: 15min, keep: 5d}\n")->directory ==
        "/mnt/h/days");
}

TEST_CASE("history settings: what is wrong with day files is said with its place") {
  const auto of = [](const std::string& text) {
    return Shelf().problems(
        "state_dir: /srv/g\nhistory: {backup: {directory: /mnt/b}, day_files: {" + text + "}}\n");
  };
  const std::string place = "F:2:";
  CHECK(of("interval: 10s") == "");
  for (const char* bad :
       {"interval: 999ms", "interval: 16min", "interval: 10", "interval: often", "interval: 1500ms",
        "keep: 0d", "keep: 30", "directory: days", "directory: ''", "directory: \"/a\\nb\"",
        "directory: /srv/g", "directory: /srv/g/history", "directory: /mnt/b", "intervall: 10s"}) {
    CAPTURE(bad);
    CHECK(of(bad).starts_with(place));
    CHECK(of(bad).find("history.day_files.") != std::string::npos);
  }
  CHECK(of("interval: 1500ms")
            .ends_with("history.day_files.interval: write whole seconds, as `10s`\n"));
  CHECK(
      of("directory: /srv/g")
          .ends_with("history.day_files.directory: the day files need a directory of their own\n"));
  CHECK(of("intervall: 10s").find("did you mean `interval`?") != std::string::npos);
}

TEST_CASE("history settings: copies in the directory of the history, or around it, are warned of") {
  const Shelf shelf;
  const auto warning = [&](const std::string& history, const std::string& copies) {
    std::string out;
    const auto loaded = shelf.load("history:\n  directory: " + history +
                                   "\n  backup: {directory: " + copies + "}\n");
    for (const Problem& each : loaded.place_warnings) {
      if (each.key == "history.backup.directory") out += to_text(each, "F") + '\n';
    }
    return out;
  };
  const std::string outer = shelf.scratch / "outer", inner = outer + "/inner";
  std::filesystem::create_directories(inner);
  const std::string remedy = ": give the copies a directory of their own, on another disk\n";
  CHECK(warning(outer, inner) == "F:3:23: history.backup.directory: " + inner +
                                     " lies in the directory of the history, and goes with it" +
                                     remedy);
  CHECK(warning(inner, outer) == "F:3:23: history.backup.directory: the history lies in " + outer +
                                     ", and goes with its copies" + remedy);
  std::filesystem::create_directory_symlink(inner, shelf.scratch / "link");
  CHECK(warning(outer, shelf.scratch / "link").find("lies in the directory of the history") !=
        std::string::npos);
  CHECK(warning(outer, outer + "_copies").find("no such directory") != std::string::npos);
}

TEST_CASE("history settings: a pattern that fits no device of the configuration is warned of") {
  const auto warned = [](const std::string& pattern) {
    const auto loaded = Shelf().load("history: {series: [default, \"" + pattern + "\"]}\n");
    CHECK(loaded.problems.empty());
    return std::any_of(
        loaded.place_warnings.begin(), loaded.place_warnings.end(), [&](const Problem& each) {
          return to_text(each, "F") == "F:1:19: history.series: " + pattern +
                                           ": no device of this configuration has such a name";
        });
  };
  for (const char* there :
       {"*/power", "m*/power", "meter*/gas", "meter_*/gas", "*_gas/gas", "*water*/x",
        "-m*r/voltage_*", "gate*/uptime", "*meter_*_7/x", "*x/power", "me*a/x"}) {
    CHECK_MESSAGE(!warned(there), there);
  }
  for (const char* nowhere : {"heat*/power", "metre*/gas", "-s*/power", "x*meter/power"}) {
    CHECK_MESSAGE(warned(nowhere), nowhere);
  }
}

TEST_CASE("history settings: day files on a disk that is away are warned of") {
  const Shelf shelf;
  const auto warning = [&](const std::string& day_files) {
    std::string out;
    const auto loaded = shelf.load("state_dir: " + (shelf.scratch / "") +
                                   "\nhistory: {day_files: {" + day_files + "}}\n");
    for (const Problem& each : loaded.place_warnings) out += to_text(each, "F") + '\n';
    return out;
  };
  const std::string away = shelf.scratch / "usb/days";
  CHECK(warning("directory: " + away)
            .find("history.day_files.directory: " + away + ": no such directory: mount its disk") !=
        std::string::npos);
  CHECK(warning("directory: " + (shelf.scratch / "days")).find("day_files") == std::string::npos);
  CHECK(warning("interval: 10s").find("day_files") == std::string::npos);
}
