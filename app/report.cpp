#include "app/report.hpp"

#include <iostream>
#include <utility>

#include "app/exit_status.hpp"
#include "app/history_file.hpp"
#include "app/report_input.hpp"
#include "core/json_text.hpp"

namespace gridtap::app {
namespace {

using Use = io::SqliteJournal::Use;

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

}  // namespace

int report(const ReportOptions& options) {
  HistoryFile history;
  if (const int status = load_history(options.config, history)) return status;
  if (const int status = open_journal(Use::look, history)) return status;
  ReportInput input;
  auto series = history.journal->series();
  if (!series) {
    std::cerr << printable(series.error().detail) << '\n';
    return exit_no_input;
  }
  input.series = std::move(*series);
  input.read = [&](const std::string& name, SlotTime begin, SlotTime end) {
    return history.journal->read(name, begin, end);
  };
  input.zone = history.zone;
  input.page.version = GRIDTAP_VERSION;
  take_house(history.house, input);
  return write_report(input, {{}, options.from, options.to, "day"}, options.file);
}

}  // namespace gridtap::app
