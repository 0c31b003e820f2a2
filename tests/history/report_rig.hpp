#pragma once
// What tests of a report have in common: series, and the figures out of the file.

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "history/report.hpp"
#include "played_year.hpp"

namespace gridtap::history {

inline ReportSeries series(std::string name, ReportRole role, std::string shown = "Meter") {
  return {{std::move(name), "kWh", SeriesKind::growth, -3}, role, std::move(shown)};
}

inline void put(Report& report, const ReportSeries& series, const std::vector<Slot>& slots) {
  report.begin(series);
  for (const Slot& slot : slots) report.add(slot);
}

// So many Wh in each quarter-hour.
inline std::vector<Slot> steady(Instant begin, Instant end, std::int64_t wh) {
  std::vector<Slot> slots;
  std::int64_t units = 1000;
  for (SlotTime at = slot_of(begin); at < end; at += Quarters{1}, units += wh) {
    slots.push_back({at, wh, units, units + wh, 900});
  }
  return slots;
}

inline nlohmann::json data_of(const std::string& html) {
  const std::string before = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = html.find(before) + before.size();
  return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

}  // namespace gridtap::history
