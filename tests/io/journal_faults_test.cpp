// A history that cannot be kept: what its error says, that nothing is harmed, and that it goes on.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "io/sqlite_journal.hpp"
#include "journal_rig.hpp"
#include "ordinary_user.hpp"
#include "played_vfs.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;
using Kind = DiskCall::Kind;

JournalError refused(const std::string& file) {
  const auto journal = io::SqliteJournal::open(file, io::SqliteJournal::Use::keep);
  REQUIRE_FALSE(journal);
  return journal.error();
}

// A disk that refuses a kind of call for as long as it is told to.
struct Refusing {
  Kind kind = Kind::write;
  int code = SQLITE_OK;
  int error = 0;
  bool on = false;

  int operator()(const DiskCall& call) const {
    if (!on || call.kind != kind) return SQLITE_OK;
    errno = error;
    return code;
  }
};

}  // namespace

TEST_CASE("journal faults: what is no file is refused with what it is, at once") {
  for (const std::string part : {"history.db", "history.db-wal"}) {
    const Scratch scratch;
    const std::string file = scratch / "history.db", odd = scratch / part;
    const auto both_refuse = [&](const std::string& words) {
      for (const auto use : {io::SqliteJournal::Use::keep, io::SqliteJournal::Use::look}) {
        const auto journal = io::SqliteJournal::open(file, use);
        REQUIRE_FALSE(journal);
        CHECK(journal.error().fault == JournalFault::other);
        CHECK(journal.error().detail.find(words + ", not a file: move it") != std::string::npos);
      }
      CHECK(fs::remove(odd));
    };
    REQUIRE(::mkfifo(odd.c_str(), 0600) == 0);
    both_refuse(odd + " is a FIFO");
    fs::create_directory(odd);
    both_refuse(odd + " is a directory");
    fs::create_symlink("/dev/zero", odd);
    both_refuse(" is a device");
  }
}

TEST_CASE("journal faults: a disk that is full keeps what was there, and is written again later") {
  Refusing disk{.code = SQLITE_FULL};
  const PlayedVfs vfs(std::ref(disk));
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  disk.on = true;
  const auto done = rig.journal->write({{energy("a/x"), {slot_at(1, 2)}}});
  REQUIRE_FALSE(done);
  CHECK(done.error().fault == JournalFault::full);
  CHECK(done.error().detail == rig.file + ": database or disk is full; make room on its disk");
  CHECK(rig.journal->series()->size() == 1);
  CHECK(rig.read("meter/energy_import", 0, 10) == std::vector{slot_at(0, 1)});
  disk.on = false;
  rig.write(energy(), {slot_at(1, 2)});
  rig.tidy(2, 0);
  CHECK(rig.read("meter/energy_import", 0, 10).size() == 2);
  CHECK(rig.journal->take_notice().empty());
}

TEST_CASE("journal faults: what the system says is told, and decides what it is") {
  struct Case {
    int error;
    JournalFault fault;
    const char* text;
  };
  for (const Case& each : {Case{ENOSPC, JournalFault::full, "No space left on device; make room"},
                           Case{EDQUOT, JournalFault::full, "Disk quota exceeded; make room"},
                           Case{EROFS, JournalFault::read_only, "Read-only file system; the user"},
                           Case{EIO, JournalFault::other, "Input/output error; try its disk"}}) {
    for (const Kind kind : {Kind::write, Kind::synchronise}) {
      Refusing disk{.kind = kind, .code = SQLITE_IOERR_WRITE, .error = each.error};
      const PlayedVfs vfs(std::ref(disk));
      JournalRig rig;
      rig.open();
      disk.on = true;
      const auto done = rig.journal->write({{energy(), {slot_at(1, 2)}}});
      REQUIRE_FALSE(done);
      CAPTURE(done.error().detail);
      CHECK(done.error().fault == each.fault);
      CHECK(done.error().detail.find(each.text) != std::string::npos);
      disk.on = false;
      rig.write(energy(), {slot_at(1, 2)});
    }
  }
}

TEST_CASE(
    "journal faults: a full disk at every single call, at the start, in an hour and a night") {
  for (int call = 0;; ++call) {
    CAPTURE(call);
    int left = call;
    bool met = false;
    JournalRig rig;
    {
      const PlayedVfs vfs([&](const DiskCall& each) {
        const bool grows = each.kind == Kind::create || each.kind == Kind::write;
        if (!grows || left-- > 0) return SQLITE_OK;
        met = true;
        return SQLITE_FULL;
      });
      auto opened = io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::keep);
      for (int n = 0; opened && n < 3; ++n) {
        static_cast<void>((*opened)->write({{energy(), {slot_at(n, n)}}}));
        static_cast<void>((*opened)->tidy(quarter(n), quarter(n - 1)));
        CHECK((*opened)->take_notice().empty());
      }
    }
    rig.open();
    CHECK(rig.journal->take_notice().empty());
    rig.write(energy(), {slot_at(5, 5)});
    CHECK(rig.read("meter/energy_import", 5, 6) == std::vector{slot_at(5, 5)});
    if (!met) break;
    REQUIRE(call < 1000);
  }
}

TEST_CASE("journal faults: a file, a directory or a file system that may not be written") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  rig.journal.reset();
  const auto denied = [&](fs::perms file, fs::perms directory) {
    fs::permissions(rig.file, file);
    fs::permissions(rig.scratch / "", directory);
    const OrdinaryUser user;
    const JournalError error = refused(rig.file);
    CHECK(error.fault == JournalFault::read_only);
    CHECK(error.detail.starts_with(rig.file + ": "));
    CHECK(error.detail.find("must be allowed to read and write") != std::string::npos);
  };
  const std::string before = bytes_of(rig.file);
  denied(fs::perms(0444), fs::perms(0777));
  denied(fs::perms(0666), fs::perms(0555));
  denied(fs::perms(0000), fs::perms(0777));
  fs::permissions(rig.file, fs::perms(0644));
  CHECK(bytes_of(rig.file) == before);
  fs::rename(rig.file, rig.file + ".away");
  fs::permissions(rig.scratch / "", fs::perms(0555));
  {
    const OrdinaryUser user;  // who may not make one
    CHECK(refused(rig.file).fault == JournalFault::read_only);
  }
  fs::permissions(rig.scratch / "", fs::perms(0755));
  fs::rename(rig.file + ".away", rig.file);
  rig.open();
  CHECK(rig.read("meter/energy_import", 0, 10).size() == 1);
}

TEST_CASE("journal faults: a file of a newer form is named, and not one byte of it changes") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  SUBCASE("closed well") { rig.journal.reset(); }
  SUBCASE("with what its writer left beside it") {}
  const bool beside = rig.journal != nullptr;
  rig.sql("PRAGMA user_version = 2; CREATE TABLE of_tomorrow(a)");
  fs::copy(rig.scratch / "", rig.scratch / "copy");
  rig.file = rig.scratch / "copy/history.db";
  const std::string before = bytes_of(rig.file), wal = bytes_of(rig.file + "-wal");
  CHECK(wal.empty() != beside);
  for (const auto use : {io::SqliteJournal::Use::keep, io::SqliteJournal::Use::look}) {
    const auto journal = io::SqliteJournal::open(rig.file, use);
    REQUIRE_FALSE(journal);
    CHECK(journal.error().fault == JournalFault::newer_form);
    CHECK(journal.error().detail ==
          rig.file +
              " was made by a newer gridtap (form 2, this one knows 1): it is left as it "
              "is; install that version again, or give the history another directory");
    CHECK(bytes_of(rig.file) == before);
    CHECK(bytes_of(rig.file + "-wal") == wal);
  }
}

TEST_CASE("journal faults: a file of another program is refused and left alone") {
  for (const char* text : {"CREATE TABLE theirs(a)", "PRAGMA user_version = 1",
                           "PRAGMA user_version = -1; CREATE TABLE theirs(a)"}) {
    JournalRig rig;
    rig.sql(text);
    const std::string before = bytes_of(rig.file);
    const JournalError error = refused(rig.file);
    CHECK(error.fault == JournalFault::other);
    CHECK(error.detail.find("is no history of gridtap") != std::string::npos);
    CHECK(bytes_of(rig.file) == before);
  }
}

TEST_CASE("journal faults: an empty file, as a power cut may leave it, is a new history") {
  JournalRig rig;
  {
    const std::ofstream empty(rig.file);
  }
  {
    std::ofstream(rig.file + "-wal") << "of a file that is gone";
  }
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  CHECK(rig.journal->take_notice().empty());
}

TEST_CASE(
    "journal faults: a file that is removed or replaced meanwhile is not written for nobody") {
  JournalRig rig, other;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  rig.tidy(0, 0);
  fs::remove(rig.file);
  rig.write(energy(), {slot_at(1, 2)});
  CHECK(rig.journal->take_notice() ==
        rig.file + " was moved, removed or replaced: what is there now goes on");
  CHECK(rig.read("meter/energy_import", 0, 10) == std::vector{slot_at(1, 2)});
  other.open();
  other.write(energy(), {slot_at(5, 6)});
  other.journal.reset();
  fs::rename(other.file, rig.file);  // as who restores a copy
  rig.write(energy(), {slot_at(7, 8)});
  CHECK(rig.read("meter/energy_import", 0, 10) == std::vector{slot_at(5, 6), slot_at(7, 8)});
  for (const char* part : {"", "-wal"}) fs::rename(rig.file + part, other.file + part);
  other.open();
  other.write(energy(), {slot_at(9, 9)});
  for (const char* part : {"", "-wal"}) fs::copy(other.file + part, rig.file + part);
  CHECK(rig.read("meter/energy_import", 0, 10).size() == 3);  // with what came beside it
  rig.open();
  CHECK(rig.read("meter/energy_import", 0, 10).size() == 3);
}

TEST_CASE("journal faults: a program that holds the file does not hold it for ever") {
  JournalRig rig;
  rig.open();
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(rig.file.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const auto done = rig.journal->write({{energy(), {slot_at(0, 1)}}});
  REQUIRE_FALSE(done);
  CHECK(done.error().fault == JournalFault::other);
  CHECK(done.error().detail.find("another program writes to it") != std::string::npos);
  sqlite3_close(other);
  rig.write(energy(), {slot_at(0, 1)});
}
