// The file of the history is moved, removed or replaced while it is written: nothing that was
// committed is lost to the moved one, and what is there now goes on.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "io/aside.hpp"
#include "io/file_mark.hpp"
#include "journal_rig.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;

struct Moved : JournalRig {
  std::string away = scratch / "away.db";

  // A day in its lasting place, and an hour beside the file.
  Moved() {
    file = scratch / "history/history.db";
    open();
    std::vector<Slot> slots;
    for (int n = 0; n < 96; ++n) slots.push_back(slot_at(n, n));
    write(energy(), slots);
    tidy(96, 0);
    write(energy(), {slot_at(96, 96), slot_at(97, 97)});
  }
  static std::size_t count(const std::string& path) {
    const auto other = io::SqliteJournal::open(path, io::SqliteJournal::Use::look);
    REQUIRE_MESSAGE(other, (other ? "" : other.error().detail));
    return (*other)->read("meter/energy_import", quarter(0), quarter(1000))->size();
  }
  std::vector<std::string> left() const {
    std::vector<std::string> paths;
    for (const auto& each : fs::directory_iterator(fs::path(file).parent_path())) {
      if (each.path().string().find(".left-") != std::string::npos) paths.push_back(each.path());
    }
    return paths;
  }
};

}  // namespace

TEST_CASE("moved: the moved file has all that was committed, and a new one begins; said once") {
  Moved rig;
  fs::rename(rig.file, rig.away);
  rig.write(energy(), {slot_at(98, 98)});
  CHECK(rig.journal->take_notice() ==
        rig.file + " was moved, removed or replaced: what is there now goes on");
  CHECK(Moved::count(rig.away) == 98);
  CHECK(rig.read("meter/energy_import", 0, 1000) == std::vector{slot_at(98, 98)});
  rig.write(energy(), {slot_at(99, 99)});
  CHECK(rig.journal->take_notice().empty());
  CHECK(rig.left().empty());
  rig.journal.reset();
  CHECK(Moved::count(rig.file) == 2);
  CHECK(Moved::count(rig.away) == 98);
}

TEST_CASE("moved: with its directory, it has all, too") {
  Moved rig;
  fs::rename(rig.scratch / "history", rig.scratch / "old");
  rig.write(energy(), {slot_at(98, 98)});
  CHECK(Moved::count(rig.scratch / "old/history.db") == 98);
  CHECK(Moved::count(rig.file) == 1);
}

TEST_CASE("moved: shortly before the end, or before it is opened again, it has all") {
  Moved rig;
  fs::rename(rig.file, rig.away);
  SUBCASE("the end") { rig.journal.reset(); }
  SUBCASE("opened again") { rig.open(); }
  CHECK(Moved::count(rig.away) == 98);
}

TEST_CASE("moved: while another program reads it, what is beside it is kept for it") {
  Moved rig;
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open_v2(rig.file.c_str(), &other, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN; SELECT * FROM recent", nullptr, nullptr, nullptr) ==
          SQLITE_OK);
  rig.write(energy(), {slot_at(98, 98)});
  fs::rename(rig.file, rig.away);
  rig.write(energy(), {slot_at(99, 99)});
  sqlite3_close(other);
  const auto left = rig.left();
  REQUIRE(left.size() == 1);
  CHECK(rig.journal->take_notice().ends_with("; what it got last is in " + left[0] +
                                             ", and counts beside it as its -wal"));
  fs::rename(left[0], rig.away + "-wal");
  CHECK(Moved::count(rig.away) == 99);
  CHECK(Moved::count(rig.file) == 1);
}

TEST_CASE("moved: to another disk, which is a copy and a removal, it can be made whole") {
  Moved rig;
  fs::copy_file(rig.file, rig.away);
  fs::remove(rig.file);
  rig.write(energy(), {slot_at(98, 98)});
  REQUIRE(rig.left().size() == 1);
  fs::rename(rig.left()[0], rig.away + "-wal");
  CHECK(Moved::count(rig.away) == 98);
  CHECK(Moved::count(rig.file) == 1);
}

TEST_CASE("moved: after a kill, what is beside no file is kept and belongs to no new one") {
  Moved rig;
  fs::rename(rig.file, rig.away);
  const std::string beside = bytes_of(rig.file + "-wal");
  fs::create_directory(rig.scratch / "next");
  rig.file = rig.scratch / "next/history.db";
  {
    std::ofstream(rig.file + "-wal", std::ios::binary) << beside;
  }
  auto opened = io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::keep);
  REQUIRE(opened);
  CHECK((*opened)->series()->empty());
  REQUIRE(rig.left().size() == 1);
  CHECK(bytes_of(rig.left()[0]) == beside);
  CHECK((*opened)->take_notice() ==
        rig.file + " is not there any more: a new one begins; what it " + "got last is in " +
            rig.left()[0] + ", and counts beside it as its -wal");
}

TEST_CASE("moved: who only looks follows without a trace") {
  Moved rig;
  const auto other = io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::look);
  REQUIRE(other);
  fs::rename(rig.file, rig.away);
  CHECK_FALSE((*other)->read("meter/energy_import", quarter(0), quarter(1000)));
  CHECK(fs::exists(rig.file + "-wal"));
  rig.write(energy(), {slot_at(98, 98)});
  CHECK((*other)->read("meter/energy_import", quarter(0), quarter(1000))->size() == 1);
  CHECK(Moved::count(rig.away) == 98);
}

TEST_CASE("moved: of what is left behind again and again the newest is kept") {
  Moved rig;
  for (int n = 0; n < 12; ++n) {
    fs::remove(rig.file);
    rig.write(energy(), {slot_at(n, n)});
  }
  CHECK(rig.left().size() == io::max_aside);
}

TEST_CASE("file mark: a file is known by itself, not by its name") {
  const Scratch scratch;
  const std::string one = scratch / "one", two = scratch / "two";
  CHECK_FALSE(io::FileMark::of(one));
  for (const std::string& path : {one, two}) std::ofstream(path) << "it";
  auto mark = io::FileMark::of(one);
  REQUIRE(mark);
  CHECK(mark->is_at(one));
  CHECK_FALSE(mark->is_at(two));
  fs::rename(one, scratch / "three");
  CHECK_FALSE(mark->is_at(one));
  CHECK(mark->is_at(scratch / "three"));
  CHECK_FALSE(mark->is_removed());
  fs::remove(scratch / "three");
  CHECK(mark->is_removed());
  {
    std::ofstream(one) << "another";
  }
  CHECK_FALSE(mark->is_at(one));  // it has its number, perhaps
  mark = io::FileMark::of(two);
  CHECK(mark->is_at(two));
}
