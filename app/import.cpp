#include "app/import.hpp"

#include <algorithm>
#include <cstring>
#include <iostream>
#include <optional>
#include <utility>

#include "app/exit_status.hpp"
#include "app/history_file.hpp"
#include "app/text_lines.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "history/day_files.hpp"
#include "history/table_file.hpp"
#include "io/state_lock.hpp"

namespace gridtap::app {
namespace {

using Use = io::SqliteJournal::Use;
using history::FilePlace;
using history::Imported;
using history::ImportSum;

// Years of day files; each is open for a moment only.
constexpr std::size_t max_files = 20'000;

int refuse(int status, const std::string& why) {
  std::cerr << printable(why) << '\n';
  return status;
}

// From files to what is to be written.
class Import {
 public:
  Import(const ImportOptions& options, HistoryFile& history)
      : options_(options), history_(history) {}

  int read_files();
  int leave_out_known();
  int write(Output& output);

 private:
  int sort_files();
  int find_device(std::string& device) const;
  int read_day_files();
  int read_day_file(std::uint32_t file, history::DayFiles& days);
  int read_table(std::uint32_t file);
  int join(Imported imported);
  int refuse_contradiction(const ImportSum::Contradiction& it) const;
  void tell(const history::ImportNotes& notes) const;
  std::string place(FilePlace at) const;

  const ImportOptions& options_;
  HistoryFile& history_;
  std::vector<std::uint32_t> tables_;
  std::vector<std::pair<std::string, std::uint32_t>> day_files_;  // by their first lines
  ImportSum sum_;
};

std::string Import::place(FilePlace at) const {
  const std::string& file = options_.files[at.file];
  return at.line == 0 ? file + ": " : file + ':' + std::to_string(at.line) + ": ";
}

void Import::tell(const history::ImportNotes& notes) const {
  for (const history::ImportNote& each : notes.all()) {
    std::cerr << printable(place(each.place) + each.text) << '\n';
  }
}

// By what their first lines are.
int Import::sort_files() {
  for (std::uint32_t file = 0; file < options_.files.size(); ++file) {
    auto lines = TextLines::open(options_.files[file]);
    if (!lines) return refuse(exit_no_input, lines.error().detail);
    const std::string first = lines->next().value_or("");
    if (history::TableFile::is_one(first)) {
      tables_.push_back(file);
    } else if (history::DayFiles::is_one(first)) {
      day_files_.push_back({first, file});
    } else {
      const std::string forms =
          "neither a table as `gridtap export` writes it (its first line is "
          "time,meter/energy_import[kWh],...) nor a day file of 19 fields a line";
      return refuse(exit_data,
                    lines->problem().empty() ? place({file, 1}) + forms : lines->problem());
    }
  }
  std::sort(day_files_.begin(), day_files_.end());
  return exit_good;
}

int Import::find_device(std::string& device) const {
  device = options_.device;
  if (!device.empty()) {
    if (is_id(device)) return exit_good;
    return refuse(exit_usage, "--device " + device + ": small letters, digits and _, as in topics");
  }
  std::size_t meters = 0;
  for (const DeviceConfig& each : history_.house.devices) {
    if (each.kind == nullptr || each.kind->name != "han") continue;
    device = each.id;
    ++meters;
  }
  if (meters == 1) return exit_good;
  return refuse(exit_usage, "a day file does not name its meter: say which one of " +
                                options_.config + " it is, with --device");
}

int Import::read_day_file(std::uint32_t file, history::DayFiles& days) {
  auto lines = TextLines::open(options_.files[file]);
  if (!lines) return refuse(exit_no_input, lines.error().detail);
  while (const auto line = lines->next()) days.line(*line, {file, lines->line()});
  return lines->problem().empty() ? exit_good : refuse(exit_data, lines->problem());
}

// One after the other: what comes at midnight is shared between two of them.
int Import::read_day_files() {
  if (day_files_.empty()) return exit_good;
  std::string device;
  if (const int status = find_device(device)) return status;
  const auto zone = options_.zone.empty() ? history_.zone : Zone::named(options_.zone);
  if (!zone) {
    return refuse(exit_usage, "--zone " + options_.zone + ": no such time zone, as Europe/Oslo");
  }
  history::DayFiles days(device, history::SeriesChoice(history_.house.history->series), *zone);
  for (const auto& [first_line, file] : day_files_) {
    if (const int status = read_day_file(file, days)) return status;
  }
  Imported imported = days.finish();
  tell(days.notes());
  return join(std::move(imported));
}

int Import::read_table(std::uint32_t file) {
  auto lines = TextLines::open(options_.files[file]);
  if (!lines) return refuse(exit_no_input, lines.error().detail);
  history::TableFile table;
  std::string problem;
  while (const auto line = lines->next()) {
    problem = lines->line() == 1 ? table.head(*line, history_.series)
                                 : table.line(*line, {file, lines->line()});
    if (!problem.empty()) return refuse(exit_data, place({file, lines->line()}) + problem);
  }
  if (!lines->problem().empty()) return refuse(exit_data, lines->problem());
  auto imported = table.finish(problem);
  tell(table.notes());
  if (!imported) return refuse(exit_data, place({file, 0}) + problem);
  return join(std::move(*imported));
}

int Import::join(Imported imported) {
  const auto found = sum_.add(std::move(imported));
  return found ? refuse_contradiction(*found) : exit_good;
}

int Import::refuse_contradiction(const ImportSum::Contradiction& it) const {
  const auto spelt = [&](std::int64_t units) {
    return to_text(shifted({units, 0}, it.head.exponent)) + ' ' + it.head.unit;
  };
  std::string text = place(it.place) + it.head.name + " has " + spelt(it.fresh.value) + " at ";
  append(text, Timestamp{it.fresh.start, history_.zone->offset_at(it.fresh.start)});
  return refuse(exit_data, text + ", where " + spelt(it.old.value) +
                               " is known already: nothing was imported");
}

int Import::read_files() {
  if (options_.files.size() > max_files) {
    return refuse(exit_usage, "at most " + std::to_string(max_files) + " files at once");
  }
  if (const int status = sort_files()) return status;
  for (const std::uint32_t file : tables_) {
    if (const int status = read_table(file)) return status;
  }
  return read_day_files();
}

int Import::leave_out_known() {
  for (const ImportSum::Range& range : sum_.ranges()) {
    for (SlotTime begin = range.begin; begin < range.end;) {
      const auto slots = history_.journal->read(range.series, begin, range.end);
      if (!slots) return refuse(exit_os, slots.error().detail);
      if (const auto found = sum_.meet(range.series, *slots)) return refuse_contradiction(*found);
      if (slots->size() < Journal::max_slots) break;
      begin = slots->back().start + Quarters{1};
    }
  }
  return exit_good;
}

int Import::write(Output& output) {
  const std::vector<SeriesSlots> fresh = sum_.take();
  std::size_t count = 0;
  for (const SeriesSlots& each : fresh) count += each.slots.size();
  if (count == 0) {
    output.stream() << "nothing of it is new\n";
    return exit_good;
  }
  const auto written = history_.journal->write(fresh);
  if (!written) return refuse(exit_os, written.error().detail + ": nothing was imported");
  output.stream() << "imported " << count << " quarter-hours of " << fresh.size()
                  << (fresh.size() == 1 ? " value\n" : " values\n");
  return exit_good;
}

// The daemon is the only one that writes while it runs.
int lock_state(const HouseConfig& house, std::optional<io::StateLock>& lock) {
  io::StateLock::Attempt attempt = io::StateLock::take(house.state_dir);
  if (attempt.error != 0) {
    return refuse(exit_os, "cannot lock " + house.state_dir + ": " + std::strerror(attempt.error) +
                               "; run it as the user of the daemon: sudo -u gridtap gridtap ...");
  }
  if (!attempt.lock) {
    return refuse(exit_os, "gridtap (" + attempt.holder + ") is running with " + house.state_dir +
                               ": stop it first (sudo systemctl stop gridtap), import, and start "
                               "it again");
  }
  lock = std::move(attempt.lock);
  return exit_good;
}

}  // namespace

int import_history(const ImportOptions& options, Output& output) {
  HistoryFile history;
  if (const int status = load_history(options.config, history)) return status;
  std::optional<io::StateLock> lock;
  if (const int status = lock_state(history.house, lock)) return status;
  if (const int status = open_journal(Use::keep, history)) return status;
  Import import(options, history);
  if (const int status = import.read_files()) return status;
  if (const int status = import.leave_out_known()) return status;
  return import.write(output);
}

}  // namespace gridtap::app
