#pragma once
// The report of a history: one HTML file that holds its figures, its drawings and the script that
// draws them, to open on any computer without a network. Pure; ten years of quarter-hours pass
// through it and only their hours are held.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/report_figures.hpp"
#include "history/report_series.hpp"

namespace gridtap::history {

struct ReportOptions {
  std::string title;                     // the name of the house, any text
  std::string language = "auto";         // of the page: as the browser has it, or en nb nl de sv da
  std::string version;                   // of the program
  std::optional<Peaks::Options> tariff;  // nothing: the three highest days, without a step
};

class Report {
 public:
  // What the page draws beside the electricity, and that first: rows one above the other, and one
  // below.
  struct Group {
    std::string name;  // empty: the electricity of the house
    std::string unit;
    int exponent = 0;
    Amounts bought, own, sold;  // without own, sold: empty. A counter by itself: bought
  };
  struct Swap {
    std::string name;
    std::size_t group;
    Instant at;
  };

  // The whole days that the time is in (history/report_calendar.hpp).
  Report(ReportOptions options, const Period& time, const Zone& zone);

  // The quarter-hours that follow are of this series, in the order of time.
  void begin(const ReportSeries& series);
  void add(const Slot& slot);

  // The file. Nothing may be added behind it.
  std::string html(Instant made_at);

 private:
  void end_series();
  void take(const ReportSeries& series, const Amounts& row);
  Group house() const;
  std::string data(Instant made_at);

  ReportOptions options_;
  Zone zone_;
  Calendar calendar_;
  PeakMonths peaks_;
  std::optional<ReportSeries> series_;
  std::optional<HourRow> hours_;
  std::string meter_unit_;
  Amounts bought_, sold_, made_;  // Wh
  std::vector<Group> groups_;
  std::vector<Swap> swaps_;
};

}  // namespace gridtap::history
