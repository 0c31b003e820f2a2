#pragma once
// Files that are set aside beside the history rather than deleted: `history.db.bad-2026-11-30`, of
// which the newest are kept.

#include <string>
#include <string_view>

namespace gridtap::io {

inline constexpr int max_aside = 3;  // of a kind; the oldest go

// A name that is free for what is set aside today, after the oldest have gone.
std::string name_aside(const std::string& path, std::string_view kind);
// A file of SQLite, and what it has beside it.
void remove_with_companions(const std::string& path);

}  // namespace gridtap::io
