// A history that is damaged: what can be read of it is taken over, and nothing is thrown away.
#include "io/journal_rescue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "io/aside.hpp"
#include "journal_rig.hpp"
#include "played_vfs.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t page = 4096;

struct Damaged : JournalRig {
  static constexpr int days = 20;
  PlayedVfs vfs{[](const DiskCall&) { return SQLITE_OK; }};  // does not synchronise: faster

  ~Damaged() { journal.reset(); }

  // Three series, one behind the other in their lasting place, and a day that goes on.
  void fill() {
    open();
    write(energy("a/x"), {slot_at(0, 0)});
    tidy((days - 1) * 96, -1000);
    for (const char* name : {"a/x", "b/x", "c/x"}) {
      std::vector<Slot> slots;
      for (int n = 0; n < days * 96; ++n) slots.push_back(slot_at(n, n));
      write(energy(name), slots);
    }
    journal.reset();
  }
  void spoil(std::size_t number, const std::string& with = std::string(page, 'x')) const {
    std::fstream it(file, std::ios::in | std::ios::out | std::ios::binary);
    it.seekp(static_cast<std::streamoff>(number * page));
    it << with;
  }
  std::size_t pages() const { return fs::file_size(file) / page; }
  std::vector<std::string> kept_aside() const {
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(scratch / "")) {
      const std::string name = each.path().filename();
      if (name.find(".bad-") != name.npos) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
  }
  // All of a series, in as many parts as it takes; each as it was written.
  std::set<std::int64_t> found(const std::string& series) {
    std::set<std::int64_t> numbers;
    for (std::int64_t from = 0;;) {
      const auto part = read(series, from, days * 96);
      if (part.empty()) return numbers;
      for (const Slot& slot : part) {
        const std::int64_t number = (slot.start - quarter(0)).count();
        if (slot != slot_at(number, number)) FAIL_CHECK(series, " at ", number);
        numbers.insert(number);
        from = number + 1;
      }
    }
  }
};

}  // namespace

TEST_CASE("rescue: a page that is damaged costs what was in it, and nothing before or behind") {
  Damaged sample;
  sample.fill();
  const std::string whole = bytes_of(sample.file);
  const std::size_t pages = sample.pages();
  int met = 0, small = 0;
  for (std::size_t n = 1; n < pages; ++n) {
    CAPTURE(n);
    Damaged rig;
    {
      std::ofstream(rig.file, std::ios::binary) << whole;
    }
    rig.spoil(n);
    rig.open();
    std::size_t missing = 0;
    for (const char* name : {"a/x", "b/x", "c/x"}) {
      missing += Damaged::days * 96 - rig.found(name).size();
    }
    small += missing > 0 && missing < 160 ? 1 : 0;  // what a page holds
    rig.write(energy("a/x"), {slot_at(Damaged::days * 96, 1)});
    rig.tidy((Damaged::days + 1) * 96, -1000);
    met += rig.journal->take_notice().empty() ? 0 : 1;
    CHECK(rig.kept_aside().size() <= 1);
  }
  CHECK(met >= static_cast<int>(pages) - 3);
  CHECK(small >= static_cast<int>(pages) - 9);  // all but the pages above the others
}

TEST_CASE("rescue: of several holes in a series each costs itself") {
  Damaged rig;
  rig.fill();
  const std::size_t pages = rig.pages();
  for (std::size_t n = pages / 4; n < pages; n += pages / 4) rig.spoil(n);
  rig.open();
  std::size_t found = 0;
  for (const char* name : {"a/x", "b/x", "c/x"}) found += rig.found(name).size();
  CHECK(found >= 3 * Damaged::days * 96 - 4 * 160);
  CHECK(found < 3 * Damaged::days * 96);
  const std::string notice = rig.journal->take_notice();
  CHECK(notice.starts_with(rig.file + " is damaged: set aside as "));
  CHECK(notice.find("quarter-hours of 3 series of it") != notice.npos);
  CHECK(rig.journal->take_notice().empty());
}

TEST_CASE("rescue: of a file that was cut off, what is left of it is taken over") {
  Damaged rig;
  rig.fill();
  fs::resize_file(rig.file, rig.pages() * 9 / 10 * page);
  rig.open();
  std::size_t all = 0;
  for (const char* name : {"a/x", "b/x", "c/x"}) all += rig.found(name).size();
  CHECK(all > Damaged::days * 96);
  CHECK(rig.journal->take_notice().find("quarter-hours of 3 series of it") != std::string::npos);
}

TEST_CASE("rescue: what is no database is set aside whole, and a new one begun") {
  for (const std::string& text : {std::string(20'000, 'x'), std::string("SQLite"),
                                  "SQLite format 3" + std::string(5000, '\0')}) {
    Damaged rig;
    {
      std::ofstream(rig.file) << text;
    }
    rig.open();
    CHECK(rig.journal->series()->empty());
    rig.write(energy(), {slot_at(0, 1)});
    const auto aside = rig.kept_aside();
    REQUIRE(aside.size() == 1);
    CHECK(bytes_of(rig.scratch / aside[0]) == text);
    CHECK(rig.journal->take_notice().find(aside[0]) != std::string::npos);
  }
}

TEST_CASE("rescue: what came since the night is beside the file, and is taken over, too") {
  Damaged rig;
  rig.fill();
  rig.open();
  rig.write(energy("a/x"), {slot_at(Damaged::days * 96 - 1, -5)});
  const std::string beside = bytes_of(rig.file + "-wal"), whole = bytes_of(rig.file);
  rig.journal.reset();
  // As after a power cut.
  {
    std::ofstream(rig.file, std::ios::binary) << whole;
  }
  {
    std::ofstream(rig.file + "-wal", std::ios::binary) << beside;
  }
  rig.spoil(rig.pages() / 2);
  rig.open();
  CHECK(rig.journal->read("a/x", quarter(0), quarter(1000)));
  for (const char* name : {"a/x", "b/x", "c/x"}) {
    const auto last = rig.read(name, Damaged::days * 96 - 1, Damaged::days * 96);
    REQUIRE(last.size() == 1);
    CHECK(last[0].value == (name[0] == 'a' ? -5 : Damaged::days * 96 - 1));
    rig.journal->read(name, quarter(0), quarter(5000));
    rig.journal->read(name, quarter(1000), quarter(5000));
  }
  CHECK_FALSE(rig.journal->take_notice().empty());
  CHECK(rig.kept_aside().size() == 1);  // what was beside it is in it
}

TEST_CASE("rescue: damage met while writing does not cost what is written") {
  Damaged rig;
  rig.fill();
  rig.open();
  rig.journal->read("a/x", quarter(0), quarter(1));
  for (std::size_t n = 4; n < rig.pages(); ++n) rig.spoil(n);
  for (int n = 0; n < 3; ++n) {
    for (const char* name : {"a/x", "b/x", "c/x"}) {
      rig.write(energy(name), {slot_at((Damaged::days + n) * 96, 7)});
    }
    rig.tidy((Damaged::days + n) * 96, -1000);
  }
  CHECK_FALSE(rig.journal->take_notice().empty());
  for (const char* name : {"a/x", "b/x", "c/x"}) {
    CHECK(rig.read(name, Damaged::days * 96, 10'000).size() == 3);
  }
}

TEST_CASE("rescue: of files set aside the newest are kept") {
  Damaged rig;
  for (int n = 0; n < 12; ++n) {
    rig.journal.reset();
    {
      std::ofstream(rig.file) << std::string(5000, static_cast<char>('a' + n));
    }
    {
      std::ofstream(rig.file + "-wal") << "beside";
    }
    rig.open();
    CHECK(static_cast<int>(rig.kept_aside().size()) <= 2 * io::max_aside);
  }
  std::string kept;
  for (const std::string& name : rig.kept_aside()) kept += bytes_of(rig.scratch / name).front();
  std::ranges::sort(kept);
  CHECK(kept == "bbbjkl");  // with what was beside them
}

TEST_CASE("rescue: cut off before its last step, the next start does that step") {
  Damaged rig;
  rig.fill();
  fs::rename(rig.file, rig.file + ".new");
  rig.open();
  CHECK(rig.found("a/x").size() == Damaged::days * 96);
}

TEST_CASE("rescue: cut off earlier, it begins anew") {
  Damaged rig;
  rig.fill();
  {
    std::ofstream(rig.file + ".new") << "half of it";
  }
  rig.spoil(rig.pages() / 2);
  rig.open();
  std::size_t found = 0;
  for (const char* name : {"a/x", "b/x", "c/x"}) found += rig.found(name).size();
  CHECK(found > 2 * Damaged::days * 96);
  CHECK_FALSE(fs::exists(rig.file + ".new"));
}

TEST_CASE("rescue: who only looks leaves damage as it is") {
  Damaged rig;
  {
    std::ofstream(rig.file) << std::string(20'000, 'x');
  }
  const auto journal = io::SqliteJournal::open(rig.file, io::SqliteJournal::Use::look);
  REQUIRE_FALSE(journal);
  CHECK(journal.error().fault == JournalFault::damaged);
  CHECK(bytes_of(rig.file) == std::string(20'000, 'x'));
  CHECK(rig.kept_aside().empty());
}
