// A copy of the history is restored by what docs/history.md says, word by word: only paths are
// others, and `sudo` is played, which says what is done with the service and gives no file away.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "io/journal_backup.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;

// 2025-11-03T00:00:00Z
constexpr SlotTime first{Quarters{1'762'128'000 / 900}};

// The commands below a line of a page.
std::string commands_below(const std::string& page, const std::string& line) {
  const std::string text = content(GRIDTAP_SOURCE_DIR "/docs/" + page);
  const std::string begin = "```sh\n", end = "```\n";
  const std::size_t at = text.find(begin, text.find(line));
  REQUIRE(at != text.npos);
  const std::size_t from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size(), ++count) {
    text.replace(at, what.size(), with);
  }
  CHECK_MESSAGE(count > 0, what);
}

// `install` gives files to the user gridtap, whom a test does not have.
constexpr const char* played_sudo = R"(#!/bin/sh
echo "$@" >>"$DONE"
case $1 in
  systemctl) exit 0 ;;
  install) shift; set -- "$@" end
    while [ "$1" != end ]; do
      case $1 in -o | -g) shift 2 ;; *) set -- "$@" "$1"; shift ;; esac
    done
    shift
    exec install "$@" ;;
esac
exec "$@"
)";

struct House {
  House() {
    for (const std::string& path : {state, usb}) fs::create_directories(path);
    config =
        shell.write("config.yaml", "time_zone: UTC\nstate_dir: " + state +
                                       "\nhistory:\n  backup: {directory: " + usb +
                                       "}\ndevices:\n  meter: {adapter: p1, line: /dev/null}\n");
  }
  void keep(std::int64_t quarter, std::int64_t wh) const {
    auto journal = io::SqliteJournal::open(file, io::SqliteJournal::Use::keep);
    REQUIRE_MESSAGE(journal, (journal ? "" : journal.error().detail));
    REQUIRE((*journal)->write({{{"meter/energy_import", "kWh", SeriesKind::growth, -3},
                                {{first + Quarters{quarter}, wh, 0, wh, 900}}}}));
  }
  void back_up(const std::string& day) const {
    auto journal = io::SqliteJournal::open(file, io::SqliteJournal::Use::keep);
    REQUIRE(journal);
    REQUIRE(io::back_up(**journal, {usb, 7, {state + "/state"}}, day));
  }
  int run(const std::string& commands) const {
    const std::string bin = scratch / "bin";
    fs::create_directory(bin);
    fs::rename(shell.write("sudo", played_sudo), bin + "/sudo");
    fs::permissions(bin + "/sudo", fs::perms::owner_all);
    const std::string script = shell.write("commands", "set -e\n" + commands);
    return std::system(("DONE=" + done + " PATH=" + bin + ":$PATH sh " + script).c_str());
  }

  Scratch scratch;
  CommandLine shell;
  std::string state = scratch / "state", usb = scratch / "usb", done = scratch / "done", config;
  std::string file = state + "/history/history.db";
};

}  // namespace

TEST_CASE("restore: a copy that is put back as the page says is the history again") {
  const House house;
  {
    std::ofstream(house.state + "/state") << "as it was that night";
  }
  fs::create_directory(house.state + "/history");
  house.keep(0, 250);
  house.back_up("2026-11-30");
  SUBCASE("over one that is damaged, and what it has beside it") {
    for (const char* part : {"", "-wal", "-shm"}) std::ofstream(house.file + part) << "rubbish";
  }
  SUBCASE("on another machine, on which there is nothing") { fs::remove_all(house.state); }
  fs::create_directory(house.state);
  std::string commands = commands_below("history.md", "To restore a copy");
  replace_all(commands, "/var/lib/gridtap", house.state);
  replace_all(commands, "/mnt/usb/gridtap/", house.usb + '/');
  CHECK(house.run(commands) == 0);
  const std::string said = content(house.done);
  CHECK(said.starts_with("systemctl stop gridtap\n"));
  CHECK(said.ends_with("\nsystemctl start gridtap\n"));
  CHECK(content(house.state + "/state") == "as it was that night");
  const Ended ended = house.shell("export --config " + house.config + " --step quarter");
  CHECK(ended.status == 0);
  CHECK(ended.err == "");
  CHECK(ended.out == "time,meter/energy_import[kWh]\n2025-11-03T00:00:00+00:00,0.250\n");
  house.keep(1, 100);  // it goes on
  CHECK(house.shell("export --config " + house.config + " --step day").out.find(",0.350\n") !=
        std::string::npos);
}
