// What several files and the history say of the same time.
#include "history/imported.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

const SeriesHead energy{"meter/energy_import", "kWh", SeriesKind::growth, -3};

constexpr SlotTime at(std::int64_t number) { return SlotTime(Quarters(2'000'000 + number)); }

Slot slot(std::int64_t number, std::int64_t value, std::int32_t covered = 900) {
  return {at(number), value, {}, {}, covered};
}

Imported imported(std::vector<Slot> slots, std::uint32_t file = 0) {
  Imported out;
  std::uint32_t line = 1;
  for (const Slot& each : slots) out.origins.add(each.start, {file, ++line});
  out.series.push_back({energy, std::move(slots)});
  return out;
}

std::vector<Slot> left(ImportSum& sum) {
  const auto all = sum.take();
  return all.empty() ? std::vector<Slot>{} : all.front().slots;
}

}  // namespace

TEST_CASE("imported: of two of the same time equal ones are one, and the fuller one counts") {
  CHECK(join(slot(0, 5), slot(0, 5)) == Joined::old);
  CHECK(join(slot(0, 5, 100), slot(0, 5, 900)) == Joined::old);
  CHECK(join(slot(0, 5, 100), slot(0, 6, 900)) == Joined::fresh);
  CHECK(join(slot(0, 5, 900), slot(0, 6, 100)) == Joined::old);
  CHECK(join(slot(0, 5), slot(0, 6)) == Joined::contradiction);
  CHECK(join({at(0), 5, 10, 15, 900}, slot(0, 5)) == Joined::old);
  CHECK(join({at(0), 5, 10, 15, 900}, {at(0), 5, 11, 16, 900}) == Joined::contradiction);
}

TEST_CASE("imported: files that contradict each other are refused with the place") {
  ImportSum other;
  CHECK_FALSE(other.add(imported({slot(0, 1), slot(1, 2)})));
  const auto contradiction = other.add(imported({slot(0, 1), slot(1, 7)}, 1));
  REQUIRE(contradiction);
  CHECK(contradiction->place.file == 1);
  CHECK(contradiction->place.line == 3);
  CHECK(contradiction->old == slot(1, 2));
  CHECK(contradiction->fresh == slot(1, 7));
}

TEST_CASE("imported: what the history has already is left out") {
  ImportSum sum;
  CHECK_FALSE(sum.add(imported({slot(0, 1), slot(1, 2), slot(2, 3, 900), slot(5, 4)})));
  const auto ranges = sum.ranges();
  REQUIRE(ranges.size() == 1);
  CHECK(ranges[0].series == energy.name);
  CHECK(ranges[0].begin == at(0));
  CHECK(ranges[0].end == at(6));
  CHECK_FALSE(sum.meet(energy.name, {slot(-3, 8), slot(0, 1)}));
  CHECK_FALSE(sum.meet(energy.name, {slot(2, 9, 300), slot(9, 9)}));
  CHECK_FALSE(sum.meet("solar/power", {slot(1, 99)}));
  CHECK(left(sum) == std::vector<Slot>{slot(1, 2), slot(2, 3), slot(5, 4)});
  CHECK(left(sum).empty());
}

TEST_CASE("imported: what contradicts the history is refused with the place") {
  ImportSum sum;
  CHECK_FALSE(sum.add(imported({slot(0, 1), slot(1, 2)})));
  const auto found = sum.meet(energy.name, {slot(1, 3)});
  REQUIRE(found);
  CHECK(found->place.line == 3);
  CHECK(found->head == energy);
}

TEST_CASE("imported: what a table brought into the history may be a share of an hour") {
  const auto met = [](const Slot& old) {
    ImportSum sum;
    CHECK_FALSE(sum.add(imported({slot(0, 621)})));
    return sum.meet(energy.name, {old});
  };
  CHECK(met(slot(0, 653))->may_be_share);
  CHECK_FALSE(met({at(0), 653, 9000, 9653, 900})->may_be_share);
}

TEST_CASE("imported: files follow each other, overlap and fill gaps, in any order") {
  ImportSum sum;
  CHECK_FALSE(sum.add(imported({slot(4, 5), slot(6, 7)})));
  CHECK_FALSE(sum.add(imported({slot(1, 2), slot(4, 5), slot(5, 6), slot(8, 9)})));
  CHECK_FALSE(sum.add(imported({})));
  CHECK(left(sum) == std::vector<Slot>{slot(1, 2), slot(4, 5), slot(5, 6), slot(6, 7), slot(8, 9)});
}

TEST_CASE("imported: years of files in any order, some of them twice, are put together") {
  constexpr std::uint32_t days = 400;
  Dice dice(7);
  for (const bool is_hours : {false, true}) {
    CAPTURE(is_hours);
    const std::int64_t step = is_hours ? 4 : 1;
    ImportSum sum;
    for (std::uint32_t n = 0; n < 2 * days; ++n) {
      const std::uint32_t day = n % 3 == 0 ? dice(days) : n % days;
      std::vector<Slot> slots;
      for (std::int64_t at = day * 96; at < day * 96 + 120; at += step) {
        slots.push_back(slot(at, 4 * at));
      }
      Imported file = imported(std::move(slots), n);
      file.is_hours = is_hours;
      CHECK_FALSE(sum.add(file));
    }
    const auto all = left(sum);
    REQUIRE(all.size() == days * 96 + 24);
    for (std::size_t n = 0; n < all.size(); ++n) {
      const auto at = static_cast<std::int64_t>(n);
      const std::int64_t value = is_hours ? at / 4 * 4 : 4 * at;
      if (all[n] != slot(at, value)) FAIL("another slot than ", n);
    }
  }
}

TEST_CASE("imported: hours of files and of the history are compared with all of their quarters") {
  const auto hours = [](std::vector<Slot> rows) {
    Imported out = imported(std::move(rows));
    out.is_hours = true;
    return out;
  };
  ImportNotes notes;
  ImportSum sum;
  CHECK_FALSE(sum.add(hours({slot(0, 10), slot(4, 40), slot(8, 80)})));
  CHECK_FALSE(sum.add(imported({slot(2, 3), slot(3, 4)}, 1)));
  REQUIRE(sum.ranges().size() == 1);
  CHECK(sum.ranges()[0].begin == at(0));
  CHECK(sum.ranges()[0].end == at(12));
  // In pieces; of one quarter-hour the file has more than the history.
  CHECK_FALSE(sum.meet(energy.name, {slot(0, 1), slot(1, 2)}));
  CHECK_FALSE(sum.meet(energy.name, {slot(2, 99, 10), slot(8, 20)}));
  CHECK_FALSE(sum.meet(energy.name, {slot(9, 20), slot(10, 20), slot(11, 20)}));
  CHECK_FALSE(sum.settle(notes));
  CHECK(notes.all().empty());
  CHECK(left(sum) == std::vector<Slot>{slot(2, 3), slot(3, 4), slot(4, 10), slot(5, 10),
                                       slot(6, 10), slot(7, 10)});
}

TEST_CASE("imported: what begins outside of a time is taken out, and counted in quarter-hours") {
  Imported quarters = imported({slot(0, 1), slot(1, 2), slot(2, 3), slot(3, 4)});
  CHECK(leave_out(quarters, {at(1), at(3)}) == 2);
  CHECK(quarters.series[0].slots == std::vector<Slot>{slot(1, 2), slot(2, 3)});
  CHECK(leave_out(quarters, {at(1), at(3)}) == 0);
  CHECK(first_since(quarters, at(0)) == at(1));
  CHECK(first_since(quarters, at(2)) == at(2));
  CHECK_FALSE(first_since(quarters, at(3)));
  Imported hours = imported({slot(0, 1), slot(4, 2)});
  hours.is_hours = true;
  CHECK(leave_out(hours, {at(0), at(4)}) == 4);
  CHECK_FALSE(first_since(imported({}), at(0)));
}

TEST_CASE("imported: an hour that contradicts its quarters is refused with all of both") {
  Imported hours = imported({slot(0, 10), slot(4, 40)});
  hours.is_hours = true;
  ImportNotes notes;
  ImportSum sum;
  CHECK_FALSE(sum.add(hours));
  CHECK_FALSE(sum.meet(energy.name, {slot(4, 9), slot(5, 9), slot(6, 9), slot(7, 9)}));
  const auto found = sum.settle(notes);
  REQUIRE(found);
  CHECK(found->place.line == 3);
  CHECK(found->head == energy);
  CHECK(found->old.value == 36);
  CHECK(found->fresh.value == 40);
}

TEST_CASE("imported: of each file the first few notes are told, the others counted") {
  ImportNotes notes;
  for (std::uint32_t n = 1; n <= 8; ++n) notes.add({2, n}, "odd");
  notes.add({1, 7}, "odd");
  const auto all = notes.all();
  REQUIRE(all.size() == 7);
  CHECK(all[0].place.file == 1);
  CHECK(all[6].text == "3 more lines like these");
}
