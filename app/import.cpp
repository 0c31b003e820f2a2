#include "app/import.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "app/exit_status.hpp"
#include "app/history_file.hpp"
#include "app/imported_files.hpp"
#include "app/now.hpp"
#include "app/refusal.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/setting.hpp"
#include "history/periods.hpp"
#include "history/query.hpp"
#include "io/state_lock.hpp"

namespace gridtap::app {
namespace {

using Use = io::SqliteJournal::Use;
using history::ImportSum;

// It may be of one that is no longer there.
void tell_unknown(const ImportOptions& options, const HouseConfig& house) {
  std::vector<std::string_view> ids;
  for (const DeviceConfig& each : house.devices) ids.push_back(each.id);
  if (std::find(ids.begin(), ids.end(), options.device) != ids.end()) return;
  const std::string meant(nearest(options.device, ids));
  std::cerr << "--device " << options.device << ": there is no such device in "
            << printable(options.config) << (meant.empty() ? "" : ", did you mean " + meant + '?')
            << " (taken over all the same)\n";
}

int find_device(const ImportOptions& options, const HouseConfig& house, std::string& device) {
  device = options.device;
  if (!device.empty() && !is_id(device)) {
    return refuse(exit_usage, "--device " + device + ": small letters, digits and _, as in topics");
  }
  if (!device.empty()) {
    tell_unknown(options, house);
    return exit_good;
  }
  std::size_t meters = 0;
  for (const DeviceConfig& each : house.devices) {
    if (each.kind == nullptr || each.kind->name != "han") continue;
    device = each.id;
    ++meters;
  }
  if (meters == 1) return exit_good;
  return refuse(exit_usage, "a day file does not name its meter: say which one of " +
                                options.config + " it is, with --device");
}

// A device of the house, one behind it on its line, or one of the history.
bool is_device(const std::string& name, const HistoryFile& history) {
  const auto& devices = history.house.devices;
  const bool is_of_house =
      name == gateway_device || std::any_of(devices.begin(), devices.end(), [&](const auto& each) {
        return name == each.id || name.starts_with(each.id + '_');
      });
  return is_of_house ||
         std::any_of(history.series.begin(), history.series.end(),
                     [&](const SeriesHead& each) { return each.name.starts_with(name + '/'); });
}

// Of day files of our own. With --device all of them are of one, and so they are in one directory.
struct OwnDevice {
  const ImportOptions& options;
  const HistoryFile& history;
  std::string before = {};  // the directory of the last one

  int operator()(const std::string& file, const std::string& directory, std::string& device) {
    const std::string other = std::exchange(before, directory);
    if (options.device.empty()) {
      device = directory;
      if (is_device(directory, history)) return exit_good;
      return refuse(exit_usage, file + ": the directory it is in is called after no device of " +
                                    options.config + ": say which one it is of, with --device");
    }
    if (!other.empty() && other != directory) {
      return refuse(exit_usage, file + ": --device names one device, and these files are of two, " +
                                    other + " and " + directory);
    }
    return find_device(options, history.house, device);
  }
};

// The files' clock is the house's where nothing else is said.
int make_files(const ImportOptions& options, const HistoryFile& history,
               std::optional<ImportedFiles>& files) {
  const auto clock = options.zone.empty() ? history.zone : Zone::named(options.zone);
  if (!clock) {
    return refuse(exit_usage, "--zone " + options.zone + ": no such time zone, as Europe/Oslo");
  }
  const auto taken =
      history::parse_range({{}, options.from, options.to, "quarter", "--"}, *history.zone);
  if (!taken) return refuse(exit_usage, taken.error().reason);
  const auto device = [&](std::string& found) {
    return find_device(options, history.house, found);
  };
  files.emplace(ImportedFrom{
      options.files, *history.zone, *clock, history::SeriesChoice(history.house.history->series),
      history.series, device, OwnDevice{options, history}, "nothing was imported", *taken, now()});
  return exit_good;
}

int leave_out_known(io::SqliteJournal& journal, ImportedFiles& files) {
  ImportSum& sum = files.sum();
  for (const ImportSum::Range& range : sum.ranges()) {
    for (SlotTime begin = range.begin; begin < range.end;) {
      const auto slots = journal.read(range.series, begin, range.end);
      if (!slots) return refuse(exit_os, slots.error().detail);
      if (const auto found = sum.meet(range.series, *slots)) {
        return files.refuse_contradiction(*found);
      }
      if (slots->size() < Journal::max_slots) break;
      begin = slots->back().start + Quarters{1};
    }
  }
  return exit_good;
}

// From the first to the last quarter-hour of any of them. REQUIRES: each has some.
history::Period time_of(const std::vector<SeriesSlots>& fresh) {
  history::Period time{Instant::max(), Instant::min()};
  for (const SeriesSlots& each : fresh) {
    time.begin = std::min<Instant>(time.begin, each.slots.front().start);
    time.end = std::max<Instant>(time.end, each.slots.back().start + Quarters{1});
  }
  return time;
}

// What was imported for nothing.
void tell_short_keep(const HistoryFile& history, const history::Period& time) {
  const auto& keep = history.house.history->keep;
  if (!keep || time.begin >= now() - *keep) return;
  std::cerr << "history.keep is " << keep->count() << "d: of "
            << history::dates_of(time, *history.zone) << " what is older goes again, at night\n";
}

int write(const std::vector<SeriesSlots>& fresh, HistoryFile& history, Output& output) {
  if (fresh.empty()) {
    output.stream() << "nothing of it is new\n";
    return exit_good;
  }
  std::size_t count = 0;
  for (const SeriesSlots& each : fresh) count += each.slots.size();
  const auto written = history.journal->write(fresh);
  if (!written) return refuse(exit_os, written.error().detail + ": nothing was imported");
  const history::Period time = time_of(fresh);
  output.stream() << "imported " << count << " quarter-hours of " << fresh.size()
                  << (fresh.size() == 1 ? " value: " : " values: ")
                  << history::dates_of(time, *history.zone) << '\n';
  tell_short_keep(history, time);
  return exit_good;
}

// Of damage that was met, and what was done about it.
void say_notice(io::SqliteJournal& journal) {
  const std::string notice = journal.take_notice();
  if (!notice.empty()) std::cerr << printable(notice) << '\n';
}

// The daemon is the only one that writes while it runs.
int lock_state(const HouseConfig& house, std::optional<io::StateLock>& lock) {
  io::StateLock::Attempt attempt = io::StateLock::take(house.state_dir);
  if (attempt.error == ENOENT) {
    return refuse(exit_os, "there is no directory " + house.state_dir +
                               " yet: start gridtap once, or make it for its user: sudo install "
                               "-d -o gridtap -g gridtap " +
                               house.state_dir);
  }
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
  say_notice(*history.journal);
  std::optional<ImportedFiles> files;
  if (const int status = make_files(options, history, files)) return status;
  if (const int status = files->read()) return status;
  if (const int status = leave_out_known(*history.journal, *files)) return status;
  if (const int status = files->settle()) return status;
  if (files->left_out() > 0) {
    output.stream() << files->left_out() << " quarter-hours outside of --from and --to left out\n";
  }
  const int status = write(files->sum().take(), history, output);
  say_notice(*history.journal);
  return status;
}

}  // namespace gridtap::app
