// What several files and the history say of the same time.
#include "history/imported.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

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

TEST_CASE("imported: files follow each other, overlap and fill gaps, in any order") {
  ImportSum sum;
  CHECK_FALSE(sum.add(imported({slot(4, 5), slot(6, 7)})));
  CHECK_FALSE(sum.add(imported({slot(1, 2), slot(4, 5), slot(5, 6), slot(8, 9)})));
  CHECK_FALSE(sum.add(imported({})));
  CHECK(left(sum) == std::vector<Slot>{slot(1, 2), slot(4, 5), slot(5, 6), slot(6, 7), slot(8, 9)});
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
