#pragma once
// What a history that was damaged has lost, from the newest whole copy of it: quarter-hours that
// are not there any more. What could be read of the damaged file itself is newer, and stays.

#include <string>

#include "io/backup_place.hpp"
#include "io/sqlite.hpp"

namespace gridtap::io {

// Of the copies below `copies` the newest that opens, is sound and of our form is taken; none of
// them changes. An empty `copies`, a disk that is away, no copy: nothing is done. Returns what was
// taken from where, for the log; empty: nothing. An error is one of `to`.
JournalResult<std::string> refill_journal(SqlFile& to, const std::string& copies);

}  // namespace gridtap::io
