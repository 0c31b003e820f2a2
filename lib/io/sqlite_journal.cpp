#include "io/sqlite_journal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <map>
#include <utility>

#include "io/aside.hpp"
#include "io/disk.hpp"
#include "io/journal_form.hpp"
#include "io/journal_rescue.hpp"
#include "io/made_files.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr const char* settings =
    "PRAGMA cache_size = -256; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
    "PRAGMA cell_size_check = ON;";
// FULL: what was answered is on the disk. With a commit an hour that costs nothing, and with NORMAL
// a power cut may take all that came since the night.
constexpr const char* writing = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

std::int64_t number_of(SlotTime time) { return time.time_since_epoch().count(); }

// The columns start, value, low, high, covered from `first` on.
Slot slot_at(const SqlStatement& row, int first) {
  return {.start = SlotTime(Quarters(row.number(first))),
          .value = row.number(first + 1),
          .low = row.number_if(first + 2),
          .high = row.number_if(first + 3),
          .covered = static_cast<std::int32_t>(row.number(first + 4))};
}

std::optional<SeriesKind> kind_of(const std::string& name) {
  const auto found = std::find(series_kind_names.begin(), series_kind_names.end(), name);
  if (found == series_kind_names.end()) return {};
  return static_cast<SeriesKind>(found - series_kind_names.begin());
}

// The columns name, unit, kind, exponent from 1 on.
SeriesHead head_at(const SqlStatement& row) {
  return {.name = row.text(1),
          .unit = row.text(2),
          .kind = kind_of(row.text(3)).value_or(SeriesKind::mean),
          .exponent = static_cast<int>(row.number(4))};
}

JournalError misfit(const std::string& path, const SeriesHead& kept, const SeriesHead& head) {
  const auto spelt = [](const SeriesHead& it) {
    return std::string(name(it.kind)) + " in " + it.unit + " x 10^" + std::to_string(it.exponent);
  };
  return {JournalFault::other, path + " has " + kept.name + " as " + spelt(kept) + ", not as " +
                                   spelt(head) + ": values must be converted first"};
}

JournalResult<std::vector<Slot>> rows_of(SqlStatement& query) {
  std::vector<Slot> slots;
  for (;;) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return slots;
    slots.push_back(slot_at(query, 0));
  }
}

// Newest quarter-hours by the number of the series, those that are there already kept if newer.
JournalResult<void> collect_newest(SqlStatement query, std::map<std::int64_t, Slot>& newest) {
  for (;;) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    const Slot slot = slot_at(query, 1);
    const auto [at, is_new] = newest.try_emplace(query.number(0), slot);
    if (!is_new && at->second.start < slot.start) at->second = slot;
  }
}

}  // namespace

JournalResult<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const std::string& file, Use use,
                                                                  std::string copies) {
  // What SQLite writes beside the file is beside what a link leads to.
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  const std::string path = error ? file : real.string();
  std::unique_ptr<SqliteJournal> journal(new SqliteJournal(path, use, std::move(copies)));
  if (use == Use::keep) finish_rescue(path);
  if (use == Use::keep && !fs::exists(path, error) && !error) journal->keep_orphan();
  const auto opened = journal->whole([] { return JournalResult<void>(); });
  if (!opened) return tl::unexpected(opened.error());
  return journal;
}

SqliteJournal::SqliteJournal(std::string path, Use use, std::string copies)
    : path_(std::move(path)), use_(use), copies_(std::move(copies)) {}

SqliteJournal::~SqliteJournal() {
  if (file_ && is_elsewhere()) leave();
}

JournalResult<void> SqliteJournal::enter() {
  if (file_ && is_elsewhere()) leave();
  if (file_) return {};
  border_.reset();
  if (use_ == Use::keep) make_directory(fs::path(path_).parent_path());
  auto file = SqlFile::open(path_, use_);
  if (!file) return tl::unexpected(file.error());
  const auto done = use_ == Use::keep ? enter_to_keep(*file) : enter_to_look(*file);
  if (done) file_ = std::move(*file);
  return done;
}

bool SqliteJournal::is_elsewhere() const {
  return file_->is_elsewhere() || (mark_ && !mark_->is_at(path_));
}

// All that was committed belongs to the file that was moved. One without a name may have been moved
// to another disk, as it was then: that one needs what is beside it as it is.
void SqliteJournal::leave() {
  notice_ = path_ + " was moved, removed or replaced: what is there now goes on";
  const bool has_name = mark_ && !mark_->is_removed();
  const bool is_all_in = use_ == Use::keep && has_name && file_->take_in();
  file_.reset();
  if (use_ == Use::keep) leave_beside(is_all_in);
}

// SQLite leaves it, and would take it for part of the file that is there now.
void SqliteJournal::leave_beside(bool is_empty) {
  const std::string beside = path_ + "-wal";
  std::error_code ignored;
  if (!beside_mark_ || !beside_mark_->is_at(beside)) return;
  fs::remove(path_ + "-shm", ignored);
  if (!is_empty) keep_orphan();
  fs::remove(beside, ignored);  // nothing is in it then
}

// What is beside a file that is not there.
void SqliteJournal::keep_orphan() {
  std::error_code error;
  const auto bytes = fs::file_size(path_ + "-wal", error);
  if (error || bytes == 0) return;
  const std::string aside = name_aside(path_, "left") + "-wal";
  fs::rename(path_ + "-wal", aside, error);
  if (error) return;
  if (notice_.empty()) notice_ = path_ + " is not there any more: a new one begins";
  notice_ += "; what it got last is in " + aside + ", and counts beside it as its -wal";
}

JournalResult<void> SqliteJournal::enter_to_keep(SqlFile& file) {
  file.leave_untouched(true);  // until it is known to be ours
  const auto form = form_of(file, path_);
  if (!form) return tl::unexpected(form.error());
  file.leave_untouched(false);
  auto done = file.run(settings);
  if (done) done = file.run(writing);
  if (done) done = bring_up_to_date(file, path_);
  mark_ = FileMark::of(path_);
  beside_mark_ = FileMark::of(path_ + "-wal");
  return done;
}

JournalResult<void> SqliteJournal::enter_to_look(SqlFile& file) {
  const auto done = expect_newest_form(file, path_);
  return done ? file.run(settings) : done;
}

// What the work meets as damage is repaired once.
template <class Work>
auto SqliteJournal::whole(Work work) -> decltype(work()) {
  using Done = decltype(work());
  const auto attempt = [&] {
    const auto entered = enter();
    return entered ? work() : Done(tl::unexpected(entered.error()));
  };
  auto done = attempt();
  if (done || done.error().fault != JournalFault::damaged || use_ == Use::look) return done;
  file_.reset();
  auto said = rescue_journal(path_, copies_);
  if (!said) return tl::unexpected(std::move(said).error());
  notice_ = mended_ = std::move(*said);
  return attempt();
}

std::string SqliteJournal::take_notice() { return std::exchange(notice_, {}); }

std::string SqliteJournal::take_mended() { return std::exchange(mended_, {}); }

JournalResult<std::vector<KeptSeries>> SqliteJournal::series() {
  return whole([&] { return all_series(); });
}

JournalResult<std::vector<KeptSeries>> SqliteJournal::all_series() {
  std::map<std::int64_t, Slot> newest;
  auto done =
      collect_newest(file_->statement("SELECT series, start, value, low, high, covered FROM recent"
                                      " ORDER BY start DESC"),
                     newest);
  if (done) {  // CROSS: in this order, or SQLite reads all of ten years
    done = collect_newest(
        file_->statement("SELECT series, start, value, low, high, covered FROM series"
                         " CROSS JOIN slot ON slot.series = series.id WHERE start ="
                         " (SELECT max(start) FROM slot WHERE slot.series = series.id)"),
        newest);
  }
  if (!done) return tl::unexpected(done.error());
  std::vector<KeptSeries> all;
  auto query = file_->statement("SELECT id, name, unit, kind, exponent FROM series ORDER BY id");
  for (;;) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return all;
    const auto slot = newest.find(query.number(0));
    all.push_back(
        {head_at(query), slot == newest.end() ? std::nullopt : std::optional(slot->second)});
  }
}

JournalResult<void> SqliteJournal::write(const std::vector<SeriesSlots>& all) {
  return whole([&] { return file_->transaction([&] { return put(all); }); });
}

JournalResult<void> SqliteJournal::put(const std::vector<SeriesSlots>& all) {
  for (const SeriesSlots& each : all) {
    const auto id = id_for(each.head);
    if (!id) return tl::unexpected(id.error());
    if (auto done = put(*id, each.slots); !done) return done;
  }
  return {};
}

JournalResult<std::int64_t> SqliteJournal::id_for(const SeriesHead& head) {
  auto query = file_->statement("SELECT id, name, unit, kind, exponent FROM series WHERE name = ?");
  const auto row = query.bind({head.name}).step();
  if (!row) return tl::unexpected(row.error());
  if (*row) {
    const SeriesHead kept = head_at(query);
    if (kept == head) return query.number(0);
    return tl::unexpected(misfit(path_, kept, head));
  }
  const auto done =
      file_->statement("INSERT INTO series(name, unit, kind, exponent) VALUES(?, ?, ?, ?)")
          .run({head.name, head.unit, name(head.kind), head.exponent});
  if (!done) return tl::unexpected(done.error());
  return file_->newest_id();
}

JournalResult<void> SqliteJournal::put(std::int64_t id, const std::vector<Slot>& slots) {
  const auto limit = border();
  if (!limit) return tl::unexpected(limit.error());
  auto recent = file_->statement(
      "REPLACE INTO recent(series, start, value, low, high, covered) VALUES(?, ?, ?, ?, ?, ?)");
  auto lasting = file_->statement(
      "REPLACE INTO slot(series, start, value, low, high, covered) VALUES(?, ?, ?, ?, ?, ?)");
  auto no_longer = file_->statement("DELETE FROM recent WHERE series = ? AND start = ?");
  for (const Slot& slot : slots) {
    const std::int64_t start = number_of(slot.start);
    const bool ended = slot.start < *limit;
    auto done =
        (ended ? lasting : recent).run({id, start, slot.value, slot.low, slot.high, slot.covered});
    if (done && ended) done = no_longer.run({id, start});
    if (!done) return done;
  }
  return {};
}

// Behind the newest that was moved, until something is moved again.
JournalResult<SlotTime> SqliteJournal::border() {
  if (border_) return *border_;
  const auto newest = file_->number(
      "SELECT max((SELECT max(start) FROM slot WHERE slot.series = series.id)) FROM series");
  if (!newest) return tl::unexpected(newest.error());
  border_ = SlotTime(Quarters(*newest + 1));
  return *border_;
}

// A reader may have the file open for long: what cannot be taken out of the file beside it now is
// the next time.
JournalResult<void> SqliteJournal::tidy(SlotTime ended, SlotTime forgotten) {
  return whole([&]() -> JournalResult<void> {
    auto done = file_->transaction([&] { return move(ended, forgotten); });
    if (!done) return done;
    border_ = ended;
    const auto emptied = file_->number("PRAGMA wal_checkpoint(TRUNCATE)");
    return emptied ? JournalResult<void>() : tl::unexpected(emptied.error());
  });
}

// Its number; 0 where there is none.
JournalResult<std::int64_t> SqliteJournal::oldest_slot() {
  auto query = file_->statement(
      "SELECT min(first) FROM (SELECT (SELECT min(start) FROM slot WHERE slot.series = series.id)"
      " AS first FROM series UNION ALL SELECT min(start) FROM recent)");
  const auto row = query.step();
  if (!row) return tl::unexpected(row.error());
  return query.number(0);
}

JournalResult<void> SqliteJournal::move(SlotTime ended, SlotTime forgotten) {
  const auto oldest = oldest_slot();
  if (!oldest) return tl::unexpected(oldest.error());
  constexpr std::int64_t most = Quarters(longest_forgotten).count();
  const std::int64_t end = number_of(ended);
  const std::int64_t first = std::min(number_of(forgotten), *oldest + most);
  auto done = file_
                  ->statement(
                      "REPLACE INTO slot(series, start, value, low, high, covered)"
                      " SELECT series, start, value, low, high, covered FROM recent"
                      " WHERE start >= ? AND start < ? ORDER BY series, start")
                  .run({first, end});
  if (done) {
    done = file_->statement("DELETE FROM recent WHERE start < ?").run({std::max(first, end)});
  }
  if (!done) return done;
  return file_->statement("DELETE FROM slot WHERE series IN (SELECT id FROM series) AND start < ?")
      .run({first});
}

JournalResult<std::vector<Slot>> SqliteJournal::read(const std::string& series, SlotTime begin,
                                                     SlotTime end) {
  return whole([&] { return slots(series, begin, end); });
}

// Where both tables have one, the recent one is newer.
JournalResult<std::vector<Slot>> SqliteJournal::slots(const std::string& series, SlotTime begin,
                                                      SlotTime end) {
  constexpr auto most = static_cast<std::int64_t>(Journal::max_slots);
  const std::int64_t first = number_of(begin);
  std::int64_t last = number_of(end);
  auto query = file_->statement(
      "SELECT start, value, low, high, covered FROM slot WHERE series ="
      " (SELECT id FROM series WHERE name = ?) AND start >= ? AND start < ? ORDER BY start"
      " LIMIT ?");
  auto lasting = rows_of(query.bind({series, first, last, most}));
  if (!lasting) return lasting;
  if (lasting->size() == Journal::max_slots) last = number_of(lasting->back().start) + 1;
  auto newer = file_->statement(
      "SELECT start, value, low, high, covered FROM recent WHERE series ="
      " (SELECT id FROM series WHERE name = ?) AND start >= ? AND start < ? ORDER BY start"
      " LIMIT ?");
  auto recent = rows_of(newer.bind({series, first, last, most}));
  if (!recent || recent->empty()) return recent ? lasting : recent;
  std::vector<Slot> both;
  std::set_union(recent->begin(), recent->end(), lasting->begin(), lasting->end(),
                 std::back_inserter(both),
                 [](const Slot& a, const Slot& b) { return a.start < b.start; });
  both.resize(std::min(both.size(), Journal::max_slots));
  return both;
}

JournalResult<JournalFigures> SqliteJournal::figures() {
  JournalFigures figures;
  for (const char* part : {"", "-wal", "-shm"}) {
    std::error_code error;
    const auto size = fs::file_size(path_ + part, error);
    if (!error) figures.bytes += size;
  }
  return figures;
}

JournalResult<void> SqliteJournal::backup(const std::string& target) {
  return whole([&] { return copy_to(target); });
}

JournalResult<void> SqliteJournal::copy_to(const std::string& target) {
  const std::string fresh = target + ".new";
  RealDisk disk;
  disk.remove(fresh);
  auto done = file_->copy_to(fresh);
  int error = done ? disk.synchronise_file(fresh) : 0;
  if (done && error == 0) error = disk.rename(fresh, target);
  if (error != 0) done = tl::unexpected(system_error(target, error));
  if (!done) disk.remove(fresh);
  if (done) disk.synchronise_directory(fs::path(target).parent_path());
  return done;
}

}  // namespace gridtap::io
