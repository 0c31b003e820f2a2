#pragma once
// What the file of the history looks like inside (user_version says which form), and how an older
// form becomes the newest.
//
//   series  one row a series: what its values mean
//   recent  quarter-hours of days that go on, all series of a time side by side
//   slot    those of days that have ended, all times of a series side by side
//
// Written in the order in which they come, read in the order in which a chart asks: one table would
// be slow at one of the two, or would wear the card out.

#include <cstdint>
#include <string>

#include "core/journal.hpp"
#include "io/sqlite.hpp"

namespace gridtap::io {

// 0: empty. newer_form where it is of a form after ours, other where it is no history of gridtap.
JournalResult<std::int64_t> form_of(SqlFile& file, const std::string& path);
// Makes or migrates it.
JournalResult<void> bring_up_to_date(SqlFile& file, const std::string& path);
// Whether it can be read as it is.
JournalResult<void> expect_newest_form(SqlFile& file, const std::string& path);

}  // namespace gridtap::io
