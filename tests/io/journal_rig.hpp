#pragma once
// A history of a test's own, and what is in it.

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "io/sqlite_journal.hpp"
#include "support/scratch.hpp"

namespace gridtap {

// 2025-11-03, a Monday, 00:00 UTC, and so many quarter-hours later.
constexpr SlotTime quarter(std::int64_t number) {
  return SlotTime(Quarters(std::int64_t{1'762'128'000} / 900 + number));
}

inline SeriesHead energy(const std::string& name = "meter/energy_import") {
  return {name, "kWh", SeriesKind::growth, -3};
}

// What the rigs write: one value says the whole quarter-hour.
constexpr Slot slot_at(std::int64_t number, std::int64_t value) {
  return {quarter(number), value, 1'000'000 + value, 1'000'000 + 2 * value, 900};
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct JournalRig {
  Scratch scratch;
  std::string file = scratch / "history.db";
  std::unique_ptr<io::SqliteJournal> journal = {};

  void open() {
    journal.reset();
    auto opened = io::SqliteJournal::open(file, io::SqliteJournal::Use::keep);
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().detail));
    journal = std::move(*opened);
  }
  void write(const SeriesHead& head, std::vector<Slot> slots) {
    const auto done = journal->write({{head, std::move(slots)}});
    REQUIRE_MESSAGE(done, (done ? "" : done.error().detail));
  }
  void tidy(std::int64_t ended, std::int64_t forgotten) {
    REQUIRE(journal->tidy(quarter(ended), quarter(forgotten)));
  }
  std::vector<Slot> read(const std::string& series, std::int64_t begin, std::int64_t end) {
    const auto slots = journal->read(series, quarter(begin), quarter(end));
    REQUIRE_MESSAGE(slots, (slots ? "" : slots.error().detail));
    return *slots;
  }
  // By another connection, as other programs would.
  void sql(const char* text) const {
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &other) == SQLITE_OK);
    CHECK(sqlite3_exec(other, text, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(other);
  }
  std::int64_t number(const char* text) const {
    sqlite3* other = nullptr;
    std::int64_t answer = -1;
    REQUIRE(sqlite3_open_v2(file.c_str(), &other, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    sqlite3_stmt* query = nullptr;
    REQUIRE(sqlite3_prepare_v2(other, text, -1, &query, nullptr) == SQLITE_OK);
    if (sqlite3_step(query) == SQLITE_ROW) answer = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(other);
    return answer;
  }
};

}  // namespace gridtap
