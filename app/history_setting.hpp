#pragma once
// The settings of the history: where it is kept, how long, and of what.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/section.hpp"
#include "io/backup_place.hpp"

namespace gridtap::app {

// A line of each device each `interval`.
struct DayFilesConfig {
  std::string directory;
  std::chrono::seconds interval{10};
  std::optional<std::chrono::days> keep;  // nothing: for good
};

struct HistoryConfig {
  std::string directory;
  std::string file() const { return directory + "/history.db"; }
  std::optional<std::chrono::days> keep;  // nothing: for good
  // In this order, the last one that fits decides: "default", "meter/voltage_*", and what begins
  // with `-` is not kept.
  std::vector<std::string> series = {"default"};
  std::optional<io::BackupPlace> copies;    // nothing: none are made
  std::optional<DayFilesConfig> day_files;  // nothing: none are written
};

// What the history has to get on with.
struct BesideHistory {
  std::string state_dir;             // beside whose files it is kept where nothing else is said
  std::vector<std::string> devices;  // whose values it may keep
};

// Reads `history`; nothing where there is none.
std::optional<HistoryConfig> read_history(Section& root, const BesideHistory& beside);

}  // namespace gridtap::app
