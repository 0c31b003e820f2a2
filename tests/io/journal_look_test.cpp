// Other programs look at the history: while it is written, after its end, from where nothing may be
// written; and leave nothing.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "io/sqlite_journal.hpp"
#include "journal_rig.hpp"
#include "ordinary_user.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;

std::unique_ptr<io::SqliteJournal> look(const std::string& file) {
  auto opened = io::SqliteJournal::open(file, io::SqliteJournal::Use::look);
  REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().detail));
  return std::move(*opened);
}

std::size_t seen(io::SqliteJournal& journal) {
  const auto slots = journal.read("meter/energy_import", quarter(0), quarter(1000));
  REQUIRE_MESSAGE(slots, (slots ? "" : slots.error().detail));
  return slots->size();
}

std::set<std::string> names(const fs::path& directory) {
  std::set<std::string> all;
  for (const auto& each : fs::directory_iterator(directory)) all.insert(each.path().filename());
  return all;
}

}  // namespace

TEST_CASE("look: what was written a moment ago is seen, and the writer never waits for it") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  const auto other = look(rig.file);
  for (int n = 1; n < 200; ++n) {
    rig.write(energy(), {slot_at(n, n)});
    if (n % 20 == 0) rig.tidy(n, 0);
    CHECK(seen(*other) == static_cast<std::size_t>(n) + 1);
  }
  CHECK(other->series()->at(0).newest == slot_at(199, 199));
  CHECK(other->figures()->bytes == rig.journal->figures()->bytes);
}

TEST_CASE("look: one who reads for long holds up neither what is written nor the night") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open_v2(rig.file.c_str(), &other, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN; SELECT * FROM recent", nullptr, nullptr, nullptr) ==
          SQLITE_OK);
  rig.write(energy(), {slot_at(1, 2)});
  rig.tidy(2, 0);
  CHECK(seen(*rig.journal) == 2);
  sqlite3_close(other);
  rig.tidy(2, 0);
  CHECK(fs::file_size(rig.file + "-wal") == 0);
}

TEST_CASE("look: who looks writes nothing, and leaves nothing beside the file") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  rig.journal.reset();
  const std::string before = bytes_of(rig.file);
  {
    const auto other = look(rig.file);
    CHECK(seen(*other) == 1);
    CHECK_FALSE(other->write({{energy(), {slot_at(1, 2)}}}));
    CHECK_FALSE(other->tidy(quarter(10), quarter(5)));
    CHECK(seen(*other) == 1);
  }
  CHECK(bytes_of(rig.file) == before);
  CHECK(names(rig.scratch / "") == std::set<std::string>{"history.db"});
}

TEST_CASE("look: from a directory that may not be written, while the daemon runs and after") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  rig.tidy(1, 0);
  rig.write(energy(), {slot_at(1, 2)});
  fs::permissions(rig.scratch / "", fs::perms(0555));
  for (const char* part : {"", "-wal", "-shm"}) fs::permissions(rig.file + part, fs::perms(0444));
  {
    const OrdinaryUser user;
    CHECK(seen(*look(rig.file)) == 2);
  }
  fs::permissions(rig.scratch / "", fs::perms(0755));
  rig.journal.reset();
  fs::permissions(rig.scratch / "", fs::perms(0555));
  {
    const OrdinaryUser user;
    CHECK(seen(*look(rig.file)) == 2);
  }
  fs::permissions(rig.scratch / "", fs::perms(0755));
}

// On a card that was pulled out of a machine and is mounted read-only.
TEST_CASE("look: beside a file that nobody recovered, what lies in the file itself is seen") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  rig.tidy(1, 0);
  rig.write(energy(), {slot_at(1, 2)});
  const std::string card = rig.scratch / "card";
  fs::create_directory(card);
  for (const char* part : {"", "-wal"}) fs::copy(rig.file + part, card + "/history.db" + part);
  CHECK(seen(*look(card + "/history.db")) == 2);
  fs::remove(card + "/history.db-shm");
  fs::permissions(rig.scratch / "", fs::perms(0755));
  fs::permissions(card, fs::perms(0555));
  {
    const OrdinaryUser user;
    CHECK(seen(*look(card + "/history.db")) == 1);
  }
  fs::permissions(card, fs::perms(0755));
}

TEST_CASE("look: where there is no history it says so, and makes none") {
  JournalRig rig;
  const auto none = io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::look);
  REQUIRE_FALSE(none);
  CHECK(none.error().detail.find("No such file or directory") != std::string::npos);
  CHECK(names(rig.scratch / "").empty());
  {
    const std::ofstream empty(rig.file);
  }
  const auto empty = io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::look);
  REQUIRE_FALSE(empty);
  CHECK(empty.error().detail == rig.file + " has no history yet");
}

TEST_CASE("look: a directory may have any name") {
  JournalRig rig;
  for (const char* name : {"a?immutable=0", "50%3f", "#1", "two words", "%"}) {
    rig.file = rig.scratch / name + "/history.db";
    rig.open();
    rig.write(energy(), {slot_at(0, 1)});
    CHECK(seen(*look(rig.file)) == 1);
    rig.journal.reset();
    CHECK(seen(*look(rig.file)) == 1);
  }
}
