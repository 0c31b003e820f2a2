#include "app/report.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "app/exit_status.hpp"
#include "app/history_file.hpp"
#include "app/imported_files.hpp"
#include "app/new_file.hpp"
#include "app/refusal.hpp"
#include "app/report_input.hpp"
#include "core/ids.hpp"

namespace gridtap::app {
namespace {

using Use = io::SqliteJournal::Use;

history::QueryText range_of(const ReportOptions& options) {
  return {{}, options.from, options.to, "day", "--"};
}

// The meter of a house is the one that a tariff is counted of, else one that counts days.
void take_house(const HouseConfig& house, ReportInput& input) {
  for (const DeviceConfig& device : house.devices) {
    if (!device.shown.name.empty()) input.names[device.id] = device.shown.name;
    const bool has_peaks = device.hours && device.hours->peaks;
    if (has_peaks && !input.page.tariff) {
      input.page.tariff = device.hours->peaks;
      input.meter = device.id;
    }
    if (device.days && input.meter.empty()) input.meter = device.id;
  }
  if (house.web) input.page.language = house.web->language;
}

int refuse_zone(const ReportOptions& options) {
  return refuse(exit_usage, "--zone " + options.zone + ": no such time zone, as Europe/Oslo");
}

int report_history(const ReportOptions& options) {
  HistoryFile history;
  if (const int status = load_history(options.config, history)) return status;
  if (const int status = open_journal(Use::look, history)) return status;
  const std::string problem = overwritten_problem(options.file, {history.house.history->file()});
  if (!problem.empty()) return refuse(exit_usage, problem);
  ReportInput input;
  input.series = history.kept;
  input.read = [&](const std::string& name, SlotTime begin, SlotTime end) {
    return history.journal->read(name, begin, end);
  };
  input.zone = options.zone.empty() ? history.zone : Zone::named(options.zone);
  if (!input.zone) return refuse_zone(options);
  input.page.version = GRIDTAP_VERSION;
  take_house(history.house, input);
  return write_report(input, range_of(options), options.file);
}

std::vector<Slot> slots_of(const std::vector<SeriesSlots>& all, const std::string& series,
                           SlotTime begin, SlotTime end) {
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const SeriesSlots& each) { return each.head.name == series; });
  if (found == all.end()) return {};
  const std::vector<Slot>& slots = found->slots;
  auto slot = std::lower_bound(slots.begin(), slots.end(), begin,
                               [](const Slot& each, SlotTime time) { return each.start < time; });
  std::vector<Slot> some;
  for (; slot != slots.end() && slot->start < end && some.size() < Journal::max_slots; ++slot) {
    some.push_back(*slot);
  }
  return some;
}

// What a page shows: no powers. Old day files do not name their meter: it is the one of the house.
int report_files(const ReportOptions& options) {
  const auto zone = Zone::named(options.zone);
  if (!zone) return refuse_zone(options);
  const std::string problem = overwritten_problem(options.file, options.files);
  if (!problem.empty()) return refuse(exit_usage, problem);
  const auto device = [](std::string& name) {
    name = "meter";
    return exit_good;
  };
  const auto own_device = [](const std::string&, const std::string& directory, std::string& name) {
    name = is_id(directory) ? directory : "meter";
    return exit_good;
  };
  ImportedFiles files(
      {options.files,
       *zone,
       *zone,
       history::SeriesChoice({"default", "*/energy_*_live", "-*/*power*", "-*/battery_level"}),
       {},
       device,
       own_device,
       "there is no report"});
  if (const int status = files.read()) return status;
  if (const int status = files.settle()) return status;
  const std::vector<SeriesSlots> all = files.sum().take();
  ReportInput input;
  for (const SeriesSlots& each : all) {
    if (!each.slots.empty()) input.series.push_back({each.head, each.slots.back()});
  }
  input.read = [&](const std::string& name, SlotTime begin, SlotTime end) {
    return slots_of(all, name, begin, end);
  };
  input.zone = zone;
  input.page.version = GRIDTAP_VERSION;
  return write_report(input, range_of(options), options.file);
}

}  // namespace

int report(const ReportOptions& options) {
  return options.files.empty() ? report_history(options) : report_files(options);
}

}  // namespace gridtap::app
