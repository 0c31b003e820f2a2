#pragma once
// What `gridtap report` makes its page of: series, and how their quarter-hours are read, wherever
// they are.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/journal.hpp"
#include "core/zone.hpp"
#include "history/query.hpp"
#include "history/report.hpp"

namespace gridtap::app {

struct ReportInput {
  using Slots = JournalResult<std::vector<Slot>>;

  std::vector<KeptSeries> series;
  // As SqliteJournal::read().
  std::function<Slots(const std::string& series, SlotTime begin, SlotTime end)> read;
  std::optional<Zone> zone;                               // REQUIRES: there is one
  std::string meter;                                      // of the house; empty: the first
  std::map<std::string, std::string, std::less<>> names;  // of devices that have one
  history::ReportOptions page;
};

// Writes the page. Says what is wrong on standard error, and returns the status to end with.
int write_report(const ReportInput& input, const history::QueryText& range,
                 const std::string& file);

}  // namespace gridtap::app
