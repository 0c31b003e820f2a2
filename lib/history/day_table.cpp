#include "history/day_table.hpp"

#include <algorithm>
#include <utility>

#include "core/iso_time.hpp"
#include "core/json_text.hpp"
#include "history/day_columns.hpp"
#include "history/table_file.hpp"

namespace gridtap::history {
namespace {

constexpr std::size_t longest_shown = 60;  // of a text that is wrong
constexpr std::string_view begin_of_head = "time,";

std::string shown(std::string_view text) {
  return '`' + printable(text.substr(0, longest_shown)) + '`';
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == line.npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::string why_no_time(std::string_view line) {
  const bool is_time = parse_iso_time(line.substr(0, line.find(','))).has_value();
  return is_time ? "no time between 2000 and 2100"
                 : "no time with its offset, as 2026-11-28T12:00:00+01:00";
}

}  // namespace

DayTable::DayTable(std::string device, SeriesChoice choice, std::vector<SeriesHead> known)
    : device_(std::move(device)),
      choice_(std::move(choice)),
      known_(std::move(known)),
      columns_(std::make_unique<DayColumns>(notes_)) {}

DayTable::~DayTable() = default;

bool DayTable::is_one(std::string_view first_line) {
  if (!first_line.starts_with(begin_of_head)) return false;
  const std::string_view column = first_line.substr(begin_of_head.size());
  return !column.empty() && column.substr(0, column.find_first_of(",[")).find('/') == column.npos;
}

bool DayTable::is_saved_by_spreadsheet(std::string_view first_line) {
  std::string with_commas(first_line);
  std::replace(with_commas.begin(), with_commas.end(), ';', ',');
  return first_line.starts_with("time;") && is_one(with_commas);
}

std::optional<Instant> DayTable::time_of(std::string_view line) {
  const auto time = parse_iso_time(line.substr(0, line.find(',')));
  const bool is_likely = time && *time >= first_importable && *time < end_of_importable;
  return is_likely ? time : std::nullopt;
}

// ---- the first line -----------------------------------------------------------------------------

std::string DayTable::head(std::string_view line, FilePlace place) {
  end_of_file();
  columns_->begin_file();
  const std::vector<std::string> fields = fields_of(line, ',');
  uses_.assign(fields.size(), Use::nothing);
  if (fields.size() > max_columns) {
    return std::to_string(fields.size()) + " columns: at most " + std::to_string(max_columns);
  }
  for (std::size_t n = 1; n < fields.size(); ++n) {
    std::string problem = add_column(fields[n], n, place);
    if (!problem.empty()) return problem;
  }
  for (std::size_t n = 1; n < fields.size(); ++n) {
    const std::string_view key = std::string_view(fields[n]).substr(0, fields[n].find('['));
    const std::string_view seldom = register_of_live(key);
    if (!seldom.empty()) columns_->place_live(device_ + '/' + std::string(seldom), n);
  }
  for (std::size_t n = 1; n < fields.size(); ++n) {
    if (columns_->is_used(n)) uses_[n] = columns_->is_switch(n) ? Use::position : Use::number;
  }
  return {};
}

std::string DayTable::add_column(const std::string& text, std::size_t column, FilePlace place) {
  const std::size_t bracket = text.ends_with(']') ? text.find('[') : text.npos;
  const auto head = head_of_key(text.substr(0, bracket), place);
  if (!head) return {};
  const std::string unit =
      bracket == text.npos ? "" : text.substr(bracket + 1, text.size() - bracket - 2);
  const std::string wanted = head->kind == SeriesKind::time_on ? "" : head->unit;
  if (unit != wanted) {
    return "the column " + shown(text) + " should be " +
           (wanted.empty() ? "without a unit" : "in " + wanted);
  }
  if (columns_->place(*head, column)) return {};
  return "the column " + shown(text) + " is there twice";
}

// Nothing: it is not chosen, or this program does not know it, which is told once.
std::optional<SeriesHead> DayTable::head_of_key(const std::string& key, FilePlace place) {
  if (!choice_.takes(device_, key)) return {};
  const std::string name = device_ + '/' + key;
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [&](const SeriesHead& each) { return each.name == name; });
  if (found != known_.end()) return *found;
  const EntitySpec* const spec = find_spec(key);
  auto head = spec == nullptr ? std::nullopt : head_of(name, *spec);
  if (!head && unknown_.insert(key).second) {
    notes_.add(place, "the column " + shown(key) +
                          " is of no value that this program knows as measured: left out");
  }
  return head;
}

// ---- lines --------------------------------------------------------------------------------------

// Each is held back until the next one says whether its time is odd: else all lines after one of a
// time far ahead would be earlier than it.
void DayTable::line(std::string_view text, FilePlace place) {
  auto row = parse(text, place);
  if (!row) return;
  if (is_same_time(*row, held_) || is_same_time(*row, last_)) return;
  if (last_ && row->at < last_->at) return leave_out(place, "earlier than the line before");
  if (held_ && row->at < held_->at) {
    leave_out_held();
  } else {
    take_held();
  }
  held_ = std::move(row);
}

bool DayTable::is_same_time(const DayRow& row, const std::optional<DayRow>& before) {
  if (!before || before->at != row.at) return false;
  const bool differs = !before->values.empty() && before->values != row.values;
  leave_out(row.place, differs ? "a second line of the same time, with other values"
                               : "a second line of the same time");
  return true;
}

void DayTable::leave_out_held() {
  leave_out(held_->place, "later than the line after it");
  held_.reset();
}

void DayTable::take_held() {
  if (!held_) return;
  origins_.add(slot_of(held_->at), held_->place);
  columns_->take(*held_);
  last_ = std::exchange(held_, std::nullopt);
}

void DayTable::leave_out(FilePlace place, const std::string& why) {
  notes_.add(place, why + ": left out");
}

std::optional<DayRow> DayTable::parse(std::string_view text, FilePlace place) {
  const auto left_out = [&](const std::string& why) {
    if (bad_++ == 0) first_bad_ = why;
    leave_out(place, why);
    return std::nullopt;
  };
  const std::vector<std::string_view> fields = split(text);
  if (fields.size() != uses_.size()) {
    return left_out(std::to_string(fields.size()) + " fields instead of " +
                    std::to_string(uses_.size()) + ", it was torn");
  }
  const auto at = time_of(text);
  if (!at) return left_out(why_no_time(text));
  DayRow row{*at, place, {}};
  if (const std::size_t wrong = add_values(fields, row); wrong > 0) {
    return left_out("field " + std::to_string(wrong + 1) + " is no number");
  }
  ++good_;
  return row;
}

// Returns the first field that is wrong; 0: none.
std::size_t DayTable::add_values(const std::vector<std::string_view>& fields, DayRow& row) const {
  row.values.resize(fields.size());
  for (std::size_t n = 1; n < fields.size(); ++n) {
    if (uses_[n] == Use::nothing || fields[n].empty()) continue;
    row.values[n] = parse_decimal(fields[n]);
    const bool is_position = fields[n] == "0" || fields[n] == "1";
    if (!row.values[n] || (uses_[n] == Use::position && !is_position)) return n;
  }
  return 0;
}

std::string DayTable::end_of_file(std::optional<Instant> next) {
  const bool is_odd = held_ && next && *next < held_->at && (!last_ || *next > last_->at);
  if (is_odd) {
    leave_out_held();
  } else {
    take_held();
  }
  if (last_) last_->values.clear();  // another file has other columns
  columns_->end_file();
  const std::size_t good = std::exchange(good_, 0), bad = std::exchange(bad_, 0);
  if (good > 0 || bad < least_bad) return {};
  return "none of its " + std::to_string(bad) + " lines can be used, the first one: " + first_bad_;
}

Imported DayTable::finish() {
  end_of_file();
  Imported imported{{}, std::move(origins_)};
  imported.is_sampled = true;
  columns_->finish(imported);
  return imported;
}

}  // namespace gridtap::history
