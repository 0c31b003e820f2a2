#include "app/export.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "app/exit_status.hpp"
#include "app/history_file.hpp"
#include "app/new_file.hpp"
#include "app/now.hpp"
#include "app/refusal.hpp"
#include "history/tables.hpp"

namespace gridtap::app {
namespace {

using Use = io::SqliteJournal::Use;

// Of a file that is written row by row.
constexpr history::QueryLimits no_limits{std::numeric_limits<std::size_t>::max(),
                                         std::numeric_limits<std::int64_t>::max()};
constexpr std::size_t piece_bytes = 64 * 1024;

// The first quarter-hour of any of them in a range. `status`: to end with, the file cannot be read.
struct First {
  int status = exit_good;
  std::optional<SlotTime> start = {};
};
First first_of(HistoryFile& history, const std::vector<SeriesHead>& series, SlotTime begin,
               SlotTime end) {
  First first;
  for (const SeriesHead& each : series) {
    const auto slots = history.journal->read(each.name, begin, end);
    if (!slots) return {refuse(exit_no_input, slots.error().detail)};
    if (slots->empty()) continue;
    const SlotTime start = slots->front().start;
    first.start = std::min(first.start.value_or(start), start);
  }
  return first;
}

// From the first quarter-hour of any of them to the last.
int find_known(const std::vector<SeriesHead>& series, HistoryFile& history,
               std::optional<history::Period>& known) {
  std::optional<SlotTime> end;
  for (const KeptSeries& each : history.kept) {
    const bool is_asked = std::find(series.begin(), series.end(), each.head) != series.end();
    if (is_asked && each.newest) end = std::max(end.value_or(SlotTime{}), each.newest->start);
  }
  if (!end) return exit_good;
  const First first = first_of(history, series, SlotTime{}, *end + Quarters{1});
  if (first.start) known = history::Period{*first.start, *end + Quarters{1}};
  return first.status;
}

// Whether there is something of the time that was asked for.
int expect_some(const history::Query& query, const history::Period& known, HistoryFile& history) {
  First first;
  if (query.range.begin < query.range.end) {
    first = first_of(history, query.series, slot_of(query.range.begin),
                     std::chrono::ceil<Quarters>(query.range.end));
  }
  if (first.status != exit_good || first.start) return first.status;
  return refuse(exit_no_data, "nothing is known of that time: there is " +
                                  history::dates_of(known, *history.zone));
}

// All series where none is named. Without another time from the first row of them that there is,
// up to the last.
int read_query(const ExportOptions& options, HistoryFile& history, history::Query& query) {
  history::QueryText text{options.series, options.from, options.to, options.step, "--"};
  if (text.series.empty()) {
    for (const SeriesHead& each : history.series) text.series.push_back(each.name);
  }
  if (text.from.empty()) text.from = history::earliest_day;
  if (text.to.empty()) text.to = history::latest_day;
  auto parsed = history::parse_query(text, history.series, *history.zone, now(), no_limits);
  if (!parsed) return refuse(exit_usage, parsed.error().reason);
  query = std::move(*parsed);
  std::optional<history::Period> known;
  if (const int status = find_known(query.series, history, known)) return status;
  if (!known) return refuse(exit_no_data, "nothing is known of it yet");
  const auto row_of = [&](Instant time) {
    return history::period_of(time, query.step, *history.zone);
  };
  if (options.from.empty()) query.range.begin = row_of(known->begin).begin;
  if (options.to.empty()) query.range.end = row_of(known->end - std::chrono::milliseconds{1}).end;
  return expect_some(query, *known, history);
}

class Table {
 public:
  Table(const ExportOptions& options, const history::Query& query, const Zone& zone)
      : csv_(query.series, zone,
             options.decimal == "comma" ? history::Decimals::comma : history::Decimals::point),
        json_(query.series, zone),
        is_csv_(options.format == "csv") {
    if (is_csv_) csv_.head(text_);
  }

  void row(const history::Row& row) { is_csv_ ? csv_.row(text_, row) : json_.row(text_, row); }
  // What is there goes out, where it is enough.
  void flush(std::ostream& out, std::size_t enough = 1) {
    if (text_.size() < enough) return;
    out << text_;
    text_.clear();
  }

 private:
  history::CsvTable csv_;
  history::JsonTable json_;
  bool is_csv_;
  std::string text_;
};

int write_rows(HistoryFile& history, const history::Query& query, Table table, std::ostream& out) {
  history::Rows rows(query, *history.zone);
  while (out) {
    if (const history::Row* const row = rows.next()) {
      table.row(*row);
      table.flush(out, piece_bytes);
      continue;
    }
    const auto wanted = rows.wants();
    if (!wanted) break;
    const std::string& name = query.series[wanted->series].name;
    const auto slots = history.journal->read(name, wanted->begin, wanted->end);
    if (!slots) return refuse(exit_no_input, slots.error().detail);
    rows.give(*slots);
  }
  table.flush(out);
  return exit_good;
}

int write_file(HistoryFile& history, const history::Query& query, Table table,
               const std::string& path) {
  NewFile file(path);
  const int status = write_rows(history, query, std::move(table), file.stream());
  if (status != exit_good) return status;
  const std::string why = file.keep();
  return why.empty() ? exit_good : refuse(exit_os, why);
}

}  // namespace

int export_history(const ExportOptions& options, Output& output) {
  HistoryFile history;
  if (const int status = load_history(options.config, history)) return status;
  if (const int status = open_journal(Use::look, history)) return status;
  const std::string problem = overwritten_problem(options.file, {history.house.history->file()});
  if (!problem.empty()) return refuse(exit_usage, problem);
  history::Query query;
  if (const int status = read_query(options, history, query)) return status;
  Table table(options, query, *history.zone);
  if (options.file.empty() || options.file == "-") {
    return write_rows(history, query, std::move(table), output.stream());
  }
  return write_file(history, query, std::move(table), options.file);
}

}  // namespace gridtap::app
