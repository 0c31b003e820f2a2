#include "io/journal_rescue.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <vector>

#include "io/aside.hpp"
#include "io/disk.hpp"
#include "io/journal_form.hpp"
#include "io/journal_refill.hpp"
#include "io/sqlite.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

// What lies outside of these is no time but damage. The clock has no say: it may not be set yet.
constexpr std::int64_t earliest = 946'684'800 / 900;  // 2000
constexpr std::int64_t latest = 4'102'444'800 / 900;  // 2100
constexpr std::int64_t first_stride = 96;  // over damage: a day, less than a page of a file holds
constexpr std::int64_t most_series = 4096;

// Copies what can be read of a file that is damaged.
class Copy {
 public:
  Copy(SqlFile& from, SqlFile& to) : from_(from), to_(to) {}

  JournalResult<void> all() {
    for (std::int64_t id = 1; id < most_series; ++id) {
      if (auto done = copy_series(id); !done) return done;
    }
    auto done = copy_slots("recent", "?1 = 0", 0);
    for (auto id = series_.begin(); done && id != series_.end(); ++id) {
      done = copy_slots("slot", "series = ?1", *id);
    }
    return done;
  }
  std::string taken() const {
    return std::to_string(slots_) + " quarter-hours of " + std::to_string(series_.size()) +
           " series";
  }

 private:
  struct Run {
    std::optional<std::int64_t> first = {}, last = {};  // that could be read
    bool whole = false;                                 // to its end
  };

  JournalResult<void> copy_series(std::int64_t id) {
    auto query = from_.statement("SELECT name, unit, kind, exponent FROM series WHERE id = ?");
    const auto row = query.bind({id}).step();
    if (!row || !*row) return {};
    const std::string name = query.text(0), unit = query.text(1), kind = query.text(2);
    if (std::ranges::find(series_kind_names, kind) == series_kind_names.end()) return {};
    series_.insert(id);
    return to_.statement("INSERT OR IGNORE INTO series VALUES(?, ?, ?, ?, ?)")
        .run({id, name, unit, kind, query.number(3)});
  }

  // Upwards until it fails, on from behind the damage, and from there down to it.
  JournalResult<void> copy_slots(const std::string& table, const std::string& which,
                                 std::int64_t series) {
    const std::string rows = "SELECT start, series, value, low, high, covered FROM " + table +
                             " WHERE " + which + " AND start >= ?2 AND start < ?3 ORDER BY start";
    auto upwards = from_.statement(rows.c_str());
    auto downwards = from_.statement((rows + " DESC").c_str());
    auto put = to_.statement(("REPLACE INTO " + table +
                              "(start, series, value, low, high, covered)"
                              " VALUES(?, ?, ?, ?, ?, ?)")
                                 .c_str());
    std::int64_t damage = earliest;  // its first quarter-hour
    std::int64_t stride = first_stride;
    for (std::int64_t from = earliest; from < latest; from += stride) {
      const auto run = go(upwards.bind({series, from, latest}), put);
      if (!run) return tl::unexpected(run.error());
      if (run->first && from > damage) {
        const auto back = go(downwards.bind({series, damage, *run->first}), put);
        if (!back) return tl::unexpected(back.error());
      }
      if (run->whole) return {};
      stride = run->last ? first_stride : stride + stride / 8;
      damage = run->last.value_or(damage);
      from = std::max(from, damage);
    }
    return {};
  }

  JournalResult<Run> go(SqlStatement& query, SqlStatement& put) {
    for (Run run;;) {
      const auto row = query.step();
      run.whole = row && !*row;
      if (!row || !*row) return run;
      run.last = query.number(0);
      if (!run.first) run.first = run.last;
      if (const auto done = take(query, put); !done) return tl::unexpected(done.error());
    }
  }

  JournalResult<void> take(const SqlStatement& row, SqlStatement& put) {
    const std::int64_t covered = row.number(5);
    if (!series_.contains(row.number(1)) || covered < 0 || covered > 900) return {};
    ++slots_;
    return put.run(
        {row.number(0), row.number(1), row.number(2), row.number_if(3), row.number_if(4), covered});
  }

  SqlFile &from_, &to_;
  std::set<std::int64_t> series_;
  std::uint64_t slots_ = 0;  // one beside damage may count twice
};

// What was taken over. A file that was cut off is read as far as it goes (writable_schema).
JournalResult<std::string> copy_whole_part(const std::string& path, SqlFile& to) {
  auto from = SqlFile::open(path, SqlFile::Use::look);
  if (!from || !from->run("PRAGMA cell_size_check = ON; PRAGMA writable_schema = ON")) {
    return "nothing";
  }
  Copy copy(*from, to);
  const auto done = to.transaction([&] { return copy.all(); });
  if (!done) return tl::unexpected(done.error());
  return copy.taken();
}

// What `fresh` has then, from where; it is on the disk.
JournalResult<std::string> make_anew(const std::string& path, const std::string& fresh,
                                     const std::string& copies) {
  auto to = SqlFile::open(fresh, SqlFile::Use::keep);
  if (!to) return tl::unexpected(to.error());
  auto done = to->run(SqlFile::unsafe);
  if (done) done = bring_up_to_date(*to, fresh);
  if (!done) return tl::unexpected(done.error());
  auto taken = copy_whole_part(path, *to);
  if (!taken) return taken;
  *taken += " of it";
  done = to->transaction([&]() -> JournalResult<void> {
    const auto refilled = refill_journal(*to, copies);
    if (!refilled) return tl::unexpected(refilled.error());
    *taken += *refilled;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return taken;
}

// What is beside it goes first: cut off in between, it finds its companion there the next time.
int set_aside(const std::string& path, const std::string& aside) {
  RealDisk disk;
  disk.rename(path + "-wal", aside + "-wal");  // there may be none
  disk.remove(path + "-shm");
  return disk.rename(path, aside);
}

}  // namespace

JournalResult<std::string> rescue_journal(const std::string& path, const std::string& copies) {
  const std::string fresh = path + ".new";
  remove_with_companions(fresh);
  RealDisk disk;
  auto taken = make_anew(path, fresh, copies);
  if (!taken) {
    remove_with_companions(fresh);
    return taken;
  }
  const std::string aside = name_aside(path, "bad");
  int error = disk.synchronise_file(fresh);
  if (error == 0) error = set_aside(path, aside);
  if (error == 0) error = disk.rename(fresh, path);
  if (error != 0) return tl::unexpected(system_error(path, error));
  disk.synchronise_directory(fs::path(path).parent_path());
  return path + " is damaged: set aside as " + aside + ", and a new one begun with " + *taken;
}

void finish_rescue(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) fs::rename(path + ".new", path, ignored);
}

}  // namespace gridtap::io
