#include "app/report_input.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <utility>

#include "app/exit_status.hpp"
#include "app/new_file.hpp"
#include "app/now.hpp"
#include "app/refusal.hpp"
#include "core/vocabulary.hpp"
#include "history/report_calendar.hpp"
#include "history/report_series.hpp"

namespace gridtap::app {
namespace {

using history::Calendar;
using history::Period;
using history::ReportSeries;

std::vector<ReportSeries> shown_of(const ReportInput& input) {
  std::vector<SeriesHead> heads;
  for (const KeptSeries& each : input.series) {
    if (each.newest) heads.push_back(each.head);
  }
  return history::report_series(heads, input.meter, [&](std::string_view device) {
    const auto name = input.names.find(device);
    return name == input.names.end() ? name_of_id(device) : name->second;
  });
}

SlotTime end_of(const ReportInput& input, const std::string& series) {
  for (const KeptSeries& each : input.series) {
    if (each.head.name == series && each.newest) return each.newest->start + Quarters{1};
  }
  return {};
}

// From the first quarter-hour of any of them to the last.
JournalResult<Period> known_time(const ReportInput& input, const std::vector<ReportSeries>& shown) {
  std::optional<Period> known;
  for (const ReportSeries& each : shown) {
    const SlotTime end = end_of(input, each.head.name);
    const auto slots = input.read(each.head.name, SlotTime{}, end);
    if (!slots) return tl::unexpected(slots.error());
    if (slots->empty()) continue;
    const Period its{slots->front().start, end};
    if (!known) known = its;
    known = Period{std::min(known->begin, its.begin), std::max(known->end, its.end)};
  }
  return known.value_or(Period{});
}

// The part of what is known that was asked for.
int choose_time(const ReportInput& input, const std::vector<ReportSeries>& shown,
                const history::QueryText& text, Period& time) {
  const auto known = known_time(input, shown);
  if (!known) return refuse(exit_no_input, known.error().detail);
  if (known->begin == known->end) return refuse(exit_no_data, "there is nothing to report on yet");
  const auto asked = history::parse_range(text, *input.zone);
  if (!asked) return refuse(exit_usage, asked.error().reason);
  time = {std::max(known->begin, asked->begin), std::min(known->end, asked->end)};
  if (time.begin < time.end) return exit_good;
  return refuse(exit_no_data, "nothing is known of that time: there is " +
                                  history::dates_of(*known, *input.zone));
}

int add_slots(const ReportInput& input, const ReportSeries& series, const Period& time,
              history::Report& report) {
  report.begin(series);
  const SlotTime end = std::chrono::ceil<Quarters>(time.end);
  for (SlotTime begin = slot_of(time.begin); begin < end;) {
    const auto slots = input.read(series.head.name, begin, end);
    if (!slots) return refuse(exit_no_input, slots.error().detail);
    for (const Slot& slot : *slots) report.add(slot);
    if (slots->size() < Journal::max_slots) break;
    begin = slots->back().start + Quarters{1};
  }
  return exit_good;
}

}  // namespace

int write_report(const ReportInput& input, const history::QueryText& range,
                 const std::string& file) {
  const std::vector<ReportSeries> shown = shown_of(input);
  if (shown.empty()) {
    return refuse(exit_no_data, "there is nothing to report on: no energy, gas, heat or water");
  }
  Period time;
  if (const int status = choose_time(input, shown, range, time)) return status;
  const Calendar calendar(time, *input.zone);
  if (calendar.start_of(0) > time.begin) {
    std::cerr << "only the last 20 years are shown: "
              << history::dates_of({calendar.start_of(0), time.end}, *input.zone) << '\n';
  }
  history::Report report(input.page, time, *input.zone);
  for (const ReportSeries& each : shown) {
    if (const int status = add_slots(input, each, time, report)) return status;
  }
  NewFile page(file);
  page.stream() << report.html(now());
  const std::string why = page.keep();
  return why.empty() ? exit_good : refuse(exit_os, why);
}

}  // namespace gridtap::app
