// Whole copies, night after night: each is all of it, or not there; never onto a disk that is not.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "io/journal_backup.hpp"
#include "journal_rig.hpp"

using namespace gridtap;
using io::back_up;

namespace {

namespace fs = std::filesystem;

struct Copies : JournalRig {
  io::BackupPlace place{scratch / "disk", 3, {scratch / "state", scratch / "state.old"}};

  Copies() {
    fs::create_directory(place.directory);
    std::ofstream(scratch / "state") << "what was known";
    open();
    write(energy(), {slot_at(0, 5), slot_at(1, 7)});
  }
  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(place.directory)) {
      all.insert(entry.path().filename());
    }
    return all;
  }
  std::string in_copy(const std::string& day, const std::string& name) const {
    return place.directory + "/gridtap-" + day + '/' + name;
  }
};

}  // namespace

TEST_CASE("copies: the history and the state, in a directory with the day in its name") {
  Copies rig;
  REQUIRE(back_up(*rig.journal, rig.place, "2026-11-30"));
  CHECK(rig.names() == std::set<std::string>{"gridtap-2026-11-30"});
  CHECK(bytes_of(rig.in_copy("2026-11-30", "state")) == "what was known");
  CHECK_FALSE(fs::exists(rig.in_copy("2026-11-30", "state.old")));
  const auto copy = io::SqliteJournal::open(rig.in_copy("2026-11-30", "history.db"),
                                            io::SqliteJournal::Use::look);
  REQUIRE(copy);
  CHECK((*copy)->read("meter/energy_import", quarter(0), quarter(9))->size() == 2);
}

TEST_CASE("copies: put back as the manual says, a copy is the history again") {
  Copies rig;
  REQUIRE(back_up(*rig.journal, rig.place, "2026-11-30"));
  rig.journal.reset();
  for (const char* name : {"history.db", "history.db-wal", "history.db-shm", "state"}) {
    fs::remove(fs::path(rig.file).parent_path() / name);
  }
  fs::copy_file(rig.in_copy("2026-11-30", "history.db"), rig.file);
  fs::copy_file(rig.in_copy("2026-11-30", "state"), rig.scratch / "state");
  rig.open();
  CHECK(rig.read("meter/energy_import", 0, 9).size() == 2);
  rig.write(energy(), {slot_at(2, 1)});
  CHECK(rig.read("meter/energy_import", 0, 9).size() == 3);
}

TEST_CASE("copies: the oldest go, and what is no copy of ours stays") {
  Copies rig;
  std::ofstream(rig.place.directory + "/holiday.jpg") << "sea";
  fs::create_directory(rig.place.directory + "/gridtap-old-photos");
  for (const char* day : {"2026-11-29", "2026-12-01", "2026-11-30", "2026-12-02"}) {
    REQUIRE(back_up(*rig.journal, rig.place, day));
  }
  CHECK(rig.names() == std::set<std::string>{"gridtap-2026-11-30", "gridtap-2026-12-01",
                                             "gridtap-2026-12-02", "gridtap-old-photos",
                                             "holiday.jpg"});
}

TEST_CASE("copies: one of a day to come, by a clock that was wrong, pushes no other one out") {
  Copies rig;
  rig.place.keep = 1;
  fs::create_directory(rig.place.directory + "/gridtap-2099-01-01");
  REQUIRE(back_up(*rig.journal, rig.place, "2026-11-30"));
  REQUIRE(back_up(*rig.journal, rig.place, "2026-12-01"));
  CHECK(rig.names() == std::set<std::string>{"gridtap-2026-12-01", "gridtap-2099-01-01"});
}

TEST_CASE("copies: what an interrupted one left is no copy, and does not hinder the next") {
  Copies rig;
  fs::create_directories(rig.place.directory + "/.gridtap-copy/history.db");
  REQUIRE(back_up(*rig.journal, rig.place, "2026-11-30"));
  CHECK(rig.names() == std::set<std::string>{"gridtap-2026-11-30"});
}

TEST_CASE("copies: one a day; a restart makes no second one") {
  Copies rig;
  REQUIRE(back_up(*rig.journal, rig.place, "2026-11-30"));
  std::ofstream(rig.scratch / "state") << "something newer";
  REQUIRE(back_up(*rig.journal, rig.place, "2026-11-30"));
  CHECK(bytes_of(rig.in_copy("2026-11-30", "state")) == "what was known");
}

TEST_CASE("copies: when one was made is known, from the newest that is there") {
  Copies rig;
  CHECK_FALSE(io::newest_copy(rig.place));
  const Instant before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto made = back_up(*rig.journal, rig.place, "2026-11-30");
  REQUIRE(made);
  CHECK(*made >= before);
  CHECK(io::newest_copy(rig.place) == *made);
  const std::string copy = rig.in_copy("2026-11-30", "history.db");
  fs::last_write_time(copy, fs::last_write_time(copy) - std::chrono::hours{30});
  CHECK(io::newest_copy(rig.place) == **made - std::chrono::hours{30});
  CHECK(back_up(*rig.journal, rig.place, "2026-11-30") == **made - std::chrono::hours{30});
  fs::create_directory(rig.place.directory + "/gridtap-2098-01-01");  // by a clock that was wrong
  CHECK(io::newest_copy(rig.place) == **made - std::chrono::hours{30});
  rig.place.directory += "/no/such";
  CHECK_FALSE(io::newest_copy(rig.place));
}

TEST_CASE("copies: a directory that is not there is never made: its disk is not mounted") {
  Copies rig;
  rig.place.directory = rig.scratch / "stick/gridtap";
  const auto done = back_up(*rig.journal, rig.place, "2026-11-30");
  REQUIRE_FALSE(done);
  CHECK(done.error().detail.find("is its disk mounted?") != std::string::npos);
  CHECK_FALSE(fs::exists(rig.scratch / "stick"));
}

TEST_CASE("copies: nothing is written below a mount point whose disk is away") {
  const Scratch scratch;
  const std::string stick = scratch / "stick";
  fs::create_directories(stick + "/gridtap");
  const std::string row = "UUID=1-2 " + stick + " vfat nofail 0 2\n";
  for (const std::string& inside : {stick, stick + "/gridtap"}) {
    CHECK(io::place_problem(inside, "# disks\n\n" + row) ==
          inside + ": the disk of " + stick + " is not mounted");
    CHECK(io::place_problem(inside, "#" + row) == "");
    CHECK(io::place_problem(inside, "UUID=1-2 " + stick + "y vfat\n") == "");
    CHECK(io::place_problem(inside, "/dev/root / ext4\nproc /proc proc\nhalf\n") == "");
  }
}
