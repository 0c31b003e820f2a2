#include "history/table_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/ids.hpp"
#include "core/iso_time.hpp"
#include "core/json_text.hpp"
#include "core/vocabulary.hpp"
#include "history/held_slots.hpp"
#include "history/series_choice.hpp"

namespace gridtap::history {
namespace {

constexpr std::size_t longest_shown = 60;  // of a text that is wrong

std::string shown(std::string_view text) {
  return '`' + printable(text.substr(0, longest_shown)) + '`';
}

std::optional<SeriesHead> head_of_name(const std::string& name,
                                       const std::vector<SeriesHead>& known) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const SeriesHead& each) { return each.name == name; });
  if (found != known.end()) return *found;
  const std::size_t slash = name.find('/');
  if (!is_id(std::string_view(name).substr(0, slash))) return {};
  const EntitySpec* const spec =
      slash == name.npos ? nullptr : find_spec(std::string_view(name).substr(slash + 1));
  return spec == nullptr ? std::nullopt : head_of(name, *spec);
}

std::string_view unit_of(const SeriesHead& head) {
  return head.kind == SeriesKind::time_on ? "s" : std::string_view(head.unit);
}

// Of lines that are neither quarter-hours nor hours. A day may have 23 hours, and a month begin an
// hour later.
std::string refused_length(std::int64_t quarters) {
  constexpr std::int64_t an_hour = HourRows::length.count();
  constexpr std::int64_t a_day = 23 * an_hour, a_month = (28 * 24 - 1) * an_hour,
                         two_months = 59 * 24 * an_hour;
  if (quarters < a_day) {
    return "its lines are neither quarter-hours nor hours: export it with --step quarter";
  }
  const char* const length = quarters < a_month      ? "days"
                             : quarters < two_months ? "months"
                                                     : "years";
  return std::string("its lines are ") + length +
         ", which cannot be shared over quarter-hours: export it with --step quarter or hour";
}

}  // namespace

std::vector<std::string> fields_of(std::string_view line, char separator) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t n = 0; n < line.size(); ++n) {
    const char c = line[n];
    if (c == '"' && quoted && n + 1 < line.size() && line[n + 1] == '"') {
      fields.back() += line[++n];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

bool TableFile::is_one(std::string_view first_line) {
  return first_line.starts_with("time,") || first_line.starts_with("time;");
}

std::string TableFile::head(std::string_view line, const std::vector<SeriesHead>& known) {
  separator_ = line[4];
  const std::vector<std::string> columns = fields_of(line, separator_);
  if (columns.size() > max_columns) {
    return std::to_string(columns.size()) + " columns: at most " + std::to_string(max_columns);
  }
  for (std::size_t n = 1; n < columns.size(); ++n) {
    std::string problem = add_column(columns[n], known);
    if (!problem.empty()) return problem;
  }
  return {};
}

std::string TableFile::add_column(std::string_view text, const std::vector<SeriesHead>& known) {
  const std::size_t bracket = text.find('[');
  if (bracket == text.npos || !text.ends_with(']')) {
    return "the column " + shown(text) + " is not as meter/energy_import[kWh]";
  }
  const std::string name(text.substr(0, bracket));
  const std::string_view unit = text.substr(bracket + 1, text.size() - bracket - 2);
  auto head = head_of_name(name, known);
  if (!head) {
    return "the column " + shown(text) + " is of no value that this program knows as measured";
  }
  if (unit_of(*head) != unit) {
    return "the column " + shown(text) + " should be in " + std::string(unit_of(*head));
  }
  const bool is_twice = std::any_of(heads_.begin(), heads_.end(),
                                    [&](const SeriesHead& each) { return each.name == name; });
  if (is_twice) return "the column " + shown(name) + " is there twice";
  heads_.push_back(std::move(*head));
  return {};
}

std::string TableFile::line(std::string_view text, FilePlace place) {
  const std::vector<std::string> fields = fields_of(text, separator_);
  if (fields.size() != heads_.size() + 1) {
    notes_.add(place, std::to_string(fields.size()) + " fields instead of " +
                          std::to_string(heads_.size() + 1) + ", it was torn: left out");
    return {};
  }
  const auto time = parse_iso_time(fields[0]);
  if (!time) return shown(fields[0]) + " is no time as 2026-11-28T12:00:00+01:00";
  const SlotTime start = slot_of(*time);
  if (*time < first_importable || *time >= end_of_importable) {
    return shown(fields[0]) + " is no time between 2000 and 2100";
  }
  if (Instant(start) != *time) return shown(fields[0]) + " is not the begin of a quarter-hour";
  if (rows_.size() == max_rows) return "more than " + std::to_string(max_rows) + " lines";
  Row row{start, place, {}};
  std::string problem = add_values(fields, row);
  if (problem.empty()) rows_.push_back(std::move(row));
  return problem;
}

std::string TableFile::add_values(const std::vector<std::string>& fields, Row& row) const {
  for (std::size_t n = 0; n < heads_.size(); ++n) {
    std::string text = fields[n + 1];
    if (text.empty()) {
      row.values.emplace_back();
      continue;
    }
    if (separator_ == ';') std::replace(text.begin(), text.end(), ',', '.');
    const auto number = parse_decimal(text);
    const auto value = number ? whole_of(*number, heads_[n].exponent) : std::nullopt;
    const bool is_mean = heads_[n].kind == SeriesKind::mean;
    const bool fits =
        value && (!is_mean || std::abs(static_cast<double>(*value)) <= HeldSlots::most_value);
    if (!fits) return shown(fields[n + 1]) + " is no number for " + heads_[n].name;
    if (heads_[n].kind == SeriesKind::growth && *value < 0) {
      return shown(fields[n + 1]) + " is less than 0, and " + heads_[n].name + " only grows";
    }
    row.values.push_back(value);
  }
  return {};
}

// Lines of the same time are one where they are equal.
std::string TableFile::sort() {
  const auto earlier = [](const Row& a, const Row& b) { return a.start < b.start; };
  const auto unordered = std::is_sorted_until(rows_.begin(), rows_.end(), earlier);
  if (unordered != rows_.end()) {
    notes_.add(unordered->place, "earlier than the line before: put in order");
    std::stable_sort(rows_.begin(), rows_.end(), earlier);
  }
  std::vector<Row> once;
  for (Row& each : rows_) {
    const bool is_twice = !once.empty() && once.back().start == each.start;
    if (is_twice && once.back().values != each.values) {
      return "the lines " + std::to_string(once.back().place.line) + " and " +
             std::to_string(each.place.line) + " have the same time and other numbers";
    }
    if (is_twice) {
      notes_.add(each.place, "the same line again: left out");
    } else {
      once.push_back(std::move(each));
    }
  }
  rows_ = std::move(once);
  return {};
}

std::string TableFile::find_length(bool& is_hours) const {
  if (rows_.size() == 1) return "one line does not say how long its time is: export more";
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::size_t n = 1; n < rows_.size(); ++n) {
    least = std::min<std::int64_t>(least, (rows_[n].start - rows_[n - 1].start).count());
  }
  is_hours = least == HourRows::length.count();
  return least == 1 || is_hours ? "" : refused_length(least);
}

std::optional<Imported> TableFile::finish(std::string& problem) {
  problem = sort();
  if (!problem.empty()) return {};
  Imported imported;
  if (rows_.empty()) return imported;
  problem = find_length(imported.is_hours);
  if (!problem.empty()) return {};
  for (const SeriesHead& each : heads_) imported.series.push_back({each, {}});
  for (const Row& row : rows_) {
    imported.origins.add(row.start, row.place);
    for (std::size_t n = 0; n < heads_.size(); ++n) {
      if (!row.values[n]) continue;
      imported.series[n].slots.push_back({row.start, *row.values[n], {}, {}, whole_quarter});
    }
  }
  return imported;
}

}  // namespace gridtap::history
