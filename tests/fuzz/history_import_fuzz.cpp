// Any bytes as files that are imported into the history: as a table and as day files of both kinds.
// Slots are in the order of time and within it, whatever comes, and a table that was understood is
// understood again as it is written.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "fuzz/must.hpp"
#include "history/day_files.hpp"
#include "history/day_table.hpp"
#include "history/imported.hpp"
#include "history/table_file.hpp"
#include "history/tables.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

void check(const Imported& imported) {
  for (const SeriesSlots& series : imported.series) {
    must(!series.head.name.empty());
    for (std::size_t n = 0; n < series.slots.size(); ++n) {
      const Slot& slot = series.slots[n];
      must(slot.covered >= 0 && slot.covered <= 900);
      must(n == 0 || slot.start > series.slots[n - 1].start);
      must(imported.origins.of(slot.start).line > 0);
    }
  }
}

void read_days(std::string_view text) {
  DayFiles days("meter", SeriesChoice({"*"}), oslo);
  std::uint32_t number = 0;
  while (!text.empty()) days.line(take_line(text), {0, ++number});
  check(days.finish());
  for (const ImportNote& each : days.notes().all()) must(!each.text.empty());
}

// A first line within begins another file.
void read_own_days(std::string_view text) {
  DayTable days("meter", SeriesChoice({"*"}), {});
  bool is_good = days.head(take_line(text), {0, 1}).empty();
  for (std::uint32_t number = 2; is_good && !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (DayTable::is_one(line)) {
      is_good = days.head(line, {0, number}).empty();
    } else {
      days.line(line, {0, number});
    }
  }
  check(days.finish());
  for (const ImportNote& each : days.notes().all()) must(!each.text.empty());
}

std::optional<Imported> read_table(std::string_view text) {
  if (!TableFile::is_one(text)) return {};
  TableFile table;
  std::string problem = table.head(take_line(text), {});
  std::uint32_t number = 1;
  while (problem.empty() && !text.empty()) problem = table.line(take_line(text), {0, ++number});
  if (!problem.empty()) return {};
  auto imported = table.finish(problem);
  must(imported.has_value() == problem.empty());
  return imported;
}

// One series as a table of its own.
std::string written(const SeriesSlots& series) {
  const CsvTable table({series.head}, oslo, Decimals::point);
  std::string text;
  table.head(text);
  for (const Slot& each : series.slots) {
    const Period period{each.start, each.start + Quarters{1}};
    table.row(text, {period, {Point{period, each.value, {}, {}, 900}}});
  }
  return text;
}

// With the half of it that is known already: what is taken is in order, each time once.
void join(const Imported& table) {
  ImportSum sum;
  must(!sum.add(table));
  must(!sum.add(table));
  for (const SeriesSlots& each : table.series) {
    const auto half = each.slots.begin() + static_cast<std::ptrdiff_t>(each.slots.size() / 2);
    must(!sum.meet(each.head.name, {each.slots.begin(), half}) || table.is_hours);
  }
  ImportNotes notes;
  must(!sum.settle(notes) || table.is_hours);
  for (const SeriesSlots& each : sum.take()) {
    must(!each.slots.empty());
    for (std::size_t n = 1; n < each.slots.size(); ++n) {
      must(each.slots[n].start > each.slots[n - 1].start);
    }
  }
}

// Else a table of it alone may be one of hours.
bool has_neighbours(const std::vector<Slot>& slots) {
  return std::adjacent_find(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) {
           return b.start - a.start == Quarters{1};
         }) != slots.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  read_days(text);
  if (DayTable::is_one(text.substr(0, text.find('\n')))) read_own_days(text);
  const auto table = read_table(text);
  if (!table) return 0;
  check(*table);
  join(*table);
  for (const SeriesSlots& series : table->series) {
    if (!has_neighbours(series.slots)) continue;
    const auto again = read_table(written(series));
    must(again && again->series.front().head == series.head);
    must(again->series.front().slots == series.slots);
  }
  return 0;
}
