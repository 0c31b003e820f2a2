#pragma once
// Whole copies of the history beside the state files, each in a directory of its own with the day
// in its name: PLACE/gridtap-2026-11-30/history.db, state. They hold no password and no key.

#include <string>

#include "core/journal.hpp"
#include "io/backup_place.hpp"
#include "io/sqlite_journal.hpp"

namespace gridtap::io {

// A copy by that day ("2026-11-30"); where it is there already, nothing is done. It is whole, or
// not there. May take as long as the disks like, from any thread.
JournalResult<void> back_up(SqliteJournal& journal, const BackupPlace& place,
                            const std::string& day);

}  // namespace gridtap::io
