#pragma once
// The history in a file that survives power cuts, as journal_form.hpp says; one call after the
// other, each as long as the disk takes. The program that keeps it is the only one that writes;
// others may look at any time. journal_thread.hpp puts it beside the loop.
//
// A file in which damage is met is set aside and a new one begun with all that can be read of it,
// and what else a copy has (journal_rescue.hpp); the call then goes on with that one.
// One that is moved, removed or replaced meanwhile is noticed at the next call: what was committed
// is in the one that was moved, and the call goes on with what is there, or with a new one.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/journal.hpp"
#include "io/file_mark.hpp"
#include "io/sqlite.hpp"

namespace gridtap::io {

class SqliteJournal {
 public:
  // look: another program's view, never writes; also while the daemon runs, and from where nothing
  // may be written. It leaves a damaged file as it is.
  using Use = SqlFile::Use;

  static constexpr std::chrono::days longest_forgotten{31};

  // `file`: DIRECTORY/history.db. keep: made where there is none (with the last part of DIRECTORY),
  // migrated where older. `copies`: the directory of whole copies of it; empty: there are none.
  static JournalResult<std::unique_ptr<SqliteJournal>> open(const std::string& file, Use use,
                                                            std::string copies = {});
  ~SqliteJournal();

  JournalResult<std::vector<KeptSeries>> series();
  // A series keeps the unit, kind and exponent that it began with: others are refused.
  JournalResult<void> write(const std::vector<SeriesSlots>& all);
  // Forgets no more than longest_forgotten at a time: a clock may be wrong for a night.
  JournalResult<void> tidy(SlotTime ended, SlotTime forgotten);
  // At most Journal::max_slots, from both tables, in order of time.
  JournalResult<std::vector<Slot>> read(const std::string& series, SlotTime begin, SlotTime end);
  JournalResult<JournalFigures> figures();
  // All of it into another file, which is whole or as it was before. Its directory must be there.
  JournalResult<void> backup(const std::string& target);

  // What a person should know of the calls since the last time: what was damaged, and what was done
  // about it. Empty: nothing.
  std::string take_notice();
  // The same of damage alone.
  std::string take_mended();

 private:
  SqliteJournal(std::string path, Use use, std::string copies);
  JournalResult<void> enter();
  bool is_elsewhere() const;
  void leave();
  void leave_beside(bool is_empty);
  void keep_orphan();
  JournalResult<void> enter_to_keep(SqlFile& file);
  JournalResult<void> enter_to_look(SqlFile& file);
  template <class Work>
  auto whole(Work work) -> decltype(work());

  JournalResult<std::vector<KeptSeries>> all_series();
  JournalResult<void> put(const std::vector<SeriesSlots>& all);
  JournalResult<void> put(std::int64_t id, const std::vector<Slot>& slots);
  JournalResult<std::int64_t> id_for(const SeriesHead& head);
  JournalResult<SlotTime> border();
  JournalResult<std::int64_t> oldest_slot();
  JournalResult<void> move(SlotTime ended, SlotTime forgotten);
  JournalResult<void> copy_to(const std::string& target);
  JournalResult<std::vector<Slot>> slots(const std::string& series, SlotTime begin, SlotTime end);

  std::string path_;
  Use use_;
  std::string copies_;
  std::optional<SqlFile> file_;     // nothing: it is opened with the next call
  std::optional<SlotTime> border_;  // before it quarter-hours go to `slot`; nothing: not known yet
  std::optional<FileMark> mark_, beside_mark_;  // of it, and of the file beside it
  std::string notice_, mended_;
};

}  // namespace gridtap::io
