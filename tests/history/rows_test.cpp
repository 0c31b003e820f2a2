// Rows from pieces: gaps, pieces of any size, what is not in the file yet, clock changes.
#include "history/rows.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "history/played_journal.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");
const SeriesHead energy{"meter/energy_import", "kWh", SeriesKind::growth, -3};
const SeriesHead power{"meter/power_import", "W", SeriesKind::mean, 0};

Instant local(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  return oslo.resolve(LocalSeconds(std::chrono::local_days(date)), {}).instant;
}

Query query(std::vector<SeriesHead> series, Instant begin, Instant end, Step step) {
  return {std::move(series), {begin, end}, step};
}

// All rows, with a journal that returns at most `piece` slots at once.
std::vector<Row> rows(const Query& query, const KeptSlots& file, const KeptSlots& pending = {},
                      std::size_t piece = Journal::max_slots) {
  Rows reader(query, oslo, piece);
  std::vector<Row> all;
  while (true) {
    if (const Row* row = reader.next()) {
      all.push_back(*row);
    } else if (const auto wanted = reader.wants()) {
      const std::string& name = query.series[wanted->series].name;
      auto slots = slots_of(file, name, wanted->begin, wanted->end);
      if (slots.size() > piece) slots.resize(piece);
      reader.give(slots, slots_of(pending, name, wanted->begin, wanted->end));
    } else {
      return all;
    }
  }
}

std::vector<std::int64_t> values(const std::vector<Row>& rows, std::size_t series = 0) {
  std::vector<std::int64_t> all;
  for (const Row& each : rows) {
    all.push_back(each.points[series] ? each.points[series]->value : -1);
  }
  return all;
}

}  // namespace

TEST_CASE("rows: every period of the range has a row, what is not known has no point") {
  const Instant begin = local(2026, 11, 28);
  KeptSlots file;
  file[energy.name] = {{slot_of(begin) + Quarters{5}, 40, 1000, 1040, 900},
                       {slot_of(begin) + Quarters{6}, 60, 1040, 1100, 900}};
  const auto found = rows(query({energy}, begin, begin + 4h, Step::hour), file);
  REQUIRE(found.size() == 4);
  CHECK(values(found) == std::vector<std::int64_t>{-1, 100, -1, -1});
  CHECK(found[1].points[0] == Point{{begin + 1h, begin + 2h}, 100, 1000, 1100, 1800});
  CHECK(found[3].period == Period{begin + 3h, begin + 4h});
}

TEST_CASE("rows: a range in which nothing is has its rows too, and one read") {
  Rows reader(query({energy}, local(2016, 1, 1), local(2026, 1, 1), Step::month), oslo);
  REQUIRE(reader.wants());
  CHECK_FALSE(reader.next());
  reader.give({});
  CHECK_FALSE(reader.wants());
  int months = 0;
  while (reader.next() != nullptr) ++months;
  CHECK(months == 120);
  CHECK_FALSE(reader.next());
}

TEST_CASE("rows: an increase without coverage is known, a mean without is not") {
  const Instant begin = local(2026, 11, 28);
  KeptSlots file;
  file[energy.name] = {{slot_of(begin), 40, 1000, 1040, 0}};
  file[power.name] = {{slot_of(begin), 0, {}, {}, 0}};
  const auto found = rows(query({energy, power}, begin, begin + 15min, Step::quarter), file);
  REQUIRE(found.size() == 1);
  CHECK(found[0].points[0]->value == 40);
  CHECK_FALSE(found[0].points[1]);
}

TEST_CASE("rows: what the recorder still has is in it, and the fuller of two counts") {
  const Instant begin = local(2026, 11, 28);
  const SlotTime first = slot_of(begin);
  KeptSlots file, pending;
  file[energy.name] = {{first, 10, 0, 10, 900}, {first + Quarters{1}, 3, 10, 13, 200}};
  pending[energy.name] = {{first, 9, 0, 9, 800},
                          {first + Quarters{1}, 20, 10, 30, 900},
                          {first + Quarters{2}, 5, 30, 35, 300}};
  const Query hour = query({energy}, begin, begin + 1h, Step::quarter);
  CHECK(values(rows(hour, file, pending)) == std::vector<std::int64_t>{10, 20, 5, -1});
  // Written and not answered yet, and a quarter-hour that went on: the last one counts.
  pending[energy.name] = {{first, 11, 0, 11, 900},
                          {first + Quarters{2}, 5, 30, 35, 300},
                          {first + Quarters{2}, 6, 30, 36, 300},
                          {first + Quarters{2}, 4, 30, 34, 200}};
  CHECK(values(rows(hour, file, pending)) == std::vector<std::int64_t>{11, 3, 6, -1});
}

TEST_CASE("rows: pieces of any size give the same rows") {
  std::mt19937 dice(7);
  const Instant begin = local(2026, 10, 20), end = local(2026, 11, 2);  // a day has 25 hours
  KeptSlots file, pending;
  std::int64_t total = 0;
  for (SlotTime at = slot_of(begin); at < end; at += Quarters{1}) {
    if (dice() % 5 == 0) continue;
    const auto grown = static_cast<std::int64_t>(dice() % 100);
    KeptSlots& where = dice() % 10 == 0 ? pending : file;
    where[energy.name].push_back({at, grown, total, total + grown, 900});
    if (dice() % 3 == 0) file[power.name].push_back({at, grown * 4, 0, grown * 9, 450});
    total += grown;
  }
  for (const Step step : {Step::quarter, Step::hour, Step::day, Step::month}) {
    const Period first = period_of(begin, step, oslo), last = period_of(end - 1ms, step, oslo);
    const Query asked = query({power, energy}, first.begin, last.end, step);
    const auto whole = rows(asked, file, pending);
    std::int64_t sum = 0;
    for (const Row& each : whole) sum += each.points[1] ? each.points[1]->value : 0;
    CHECK(sum == total);
    for (const std::size_t piece : {1U, 2U, 7U, 96U, 500U}) {
      const auto found = rows(asked, file, pending, piece);
      REQUIRE(found.size() == whole.size());
      for (std::size_t n = 0; n < whole.size(); ++n) {
        CHECK(found[n].period == whole[n].period);
        CHECK(found[n].points == whole[n].points);
      }
    }
  }
}

TEST_CASE("rows: days in which clocks are moved have 23 and 25 rows by hour") {
  for (const auto& [month, day, hours] : {std::tuple{3U, 29U, 23U}, {10U, 25U, 25U}}) {
    const Instant begin = local(2026, month, day), end = local(2026, month, day + 1);
    CHECK(rows(query({energy}, begin, end, Step::hour), {}).size() == hours);
    CHECK(rows(query({energy}, begin, end, Step::quarter), {}).size() == hours * 4);
    CHECK(rows(query({energy}, begin, end, Step::day), {}).size() == 1);
  }
}

TEST_CASE("rows: a journal that answers with what was not asked for does not lead astray") {
  const Instant begin = local(2026, 11, 28);
  const SlotTime first = slot_of(begin);
  Rows reader(query({energy}, begin, begin + 1h, Step::quarter), oslo, 2);
  reader.give({{first - Quarters{9}, 1, 0, 1, 900}, {first - Quarters{8}, 1, 1, 2, 900}});
  CHECK_FALSE(reader.wants());
  reader.give({{first, 1, 0, 1, 900}});  // was not asked for
  int count = 0, asked = 0;
  for (; asked < 9; ++asked) {
    while (const Row* row = reader.next()) {
      CHECK_FALSE(row->points[0]);
      ++count;
    }
    if (!reader.wants()) break;
    reader.give({{first - Quarters{9}, 1, 0, 1, 900}, {first + Quarters{900}, 1, 1, 2, 900}});
  }
  CHECK(count == 4);
  CHECK(asked == 1);
}

TEST_CASE("rows: in a zone of half hours an hour begins at half past, UTC") {
  const Zone kolkata = *Zone::named("Asia/Kolkata");
  const Instant begin = std::chrono::sys_days{std::chrono::year{2026} / 11 / 28} + 30min;
  Rows reader(query({energy}, begin, begin + 2h, Step::hour), kolkata);
  reader.give({{slot_of(begin), 1, 0, 1, 900}, {slot_of(begin) + Quarters{4}, 2, 1, 3, 900}});
  std::vector<Row> found;
  while (const Row* row = reader.next()) found.push_back(*row);
  REQUIRE(found.size() == 2);
  CHECK(found[0].period == Period{begin, begin + 1h});
  CHECK(values(found) == std::vector<std::int64_t>{1, 2});
}
