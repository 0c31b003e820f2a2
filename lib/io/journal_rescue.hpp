#pragma once
// A history that is damaged: what can be read of it goes into a new file, with what else the newest
// whole copy has, and the damaged one is kept beside it as `history.db.bad-2026-11-30`.

#include <string>

#include "core/journal.hpp"

namespace gridtap::io {

// The file is closed. A power cut meanwhile leaves the damaged one or the new one. Returns what was
// done, for the log. `copies`: the directory of whole copies; empty: there are none.
JournalResult<std::string> rescue_journal(const std::string& path, const std::string& copies = {});
// What a power cut may have left of that at its last step. Before the file is opened.
void finish_rescue(const std::string& path);

}  // namespace gridtap::io
