#pragma once
// The history of a configuration for the commands that look at it or add to it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/house_config.hpp"
#include "core/zone.hpp"
#include "io/sqlite_journal.hpp"

namespace gridtap::app {

struct HistoryFile {
  std::unique_ptr<io::SqliteJournal> journal;
  std::vector<SeriesHead> series;  // that are there
  std::vector<KeptSeries> kept;    // the same with the newest quarter-hour of each
  std::optional<Zone> zone;        // of the house
  HouseConfig house;
};

// All say what is wrong on standard error, and return the status to end with.

// The house; it must keep a history.
int load_history(const std::string& config, HistoryFile& history);
// After that. To look at one that is not there, or is empty, is exit_no_data.
int open_journal(io::SqliteJournal::Use use, HistoryFile& history);

}  // namespace gridtap::app
