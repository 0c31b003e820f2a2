// What damage has cost comes back from the newest whole copy, and nothing else does.
#include "io/journal_refill.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include "io/journal_backup.hpp"
#include "journal_rig.hpp"
#include "played_vfs.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;

constexpr int quarters = 20 * 96;

struct Refilled : JournalRig {
  io::BackupPlace place{scratch / "disk", 7, {}};
  PlayedVfs vfs{[this](const DiskCall& call) { return before(call); }};  // synchronises nothing
  std::function<int(const DiskCall&)> before = [](const DiskCall&) { return SQLITE_OK; };

  Refilled() {
    fs::create_directory(place.directory);
    open();
    write(energy("a/x"), {slot_at(0, 0)});
    tidy(quarters, -1000);
    for (const char* name : {"a/x", "b/x"}) {
      std::vector<Slot> slots;
      for (int n = 0; n < quarters; ++n) slots.push_back(slot_at(n, n));
      write(energy(name), slots);
    }
  }
  ~Refilled() { journal.reset(); }

  std::string copy(const std::string& day) {
    REQUIRE(io::back_up(*journal, place, day));
    return place.directory + "/gridtap-" + day + "/history.db";
  }
  void spoil(double from, double to) const {
    const std::size_t pages = fs::file_size(file) / 4096;
    std::fstream it(file, std::ios::in | std::ios::out | std::ios::binary);
    for (auto n = static_cast<std::size_t>(static_cast<double>(pages) * from) + 1;
         n < static_cast<std::size_t>(static_cast<double>(pages) * to); ++n) {
      it.seekp(static_cast<std::streamoff>(n * 4096));
      it << std::string(4096, 'x');
    }
  }
  // Opens the file, all of which is read then.
  std::string mended() {
    journal.reset();
    auto opened = io::SqliteJournal::open(file, io::SqliteJournal::Use::keep, place.directory);
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().detail));
    journal = std::move(*opened);
    for (const char* name : {"a/x", "b/x"}) read(name, 0, 2 * quarters);
    return journal->take_notice();
  }
  std::size_t count(const std::string& series) {
    return static_cast<std::size_t>(
        number(("SELECT count(*) FROM (SELECT series, start FROM slot UNION SELECT series, start"
                " FROM recent) AS all_of_it JOIN series ON series.id = all_of_it.series"
                " WHERE name = '" +
                series + "'")
                   .c_str()));
  }
};

void overwrite(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::map<std::string, std::string> tree(const std::string& directory) {
  std::map<std::string, std::string> all;
  for (const auto& each : fs::recursive_directory_iterator(directory)) {
    if (each.is_regular_file()) all[each.path()] = bytes_of(each.path());
  }
  return all;
}

}  // namespace

TEST_CASE("refill: what damage has cost comes from the newest copy, which is said and stays") {
  Refilled rig;
  rig.copy("2025-11-20");
  rig.write(energy("a/x"), {slot_at(quarters, 5)});
  const std::string newest = rig.copy("2025-11-21");
  rig.write(energy("a/x"), {slot_at(quarters + 1, 6)});
  rig.journal.reset();
  rig.spoil(0.3, 0.6);
  const auto before = tree(rig.place.directory);
  const std::string notice = rig.mended();
  CHECK(notice.starts_with(rig.file + " is damaged: set aside as "));
  CHECK(notice.find("quarter-hours of 2 series of it, and ") != notice.npos);
  CHECK(notice.ends_with(" of the copy " + newest));
  CHECK(tree(rig.place.directory) == before);
  CHECK(rig.count("a/x") == quarters + 2);
  CHECK(rig.count("b/x") == quarters);
  CHECK(rig.read("b/x", 700, 701) == std::vector{slot_at(700, 700)});
}

TEST_CASE("refill: of a file of which nothing is left, all of the copy is there again") {
  Refilled rig;
  rig.copy("2025-11-21");
  rig.journal.reset();
  overwrite(rig.file, std::string(20'000, 'x'));
  rig.mended();
  CHECK(rig.count("a/x") == quarters);
  CHECK(rig.journal->series()->at(1).head == energy("b/x"));
  CHECK(rig.journal->series()->at(1).newest == slot_at(quarters - 1, quarters - 1));
  rig.write(energy("b/x"), {slot_at(quarters, 1)});
  CHECK(rig.read("b/x", quarters - 1, quarters + 9).size() == 2);
}

TEST_CASE("refill: what could be read of the damaged file is never replaced") {
  Refilled rig;
  rig.copy("2025-11-21");
  rig.write(energy("a/x"), {slot_at(0, -7), slot_at(quarters - 1, -8)});
  rig.journal.reset();
  rig.spoil(0.4, 0.5);
  rig.mended();
  CHECK(rig.read("a/x", 0, 1) == std::vector{slot_at(0, -7)});
  CHECK(rig.count("a/x") == quarters);
}

TEST_CASE("refill: a copy that is damaged, of a newer form or none is passed over") {
  Refilled rig;
  const std::string good = rig.copy("2025-11-20");
  for (const char* day : {"2025-11-21", "2025-11-22", "2025-11-23", "2025-11-24"}) rig.copy(day);
  const auto path = [&](const char* day) {
    return rig.place.directory + "/gridtap-" + day + "/history.db";
  };
  std::string half = bytes_of(good);
  half.replace(half.size() / 2, 8192, std::string(8192, 'x'));
  overwrite(path("2025-11-24"), half);
  overwrite(path("2025-11-23"), "no database");
  std::string newer = bytes_of(good);
  newer[63] = 9;  // user_version
  overwrite(path("2025-11-22"), newer);
  fs::remove(path("2025-11-21"));
  rig.journal.reset();
  rig.spoil(0.3, 0.6);
  CHECK(rig.mended().ends_with(" of the copy " + good));
  CHECK(rig.count("b/x") == quarters);
}

TEST_CASE("refill: a series that means something else there is left out, and said") {
  Refilled rig;
  rig.copy("2025-11-21");
  rig.sql("UPDATE series SET exponent = 0 WHERE name = 'b/x'");
  rig.journal.reset();
  rig.spoil(0.7, 0.9);
  const std::string notice = rig.mended();
  CHECK(notice.ends_with("/history.db (not b/x: of another unit or kind there)"));
  CHECK(rig.count("a/x") == quarters);
  CHECK(rig.count("b/x") < quarters);
  CHECK(rig.count("b/x") > 0);
}

TEST_CASE("refill: without copies, or while their disk is away, it is as it was") {
  Refilled rig;
  SUBCASE("none are wanted") { rig.place.directory = ""; }
  SUBCASE("there is none yet") {}
  SUBCASE("the directory is not there") { rig.place.directory += "/no/such"; }
  rig.journal.reset();
  rig.spoil(0.3, 0.6);
  CHECK(rig.mended().ends_with("quarter-hours of 2 series of it"));
  CHECK(rig.count("b/x") < quarters);
}

TEST_CASE("refill: a copy of a day to come, by a clock that was wrong, is the last that is asked") {
  Refilled rig;
  rig.copy("9998-01-01");
  rig.write(energy("a/x"), {slot_at(quarters, 5)});
  const std::string newest = rig.copy("2025-11-21");
  rig.journal.reset();
  overwrite(rig.file, "no database");
  CHECK(rig.mended().ends_with(" of the copy " + newest));
  CHECK(rig.count("a/x") == quarters + 1);
}

TEST_CASE("refill: cut off at any call, it is done anew, and nothing is missing then") {
  Refilled rig;
  rig.copy("2025-11-21");
  rig.journal.reset();
  rig.spoil(0.3, 0.6);
  const std::string damaged = bytes_of(rig.file);
  for (int call = 0;; call += 1 + call / 4) {
    CAPTURE(call);
    int left = call;
    bool met = false;
    rig.before = [&](const DiskCall& each) {
      const bool mine = each.path.find(".new") != each.path.npos;
      if (!mine || left-- > 0) return SQLITE_OK;
      met = true;
      return SQLITE_IOERR;
    };
    const auto cut =
        io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::keep, rig.place.directory);
    if (cut) static_cast<void>((*cut)->read("b/x", quarter(0), quarter(quarters)));
    if (met) CHECK(bytes_of(rig.file) == damaged);
    rig.before = [](const DiskCall&) { return SQLITE_OK; };
    if (!met) break;
  }
  rig.mended();
  CHECK(rig.count("a/x") == quarters);
  CHECK(rig.count("b/x") == quarters);
}
