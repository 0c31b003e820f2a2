#pragma once
// Whole copies of the history beside the state files, each in a directory of its own with the day
// in its name: PLACE/gridtap-2026-11-30/history.db, state. They hold no password and no key.

#include <optional>
#include <string>

#include "core/journal.hpp"
#include "io/backup_place.hpp"
#include "io/sqlite_journal.hpp"

namespace gridtap::io {

// A copy by that day ("2026-11-30"); where it is there already, nothing is done. It is whole, or
// not there. Returns when it was made. May take as long as the disks like, from any thread.
JournalResult<std::optional<Instant>> back_up(SqliteJournal& journal, const BackupPlace& place,
                                              const std::string& day);

// When the newest one was made; nothing where there is none, or its disk is away.
std::optional<Instant> newest_copy(const BackupPlace& place);

}  // namespace gridtap::io
