// Hours of a table: what contradicts what is known, what is known in part, and what is new.
#include "history/hour_rows.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <vector>

using namespace gridtap;
using namespace gridtap::history;

namespace {

constexpr SlotTime at(std::int64_t number) { return SlotTime(Quarters(2'000'000 + number)); }

constexpr Slot slot(std::int64_t number, std::int64_t value, std::int32_t covered = 900) {
  return {at(number), value, {}, {}, covered};
}

HourRows::Row row(std::int64_t number, std::int64_t value, std::uint32_t line = 2) {
  return {slot(number, value), {0, line}};
}

// One hour, and the quarter-hours that are known of it.
struct Hour {
  Hour(SeriesKind kind, std::int64_t value, const std::vector<Slot>& known) : rows(kind) {
    CHECK_FALSE(rows.add({row(0, value)}));
    for (const Slot& each : known) rows.meet(each);
    clash = rows.settle(notes);
  }
  bool is_known() const { return rows.rows().empty() && !clash && notes.all().empty(); }
  bool is_new() const { return rows.rows().size() == 1 && !clash && notes.all().empty(); }

  HourRows rows;
  ImportNotes notes;
  std::optional<HourRows::Clash> clash;
};

constexpr auto growth = SeriesKind::growth, mean = SeriesKind::mean, time_on = SeriesKind::time_on;

}  // namespace

TEST_CASE("hour rows: an hour that was measured and has another sum is a contradiction") {
  const Hour hour(growth, 1000, {slot(0, 250), slot(1, 250), slot(2, 250), slot(3, 252)});
  REQUIRE(hour.clash);
  CHECK(hour.clash->place.line == 2);
  CHECK(hour.clash->old.value == 1002);
  CHECK(hour.clash->fresh.value == 1000);
  CHECK(Hour(mean, 100, {slot(0, 100), slot(1, 100), slot(2, 100), slot(3, 110)}).clash);
  CHECK(Hour(time_on, 0, {slot(0, 0), slot(1, 9), slot(2, 0), slot(3, 0)}).clash);
}

TEST_CASE(
    "hour rows: of an hour that is known in part, and otherwise, nothing is taken, and told") {
  const Hour hour(growth, 1000, {slot(2, 250), slot(3, 250)});
  CHECK_FALSE(hour.clash);
  CHECK(hour.rows.rows().empty());
  REQUIRE(hour.notes.all().size() == 1);
  CHECK(hour.notes.all()[0].text == "a part of this hour is known already: left out");
  CHECK(hour.notes.all()[0].place.line == 2);
}

TEST_CASE("hour rows: files that contradict each other, or overlap, are refused") {
  HourRows rows(growth);
  CHECK_FALSE(rows.add({row(0, 1), row(4, 2)}));
  CHECK_FALSE(rows.add({row(4, 2), row(8, 3)}));
  CHECK(rows.rows().size() == 3);
  const auto other = rows.add({row(4, 5, 7)});
  REQUIRE(other);
  CHECK(other->place.line == 7);
  HourRows shifted(growth);
  CHECK_FALSE(shifted.add({row(0, 1)}));
  CHECK(shifted.add({row(2, 1)}));
}

TEST_CASE("hour rows: an hour that has the same sum or mean is known, the last digit may differ") {
  CHECK(Hour(growth, 1000, {slot(0, 100), slot(1, 400), slot(2, 0), slot(3, 500)}).is_known());
  CHECK(Hour(growth, 1001, {slot(0, 100), slot(1, 400), slot(2, 0), slot(3, 500)}).is_known());
  CHECK(Hour(growth, 500, {slot(2, 500)}).is_known());  // a part, as it was exported
  CHECK(Hour(growth, 500, {slot(0, 125, 0), slot(1, 375, 0)}).is_known());
  CHECK(Hour(mean, -25, {slot(0, -10), slot(1, -20), slot(2, -30), slot(3, -40)}).is_known());
  CHECK(Hour(mean, 10, {slot(0, 10, 300), slot(1, 99, 0)}).is_known());
  CHECK(Hour(mean, 70, {slot(0, 100, 600), slot(1, 10, 300)}).is_known());
  CHECK(Hour(time_on, 900, {slot(1, 450), slot(2, 450)}).is_known());
}

TEST_CASE("hour rows: an hour of which nothing was measured is new") {
  CHECK(Hour(growth, 1000, {}).is_new());
  CHECK(Hour(growth, 1000, {slot(-1, 5), slot(4, 5)}).is_new());
  CHECK(Hour(growth, 1000, {slot(0, 100, 0), slot(3, 100, 0)}).is_new());
  CHECK(Hour(mean, 0, {slot(0, 0, 0)}).is_new());
}

TEST_CASE(
    "hour rows: what is counted and ON is shared evenly, to the last one, a mean is the same") {
  const auto values = [](SeriesKind kind, std::int64_t value) {
    std::vector<std::int64_t> all;
    HourRows rows(kind);
    CHECK_FALSE(rows.add({row(0, value)}));
    for (const Slot& each : rows.shared()) {
      CHECK(each.start == at(static_cast<std::int64_t>(all.size())));
      CHECK(each.covered == 900);
      all.push_back(each.value);
    }
    return all;
  };
  CHECK(values(growth, 1003) == std::vector<std::int64_t>{250, 251, 251, 251});
  CHECK(values(time_on, 1802) == std::vector<std::int64_t>{450, 451, 450, 451});
  CHECK(values(mean, -7000) == std::vector<std::int64_t>{-7000, -7000, -7000, -7000});
}
