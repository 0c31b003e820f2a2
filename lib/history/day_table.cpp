#include "history/day_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/iso_time.hpp"
#include "core/json_text.hpp"
#include "history/day_register.hpp"
#include "history/held_slots.hpp"
#include "history/table_file.hpp"

namespace gridtap::history {
namespace {

using std::chrono::seconds;

constexpr std::size_t longest_shown = 60;  // of a text that is wrong
// Of the rules for hours and days, beside livelier totals.
constexpr std::string_view own_counters[] = {"hour_energy", "today_import", "today_export"};
constexpr auto nowhere = static_cast<std::size_t>(-1);
constexpr std::string_view begin_of_head = "time,";
// How far it is looked ahead for the interval of a file, and whether its registers come often.
constexpr std::chrono::minutes looked_at{10};
constexpr std::size_t least_looked_at = 4, most_looked_at = 700;  // lines
constexpr Milliseconds usual_interval = seconds{10}, most_interval = std::chrono::minutes{15};

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

struct Held {
  explicit Held(SeriesHead its_head) : head(std::move(its_head)), slots(head.kind, head.exponent) {}

  void take() {
    while (const auto slot = slots.take()) done.push_back(*slot);
  }

  SeriesHead head;
  HeldSlots slots;
  std::vector<Slot> done = {};
  std::size_t column = nowhere;  // of this file
};

struct Counted {
  explicit Counted(SeriesHead head) : counter(std::move(head)) {}

  DayRegister counter;
  std::size_t column = nowhere, live = nowhere;  // of this file; `live`: of its livelier total
};

// What this program counts itself changes all the time: it does not tell when registers were read.
bool is_own(const Counted& series) {
  const std::string_view name = series.counter.head().name;
  const std::string_view key = name.substr(name.find('/') + 1);
  return !register_of_live(key).empty() ||
         std::find(std::begin(own_counters), std::end(own_counters), key) != std::end(own_counters);
}

}  // namespace

struct DayTable::Row {
  Instant at;
  FilePlace place;
  std::vector<std::optional<Decimal>> values;  // by column; the first is the time

  std::optional<Decimal> of(std::size_t column) const {
    return column == nowhere ? std::nullopt : values[column];
  }
};

// The series, and the lines that are looked at before they count.
struct DayTable::Columns {
  std::vector<Held> held;
  std::vector<Counted> counted;
  std::vector<Row> ahead;
  bool is_looking = true;  // at the begin of a file
  Milliseconds interval = usual_interval;
  std::optional<Instant> last, changed;  // lines that counted; when a register changed
  bool is_lively = false;                // registers come with each line

  Milliseconds silence() const {
    return std::max<Milliseconds>(longest_silence, longest_hold * interval);
  }
  void begin_file();
  // False: the file has one of that name already.
  bool place(const SeriesHead& head, std::size_t column);
  // The column of a livelier total shapes the register, where that has one.
  void place_live(const std::string& name, std::size_t column);
  bool is_used(std::size_t column) const;
  bool is_switch(std::size_t column) const;

  bool has_changed(const Row& row) const;
  void look_ahead();
  void count(const Row& row);
  void take(const Row& row);
  void hear_registers(const Row& row);
  void finish(Imported& imported);
};

void DayTable::Columns::begin_file() {
  for (Held& each : held) each.column = nowhere;
  for (Counted& each : counted) each.column = each.live = nowhere;
  is_looking = true;
}

bool DayTable::Columns::place(const SeriesHead& head, std::size_t column) {
  const auto put = [&](auto& all, const auto& head_of) {
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const auto& each) { return head_of(each).name == head.name; });
    if (found == all.end()) found = all.emplace(all.end(), head);
    return std::exchange(found->column, column) == nowhere;
  };
  if (head.kind != SeriesKind::growth) {
    return put(held, [](const Held& each) { return each.head; });
  }
  return put(counted, [](const Counted& each) { return each.counter.head(); });
}

void DayTable::Columns::place_live(const std::string& name, std::size_t column) {
  for (Counted& each : counted) {
    if (each.counter.head().name == name && each.column != nowhere) each.live = column;
  }
}

bool DayTable::Columns::is_used(std::size_t column) const {
  return std::any_of(held.begin(), held.end(),
                     [&](const Held& each) { return each.column == column; }) ||
         std::any_of(counted.begin(), counted.end(), [&](const Counted& each) {
           return each.column == column || each.live == column;
         });
}

bool DayTable::Columns::is_switch(std::size_t column) const {
  return std::any_of(held.begin(), held.end(), [&](const Held& each) {
    return each.column == column && each.head.kind == SeriesKind::time_on;
  });
}

bool DayTable::Columns::has_changed(const Row& row) const {
  return std::any_of(counted.begin(), counted.end(), [&](const Counted& each) {
    const auto value = row.of(each.column);
    return value && !is_own(each) && each.counter.is_changed(*value);
  });
}

// Registers that change twice in the first minutes come often: the first line has them just read.
void DayTable::Columns::look_ahead() {
  is_looking = false;
  int changes = 0;
  Milliseconds least = most_interval;
  for (std::size_t n = 1; n < ahead.size(); ++n) {
    least = std::min(least, ahead[n].at - ahead[n - 1].at);
    changes += std::any_of(counted.begin(), counted.end(), [&](const Counted& each) {
      return !is_own(each) && ahead[n].of(each.column) != ahead[n - 1].of(each.column);
    });
  }
  if (ahead.size() > 1) interval = least;
  if (changes >= 2 && !is_lively) {
    is_lively = true;
    changed = ahead.front().at;
  }
  for (const Row& each : std::exchange(ahead, {})) count(each);
}

void DayTable::Columns::take(const Row& row) {
  if (!is_looking) return count(row);
  ahead.push_back(row);
  const bool is_enough = ahead.size() >= least_looked_at && row.at - ahead.front().at >= looked_at;
  if (is_enough || ahead.size() == most_looked_at) look_ahead();
}

void DayTable::Columns::count(const Row& row) {
  for (Held& each : held) {
    const auto value = row.of(each.column);
    if (!value) {
      each.slots.unknown(row.at);
    } else if (each.head.kind == SeriesKind::time_on) {
      each.slots.position(*value != Decimal{}, row.at, longest_hold * interval);
    } else {
      each.slots.number(*value, row.at, longest_hold * interval);
    }
    each.take();
  }
  hear_registers(row);
  last = row.at;
}

// Those of a device come together: where one has changed all were read.
void DayTable::Columns::hear_registers(const Row& row) {
  const bool is_change = has_changed(row);
  const bool is_recent = changed && row.at - *changed < silence();
  is_lively = is_change ? is_recent : is_lively && is_recent;
  if (is_change) changed = row.at;
  for (Counted& each : counted) {
    if (const auto live = row.of(each.live)) each.counter.live(*live, row.at);
    const auto value = row.of(each.column);
    const bool is_read = is_change || is_lively || is_own(each);
    if (value) each.counter.line(*value, row.at, is_read, silence());
  }
}

// The last line holds for an interval.
void DayTable::Columns::finish(Imported& imported) {
  for (Held& each : held) {
    if (last) each.slots.pass(*last + interval);
    each.take();
    if (const auto running = each.slots.running()) each.done.push_back(*running);
    if (!each.done.empty()) imported.series.push_back({each.head, std::move(each.done)});
  }
  for (Counted& each : counted) {
    auto slots = each.counter.finish();
    if (!slots.empty()) imported.series.push_back({each.counter.head(), std::move(slots)});
  }
}

DayTable::DayTable(std::string device, SeriesChoice choice, std::vector<SeriesHead> known)
    : device_(std::move(device)),
      choice_(std::move(choice)),
      known_(std::move(known)),
      columns_(std::make_unique<Columns>()) {}

DayTable::~DayTable() = default;

bool DayTable::is_one(std::string_view first_line) {
  if (!first_line.starts_with(begin_of_head)) return false;
  const std::string_view column = first_line.substr(begin_of_head.size());
  return !column.empty() && column.substr(0, column.find_first_of(",[")).find('/') == column.npos;
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

void DayTable::line(std::string_view text, FilePlace place) {
  auto row = parse(text, place);
  if (!row) return;
  last_ = row->at;
  origins_.add(slot_of(row->at), place);
  columns_->take(*row);
}

std::optional<DayTable::Row> DayTable::parse(std::string_view text, FilePlace place) {
  const auto left_out = [&](const std::string& why) {
    notes_.add(place, why + ": left out");
    return std::nullopt;
  };
  const std::vector<std::string_view> fields = split(text);
  if (fields.size() != uses_.size()) {
    return left_out(std::to_string(fields.size()) + " fields instead of " +
                    std::to_string(uses_.size()) + ", it was torn");
  }
  const auto at = time_of(text);
  if (!at) return left_out("no time between 2000 and 2100");
  Row row{*at, place, {}};
  if (const std::size_t wrong = add_values(fields, row); wrong > 0) {
    return left_out("field " + std::to_string(wrong + 1) + " is no number");
  }
  if (last_ && *at == *last_) return left_out("a second line of the same time");
  if (last_ && *at < *last_) return left_out("earlier than the line before");
  return row;
}

// Returns the first field that is wrong; 0: none.
std::size_t DayTable::add_values(const std::vector<std::string_view>& fields, Row& row) const {
  row.values.resize(fields.size());
  for (std::size_t n = 1; n < fields.size(); ++n) {
    if (uses_[n] == Use::nothing || fields[n].empty()) continue;
    row.values[n] = parse_decimal(fields[n]);
    const bool is_position = fields[n] == "0" || fields[n] == "1";
    if (!row.values[n] || (uses_[n] == Use::position && !is_position)) return n;
  }
  return 0;
}

void DayTable::end_of_file() {
  if (columns_->is_looking) columns_->look_ahead();
}

Imported DayTable::finish() {
  end_of_file();
  Imported imported{{}, std::move(origins_)};
  columns_->finish(imported);
  return imported;
}

}  // namespace gridtap::history
