// Files as bad cards, editors and power cuts leave them: whatever comes, what is made of it is in
// order, within its time, and never more than was there.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "history/day_files.hpp"
#include "history/imported.hpp"
#include "history/rows.hpp"
#include "history/table_file.hpp"
#include "history/tables.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

using Dice = std::mt19937;
using Lines = std::vector<std::string>;

const Zone oslo = *Zone::named("Europe/Oslo");
const SeriesChoice everything({"*"});
// The day in which clocks are put back begins an hour later.
const Instant begin = std::chrono::sys_days{std::chrono::year{2025} / 10 / 25} + 21h;

std::uint32_t any(Dice& dice, std::size_t below) {
  return static_cast<std::uint32_t>(dice() % below);
}

std::string local_text(Instant time) {
  std::string text;
  append(text, Timestamp{time, oslo.offset_at(time)});
  return text.substr(0, 10) + ',' + text.substr(11, 8);
}

// Hours of a house whose power changes, and whose register comes each hour.
Lines day_file(Dice& dice, int hours) {
  Lines lines;
  std::int64_t register_wh = 1'000'000, watt_seconds = 0, watts = 500;
  for (int n = 0; n < hours * 360; ++n) {
    const Instant time = begin + n * 10s;
    if (any(dice, 30) == 0) watts = any(dice, 6000);
    if (n % 360 == 1) {
      register_wh += watt_seconds / 3600;
      watt_seconds %= 3600;
    }
    watt_seconds += watts * 10;
    lines.push_back(local_text(time) + ",KFM_001,6970631400000001,MA304H3E," +
                    std::to_string(watts) + ",0,0,154,2700,386,2979,2391,0,2383," +
                    std::to_string(register_wh) + ",0,482221,9891");
  }
  return lines;
}

// A table of quarter-hours, without its first line.
Lines table(int rows) {
  Lines lines;
  for (int n = 0; n < rows; ++n) {
    std::string text;
    const Instant time = begin + n * 15min;
    append(text, Timestamp{time, oslo.offset_at(time)});
    lines.push_back(text + ',' + std::to_string(n % 9) + ".125," + std::to_string(n));
  }
  return lines;
}

// Cuts, doubles, moves and loses lines, and changes letters.
void mangle(Dice& dice, Lines& lines, int times) {
  for (int n = 0; n < times && !lines.empty(); ++n) {
    const std::size_t at = any(dice, lines.size());
    const auto here = lines.begin() + static_cast<std::ptrdiff_t>(at);
    switch (any(dice, 5)) {
      case 0:
        lines[at].resize(any(dice, lines[at].size() + 1));
        break;
      case 1:
        lines.insert(here, lines[at]);
        break;
      case 2:
        std::swap(lines[at], lines[any(dice, lines.size())]);
        break;
      case 3:
        lines.erase(here, here + static_cast<std::ptrdiff_t>(
                                     std::min<std::size_t>(lines.size() - at, any(dice, 200))));
        break;
      default:
        if (!lines[at].empty()) {
          lines[at][any(dice, lines[at].size())] = static_cast<char>(any(dice, 256));
        }
    }
  }
}

Imported read_days(const Lines& lines) {
  DayFiles days("meter", everything, oslo);
  std::uint32_t number = 0;
  for (const std::string& each : lines) days.line(each, {0, ++number});
  return days.finish();
}

std::optional<Imported> read_table(const Lines& lines) {
  TableFile file;
  std::string problem = file.head("time,meter/energy_import[kWh],meter/power_import[W]", {});
  REQUIRE(problem.empty());
  std::uint32_t number = 1;
  for (const std::string& each : lines) {
    problem = file.line(each, {0, ++number});
    if (!problem.empty()) return {};
  }
  return file.finish(problem);
}

void check_order(const Imported& imported) {
  for (const SeriesSlots& series : imported.series) {
    for (std::size_t n = 0; n < series.slots.size(); ++n) {
      const Slot& slot = series.slots[n];
      CHECK(slot.covered >= 0);
      CHECK(slot.covered <= 900);
      if (n > 0) CHECK(slot.start > series.slots[n - 1].start);
      if (series.head.kind == SeriesKind::growth) CHECK(slot.value >= 0);
      if (series.head.kind == SeriesKind::mean && slot.low) CHECK(*slot.low <= slot.value);
      if (series.head.kind == SeriesKind::mean && slot.high) CHECK(*slot.high >= slot.value);
    }
  }
}

const std::vector<Slot>& slots_of(const Imported& imported, std::string_view name) {
  static const std::vector<Slot> none;
  for (const SeriesSlots& each : imported.series) {
    if (each.head.name == name) return each.slots;
  }
  return none;
}

std::int64_t sum(const std::vector<Slot>& slots) {
  std::int64_t all = 0;
  for (const Slot& each : slots) all += each.value;
  return all;
}

}  // namespace

TEST_CASE("import chaos: whole day files add up to their registers, hour by hour to the power") {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    Dice dice(seed);
    const Imported all = read_days(day_file(dice, 30));
    check_order(all);
    const auto& power = slots_of(all, "meter/power_import");
    const auto& energy = slots_of(all, "meter/energy_import");
    REQUIRE(power.size() == 120);
    for (std::size_t n = 4; n + 8 < energy.size(); ++n) {
      // 0.1 W for a quarter-hour against Wh: ten seconds of 6 kW are 67 W of its mean.
      CHECK(std::abs(power[n].value - energy[n].value * 40) <= 700);
      CHECK(*energy[n].low == *energy[n - 1].high);
      CHECK(energy[n].covered == 900);
    }
  }
}

TEST_CASE("import chaos: mangled day files make slots in order, and never more than came") {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    Lines lines = day_file(dice, 12);
    mangle(dice, lines, 40);
    // Letters of a number may have made it a greater one: that is another register, or a fall.
    check_order(read_days(lines));
  }
}

TEST_CASE(
    "import chaos: lines that are lost or doubled lose no energy between those that are left") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    Lines lines = day_file(dice, 12);
    const std::int64_t whole = sum(slots_of(read_days(lines), "meter/energy_import"));
    for (int n = 0; n < 20; ++n) {
      // Not of the first and the last hour: from the first register to the last.
      const std::size_t at = 400 + any(dice, lines.size() - 1200);
      const auto here = lines.begin() + static_cast<std::ptrdiff_t>(at);
      if (any(dice, 2) == 0) {
        lines.insert(here, *here);
      } else {
        lines.erase(here, here + any(dice, 40));
      }
    }
    const Imported all = read_days(lines);
    check_order(all);
    CHECK(sum(slots_of(all, "meter/energy_import")) == whole);
  }
}

TEST_CASE("import chaos: tables in any order are the same table") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    Lines lines = table(300);
    const auto expected = read_table(lines);
    REQUIRE(expected);
    std::shuffle(lines.begin(), lines.end(), dice);
    for (int n = 0; n < 10; ++n) lines.push_back(lines[any(dice, lines.size())]);
    const auto found = read_table(lines);
    REQUIRE(found);
    for (std::size_t n = 0; n < 2; ++n) CHECK(found->series[n].slots == expected->series[n].slots);
  }
}

namespace {

// Quarter-hours of a house with gaps, restarts and silences.
std::vector<Slot> some_quarters(Dice& dice, int count) {
  std::vector<Slot> slots;
  for (int n = 0; n < count; ++n) {
    const auto covered = static_cast<std::int32_t>(
        any(dice, 4) > 0 ? 900 : std::array{0, 10, 450, 890}[any(dice, 4)]);
    if (any(dice, 10) == 0) continue;
    slots.push_back({slot_of(begin) + Quarters{n}, any(dice, 2000), {}, {}, covered});
  }
  return slots;
}

// The table by hour that `gridtap export` makes of them.
std::string by_hour(const SeriesHead& head, const std::vector<Slot>& slots) {
  const CsvTable table({head}, oslo, Decimals::comma);
  std::string text;
  table.head(text);
  Rows rows({{head}, {begin, begin + 100h}, Step::hour}, oslo);
  rows.give(slots);
  while (const Row* row = rows.next()) table.row(text, *row);
  return text;
}

Imported read_text(const std::string& text) {
  TableFile file;
  std::string problem;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    problem = ++number == 1 ? file.head(line, {}) : file.line(line, {0, number});
    REQUIRE(problem.empty());
  }
  auto imported = file.finish(problem);
  REQUIRE(imported);
  return *std::move(imported);
}

}  // namespace

TEST_CASE("import chaos: the hours of any quarter-hours change nothing where those are") {
  const SeriesHead heads[] = {{"meter/energy_import", "kWh", SeriesKind::growth, -3},
                              {"meter/power_import", "W", SeriesKind::mean, -1}};
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    for (const SeriesHead& head : heads) {
      CAPTURE(seed);
      CAPTURE(head.name);
      Dice dice(seed);
      const std::vector<Slot> slots = some_quarters(dice, 400);
      const Imported hours = read_text(by_hour(head, slots));
      REQUIRE(hours.is_hours);
      ImportSum over_them, elsewhere;
      ImportNotes notes;
      CHECK_FALSE(over_them.add(hours));
      const std::size_t cut = any(dice, slots.size());  // as the journal answers: in pieces
      const auto middle = slots.begin() + static_cast<std::ptrdiff_t>(cut);
      CHECK_FALSE(over_them.meet(head.name, {slots.begin(), middle}));
      CHECK_FALSE(over_them.meet(head.name, {middle, slots.end()}));
      CHECK_FALSE(over_them.settle(notes));
      CHECK(notes.all().empty());
      CHECK(over_them.take().empty());
      CHECK_FALSE(elsewhere.add(hours));
      CHECK_FALSE(elsewhere.settle(notes));
      const auto taken = elsewhere.take();
      REQUIRE(taken.size() == 1);
      if (head.kind == SeriesKind::growth) CHECK(sum(taken[0].slots) == sum(slots));
      CHECK(by_hour(head, taken[0].slots) == by_hour(head, slots));
    }
  }
}

TEST_CASE("import chaos: nothing at all is nothing") {
  CHECK(read_days({}).series.empty());
  CHECK(read_table({})->series.empty());
  CHECK(read_days({"", "\n", ",,,,,,,,,,,,,,,,,,"}).series.empty());
}

TEST_CASE("import chaos: mangled tables are refused, or in order") {
  int read = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    Lines lines = table(100);
    mangle(dice, lines, 3);
    const auto found = read_table(lines);
    if (!found) continue;
    ++read;
    check_order(*found);
    for (const SeriesSlots& each : found->series) CHECK(each.slots.size() <= 110);
  }
  CHECK(read > 20);
}
