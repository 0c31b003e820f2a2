#include "app/history_file.hpp"

#include <filesystem>
#include <utility>

#include "app/exit_status.hpp"
#include "app/refusal.hpp"

namespace gridtap::app {
namespace {

using Use = io::SqliteJournal::Use;

}  // namespace

int load_history(const std::string& config, HistoryFile& history) {
  LoadedHouse loaded = load_house(config);
  print(loaded.problems, config);
  if (!loaded.problems.empty()) return exit_config;
  history.house = std::move(loaded.house);
  if (!history.house.history) {
    return refuse(exit_config, config + ": no history is kept: write `history: {}` into it");
  }
  history.zone = Zone::named(history.house.time_zone);
  if (!history.zone) return refuse(exit_config, "the time zone of this machine is not known");
  return exit_good;
}

int open_journal(Use use, HistoryFile& history) {
  const HistoryConfig& config = *history.house.history;
  const std::string file = config.file();
  std::error_code error;
  if (use == Use::look && !std::filesystem::exists(file, error) && !error) {
    return refuse(exit_no_data, "there is no history yet: " + file + " is not there");
  }
  auto journal =
      io::SqliteJournal::open(file, use, config.copies ? config.copies->directory : std::string());
  if (!journal) return refuse(exit_no_input, journal.error().detail);
  history.journal = std::move(*journal);
  auto series = history.journal->series();
  if (!series) return refuse(exit_no_input, series.error().detail);
  history.kept = *std::move(series);
  for (const KeptSeries& each : history.kept) history.series.push_back(each.head);
  const bool is_empty = use == Use::look && history.series.empty();
  return is_empty ? refuse(exit_no_data, "there is nothing in " + file + " yet") : exit_good;
}

}  // namespace gridtap::app
