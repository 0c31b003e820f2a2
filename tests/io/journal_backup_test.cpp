// A copy of the history is whole, and takes the place of the one before only then.
#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>

#include "io/sqlite_journal.hpp"
#include "journal_rig.hpp"
#include "ordinary_user.hpp"
#include "played_vfs.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;

struct BackupRig : JournalRig {
  std::string target = scratch / "copies/history.db";

  BackupRig() {
    fs::create_directory(scratch / "copies");
    open();
  }
  std::size_t copied() {
    const auto copy = io::SqliteJournal::open(target, io::SqliteJournal::Use::look);
    REQUIRE_MESSAGE(copy, (copy ? "" : copy.error().detail));
    return (*copy)->read("meter/energy_import", quarter(0), quarter(2000))->size();
  }
  std::size_t files() const {
    const fs::directory_iterator all(scratch / "copies");
    return static_cast<std::size_t>(std::distance(fs::begin(all), fs::end(all)));
  }
};

}  // namespace

TEST_CASE("backup: what is beside the file is in the copy, and the next one replaces it") {
  BackupRig rig;
  std::vector<Slot> slots;
  for (int n = 0; n < 1000; ++n) slots.push_back(slot_at(n, n));
  rig.write(energy(), slots);
  rig.tidy(900, 0);
  rig.write(energy(), {slot_at(1000, 1)});
  REQUIRE(rig.journal->backup(rig.target));
  CHECK(rig.copied() == 1001);
  rig.write(energy(), {slot_at(1001, 1)});
  CHECK(rig.copied() == 1001);
  REQUIRE(rig.journal->backup(rig.target));
  CHECK(rig.copied() == 1002);
  CHECK(rig.files() == 1);
  CHECK(rig.read("meter/energy_import", 0, 2000).size() == 1002);
}

TEST_CASE("backup: a copy can be kept on") {
  BackupRig rig;
  rig.write(energy(), {slot_at(0, 1)});
  REQUIRE(rig.journal->backup(rig.target));
  rig.file = rig.target;
  rig.open();
  rig.write(energy(), {slot_at(1, 2)});
  rig.tidy(2, 0);
  CHECK(rig.read("meter/energy_import", 0, 10) == std::vector{slot_at(0, 1), slot_at(1, 2)});
}

TEST_CASE("backup: a disk that is full, at any call, leaves the copy of before and nothing else") {
  BackupRig rig;
  rig.write(energy(), {slot_at(0, 1)});
  REQUIRE(rig.journal->backup(rig.target));
  std::vector<Slot> slots;
  for (int n = 0; n < 1000; ++n) slots.push_back(slot_at(n, n));
  rig.write(energy(), slots);
  const std::string before = bytes_of(rig.target);
  int refused = 0;
  for (int call = 0;; ++call) {
    CAPTURE(call);
    int left = call;
    const PlayedVfs vfs([&](const DiskCall& each) {
      const bool mine = each.path.find("/copies/") != each.path.npos;
      return mine && each.kind != DiskCall::Kind::remove && left-- <= 0 ? SQLITE_FULL : SQLITE_OK;
    });
    const auto done = rig.journal->backup(rig.target);
    CHECK(rig.files() == 1);
    if (done) break;
    ++refused;
    CHECK(done.error().fault == JournalFault::full);
    CHECK(done.error().detail.starts_with(rig.target + ".new: "));
    CHECK(bytes_of(rig.target) == before);
  }
  CHECK(refused > 3);
  CHECK(rig.copied() == 1000);
}

TEST_CASE("backup: a directory that is not there, or not ours, is said, and the history goes on") {
  BackupRig rig;
  rig.write(energy(), {slot_at(0, 1)});
  const auto none = rig.journal->backup(rig.scratch / "no/such/history.db");
  REQUIRE_FALSE(none);
  CHECK(none.error().detail.find("no/such/history.db.new: unable to open database file: No such "
                                 "file or directory; its directory must be there") !=
        std::string::npos);
  fs::create_directory(rig.target);  // in the place of the copy
  const auto taken = rig.journal->backup(rig.target);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().detail == rig.target + ": Is a directory; try its disk");
  CHECK(rig.files() == 1);
  fs::permissions(rig.scratch / "", fs::perms(0755));
  fs::permissions(rig.scratch / "copies", fs::perms(0555));
  {
    const OrdinaryUser user;
    const auto denied = rig.journal->backup(rig.target);
    REQUIRE_FALSE(denied);
    CHECK(denied.error().fault == JournalFault::read_only);
  }
  rig.write(energy(), {slot_at(1, 2)});
}

TEST_CASE("backup: what only looks can make a copy, too") {
  BackupRig rig;
  rig.write(energy(), {slot_at(0, 1)});
  const auto other = io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::look);
  REQUIRE(other);
  REQUIRE((*other)->backup(rig.target));
  rig.write(energy(), {slot_at(1, 2)});
  CHECK(rig.copied() == 1);
}
