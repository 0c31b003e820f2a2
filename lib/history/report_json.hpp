#pragma once
// The figures of a report as JSON, as the script in the file reads them. Days, months and hours are
// counted from the first of the calendar; values are whole numbers of 10^exponent.
//
//   {"title":"House","language":"auto","version":"0.2.0","zone":"Europe/Oslo",
//    "made":[20787,131],                 the day since 1970, and minutes
//    "first":20454,"days":365,"clock":[[87,[0,60,180,...]]],   days of other than 24 hours from
//    0:00 "begin":0,"end":8760,               of the hours of which anything is known
//    "months":[[672,0,31],...],          since 1970, its first day, how many
//    "groups":[{"name":"","unit":"kWh","exponent":-3,
//               "rows":[{"id":"bought","hours":[...],"days":[...],"months":[...],"sum":1}],
//               "patchy":{"hours":[[40,2,0]],"days":[...],"months":[...]}}],  from, count, percent
//               known
//    "swaps":[["Meter",0,day,minutes]],  of which group
//    "base":{"all":410,"nights":361,"months":[...]},"typical":{"workdays":[...],"weekends":[...]},
//    "duration":[{"id":"bought","hours":8760,"curve":[...]}],"highest":[[day,minutes,value]],
//    "peaks":{"days":3,"minutes":60,"has_steps":true,
//             "months":[{"month":672,"peaks":[[day since 1970,minutes,W]],"mean":8450.3,
//                        "step":"5-10 kW"}]}}

#include <string>
#include <vector>

#include "history/report.hpp"

namespace gridtap::history {

// Points of the curve that shows how long how much was drawn, and rows of the highest hours.
inline constexpr std::size_t most_curve_points = 500, most_highest = 12;

// What is made of the house's electricity; left out where it has none.
struct HouseFigures {
  BaseLoad base;
  TypicalDay typical;
  Duration bought, sold;  // sold: of no hours where there is none
  std::vector<Highest> highest;
  std::vector<MonthPeaks> peaks;
};
HouseFigures figures_of(const Report::Group& house, const Calendar& calendar, PeakMonths& peaks);

struct ReportData {
  const ReportOptions& options;
  std::string_view zone;
  Instant made_at;
  const Calendar& calendar;
  const std::vector<Report::Group>& groups;
  const std::vector<Report::Swap>& swaps;
  const HouseFigures* house;  // null: none
};
// No `<` stands in it: it may stand in a script of HTML.
std::string report_json(const ReportData& data);

}  // namespace gridtap::history
