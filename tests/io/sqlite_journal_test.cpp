// The file of the history: what is written is read again, from where it belongs.
#include "io/sqlite_journal.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <limits>

#include "journal_rig.hpp"

using namespace gridtap;

TEST_CASE("journal: what was written is there after a restart, every field of it") {
  JournalRig rig;
  rig.open();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const std::vector<Slot> slots = {{quarter(0), 12, 5, 17, 900},
                                   {quarter(1), -3, most, -most - 1, 0},
                                   {quarter(2), 0, {}, {}, 13}};
  const SeriesHead boiler{"gateway/relay_boiler", "", SeriesKind::time_on, 0};
  rig.write(energy(), slots);
  rig.write(boiler, {{quarter(1), 450, {}, {}, 900}});
  rig.open();
  CHECK(rig.read("meter/energy_import", 0, 100) == slots);
  const auto kept = rig.journal->series();
  REQUIRE(kept);
  REQUIRE(kept->size() == 2);
  CHECK(kept->at(0).head == energy());
  CHECK(kept->at(0).newest == slots[2]);
  CHECK(kept->at(1).head == boiler);
  CHECK(kept->at(1).newest->value == 450);
  CHECK(rig.journal->take_notice().empty());
}

TEST_CASE("journal: the form inside is the one that other programs are told of") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1), slot_at(96, 2)});
  rig.tidy(96, -1000);
  CHECK(rig.number("PRAGMA user_version") == 1);
  CHECK(rig.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 3);
  CHECK(rig.number("SELECT start * 900 FROM slot JOIN series ON id = series"
                   " WHERE name = 'meter/energy_import' AND unit = 'kWh' AND kind = 'total'"
                   " AND exponent = -3") == 1'762'128'000);
  CHECK(rig.number("SELECT value FROM recent") == 2);
}

TEST_CASE("journal: a series that is unknown has nothing, and a new file has no series") {
  JournalRig rig;
  rig.open();
  CHECK(rig.journal->series()->empty());
  CHECK(rig.read("meter/energy_import", 0, 100).empty());
  rig.write(energy(), {});
  REQUIRE(rig.journal->series()->size() == 1);
  CHECK_FALSE(rig.journal->series()->at(0).newest);
}

TEST_CASE("journal: begin is in the range and end is not, across both places") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1), slot_at(1, 2), slot_at(2, 3), slot_at(3, 4)});
  rig.tidy(2, -1000);
  CHECK(rig.read("meter/energy_import", 1, 3) == std::vector{slot_at(1, 2), slot_at(2, 3)});
  CHECK(rig.read("meter/energy_import", 3, 3).empty());
  CHECK(rig.read("meter/energy_import", 3, 1).empty());
}

TEST_CASE("journal: a quarter-hour written again is replaced, wherever it lies") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1), slot_at(1, 2), slot_at(2, 3)});
  rig.tidy(2, -1000);
  rig.write(energy(), {slot_at(1, 20), slot_at(2, 30)});
  const std::vector wanted = {slot_at(0, 1), slot_at(1, 20), slot_at(2, 30)};
  CHECK(rig.read("meter/energy_import", 0, 10) == wanted);
  CHECK(rig.number("SELECT count(*) FROM slot") == 2);
  CHECK(rig.number("SELECT count(*) FROM recent") == 1);
  rig.open();  // the border between the two is found again
  rig.write(energy(), {slot_at(1, 21), slot_at(2, 31)});
  CHECK(rig.number("SELECT count(*) FROM slot") == 2);
  CHECK(rig.number("SELECT count(*) FROM recent") == 1);
  rig.tidy(3, -1000);
  CHECK(rig.read("meter/energy_import", 0, 10) ==
        std::vector{slot_at(0, 1), slot_at(1, 21), slot_at(2, 31)});
}

TEST_CASE("journal: where both places have one, the newer is read and stays") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1), slot_at(1, 2)});
  rig.tidy(2, -1000);
  rig.sql("INSERT INTO recent SELECT start, series, 7, 1000007, 1000014, 900 FROM slot LIMIT 1");
  const std::vector wanted = {slot_at(0, 7), slot_at(1, 2)};
  CHECK(rig.read("meter/energy_import", 0, 10) == wanted);
  rig.tidy(2, -1000);
  CHECK(rig.number("SELECT count(*) FROM recent") == 0);
  CHECK(rig.read("meter/energy_import", 0, 10) == wanted);
}

TEST_CASE("journal: more than an answer holds is read in parts, without a hole between them") {
  JournalRig rig;
  rig.open();
  std::vector<Slot> all;
  for (int n = 0; n < 5000; ++n) all.push_back(slot_at(n, n));
  rig.write(energy(), all);
  rig.write(energy("other/energy_import"), all);
  for (const std::int64_t ended : {0, 1000, 2048, 4999, 5000}) {
    CAPTURE(ended);
    rig.tidy(ended, -1000);
    std::vector<Slot> read;
    std::int64_t from = 0;
    for (;;) {
      const auto part = rig.read("meter/energy_import", from, 10'000);
      CHECK(part.size() <= Journal::max_slots);
      if (part.empty()) break;
      read.insert(read.end(), part.begin(), part.end());
      from = (part.back().start - quarter(0)).count() + 1;
    }
    CHECK(read == all);
  }
}

TEST_CASE("journal: one that is refused leaves nothing of what was written with it") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  SeriesHead coarse = energy();
  coarse.exponent = 0;
  const auto done = rig.journal->write(
      {{energy("other/energy_import"), {slot_at(0, 5)}}, {coarse, {slot_at(1, 2)}}});
  REQUIRE_FALSE(done);
  CHECK(done.error().fault == JournalFault::other);
  CHECK(done.error().detail == rig.file +
                                   " has meter/energy_import as total in kWh x 10^-3, not as total "
                                   "in kWh x 10^0: values must be converted first");
  CHECK(rig.journal->series()->size() == 1);
  rig.write(energy(), {slot_at(1, 2)});  // and the next is written
  CHECK(rig.read("meter/energy_import", 0, 10).size() == 2);
}

TEST_CASE("journal: what is forgotten goes from both places, and only that") {
  JournalRig rig;
  rig.open();
  for (const char* name : {"a/x", "b/x"}) {
    rig.write(energy(name), {slot_at(0, 1), slot_at(96, 2), slot_at(192, 3)});
  }
  rig.tidy(96, -1000);
  rig.tidy(96, 96);
  for (const char* name : {"a/x", "b/x"}) {
    CHECK(rig.read(name, 0, 1000) == std::vector{slot_at(96, 2), slot_at(192, 3)});
  }
  rig.tidy(96, 193);  // a clock that jumped
  CHECK(rig.read("a/x", 0, 1000).empty());
  CHECK(rig.journal->series()->size() == 2);  // what its values mean is still known
}

TEST_CASE("journal: the file beside it is empty after the night, and the figures count it") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  const auto beside = std::filesystem::file_size(rig.file + "-wal");
  CHECK(beside > 0);
  CHECK(rig.journal->figures()->bytes >= std::filesystem::file_size(rig.file) + beside);
  rig.tidy(0, -1000);
  CHECK(std::filesystem::file_size(rig.file + "-wal") == 0);
  rig.journal.reset();
  CHECK_FALSE(std::filesystem::exists(rig.file + "-wal"));
}

TEST_CASE("journal: the last part of the directory is made, a whole path is not") {
  JournalRig rig;
  rig.file = rig.scratch / "history/history.db";
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  const auto none =
      io::SqliteJournal::open(rig.scratch / "no/such/history.db", io::SqliteJournal::Use::keep);
  REQUIRE_FALSE(none);
  CHECK(none.error().fault == JournalFault::other);
  CHECK(none.error().detail.find("No such file or directory; its directory must be there") !=
        std::string::npos);
}

TEST_CASE("journal: a night forgets a month at most, for a clock may be wrong") {
  JournalRig rig;
  rig.open();
  std::vector<Slot> year;
  for (std::int64_t day = 0; day < 365; ++day) year.push_back(slot_at(day * 96, day));
  rig.write(energy(), year);
  rig.tidy(366 * 96, 0);
  CHECK(rig.read("meter/energy_import", 0, 366 * 96).size() == 365);
  rig.tidy(3000 * 96, 3000 * 96);
  CHECK(rig.read("meter/energy_import", 0, 366 * 96).size() == 365 - 31);
  rig.tidy(3000 * 96, 3000 * 96);
  CHECK(rig.read("meter/energy_import", 0, 366 * 96).size() == 365 - 62);
}

TEST_CASE("journal: through a link it is the file that the link leads to") {
  JournalRig rig;
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  const std::string link = rig.scratch / "link.db";
  std::filesystem::create_symlink(rig.file, link);
  const auto looked = io::SqliteJournal::open(link, io::SqliteJournal::Use::look);
  REQUIRE(looked);
  CHECK((*looked)->read("meter/energy_import", quarter(0), quarter(9))->size() == 1);
}
