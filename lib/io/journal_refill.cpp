#include "io/journal_refill.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "io/journal_form.hpp"

namespace gridtap::io {
namespace {

// One copy, and what it adds.
class Refill {
 public:
  Refill(SqlFile& from, SqlFile& to) : from_(from), to_(to) {}

  // False: the copy could not be read to its end.
  JournalResult<bool> all() {
    auto series = from_.statement("SELECT id, name, unit, kind, exponent FROM series ORDER BY id");
    for (;;) {
      const auto row = series.step();
      if (!row || !*row) return row.has_value();
      const auto id = id_for(series);
      if (!id) return tl::unexpected(id.error());
      for (const char* table : {"slot", "recent"}) {
        if (!*id) break;
        const auto done = add(table, series.number(0), **id);
        if (!done || !*done) return done;
      }
    }
  }
  std::int64_t added() const { return added_; }
  const std::string& misfits() const { return misfits_; }

 private:
  // Nothing: it means something else there.
  JournalResult<std::optional<std::int64_t>> id_for(const SqlStatement& series) {
    const std::string name = series.text(1), unit = series.text(2), kind = series.text(3);
    auto known = to_.statement("SELECT id, unit, kind, exponent FROM series WHERE name = ?");
    const auto row = known.bind({name}).step();
    if (!row) return tl::unexpected(row.error());
    if (*row) {
      const bool is_same =
          known.text(1) == unit && known.text(2) == kind && known.number(3) == series.number(4);
      if (is_same) return known.number(0);
      misfits_ += (misfits_.empty() ? "" : ", ") + name;
      return std::optional<std::int64_t>();
    }
    const auto done =
        to_.statement("INSERT INTO series(name, unit, kind, exponent) VALUES(?, ?, ?, ?)")
            .run({name, unit, kind, series.number(4)});
    if (!done) return tl::unexpected(done.error());
    return to_.newest_id();
  }

  JournalResult<bool> add(const std::string& table, std::int64_t theirs, std::int64_t ours) {
    auto rows = from_.statement(("SELECT start, value, low, high, covered FROM " + table +
                                 " WHERE series = ? ORDER BY start")
                                    .c_str());
    auto put =
        to_.statement(("INSERT INTO " + table +
                       "(series, start, value, low, high, covered) SELECT ?1, ?2, ?3, ?4, ?5, ?6"
                       " WHERE NOT EXISTS (SELECT 1 FROM slot WHERE series = ?1 AND start = ?2)"
                       " AND NOT EXISTS (SELECT 1 FROM recent WHERE start = ?2 AND series = ?1)")
                          .c_str());
    rows.bind({theirs});
    for (const std::int64_t before = to_.changed_rows();;) {
      const auto row = rows.step();
      if (!row || !*row) {
        added_ += to_.changed_rows() - before;
        return row.has_value();
      }
      const auto done = put.run({ours, rows.number(0), rows.number(1), rows.number_if(2),
                                 rows.number_if(3), rows.number(4)});
      if (!done) return tl::unexpected(done.error());
    }
  }

  SqlFile &from_, &to_;
  std::int64_t added_ = 0;
  std::string misfits_;
};

bool is_sound(SqlFile& file) {
  auto check = file.statement("PRAGMA quick_check(1)");
  const auto row = check.step();
  return row && *row && check.text(0) == "ok";
}

}  // namespace

JournalResult<std::string> refill_journal(SqlFile& to, const std::string& copies) {
  if (copies.empty() || !place_problem(copies).empty()) return std::string();
  std::string said;
  for (const std::string& name : copies_in(copies)) {
    const std::string path = copies + '/' + name + "/history.db";
    auto from = SqlFile::open_still(path);
    if (!from || !expect_newest_form(*from, path) || !is_sound(*from)) continue;
    Refill refill(*from, to);
    const auto done = refill.all();
    if (!done) return tl::unexpected(done.error());
    said += ", and " + std::to_string(refill.added()) + " of the copy " + path;
    if (!refill.misfits().empty())
      said += " (not " + refill.misfits() + ": of another unit or kind there)";
    if (*done) return said;
  }
  return said;
}

}  // namespace gridtap::io
