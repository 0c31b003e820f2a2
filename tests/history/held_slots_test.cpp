// Quarter-hours of a value that holds until the next one: means, extremes, what is not known.
#include "history/held_slots.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "history/slot_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

Decimal watts(std::int64_t value) { return {value, 0}; }

}  // namespace

TEST_CASE("slot: a time is in the quarter-hour that began last, also before 1970") {
  CHECK(slot_of(noon) == first);
  CHECK(slot_of(noon + 14min + 59s + 999ms) == first);
  CHECK(slot_of(noon + 15min) == first + Quarters{1});
  CHECK(slot_of(Instant{} - 1ms) == SlotTime{} - Quarters{1});
}

TEST_CASE("slot: values are whole numbers of the series' exponent, rounded; others do not fit") {
  CHECK(whole_of({12345, -2}, -3) == 123450);
  CHECK(whole_of({12345, -2}, 0) == 123);
  CHECK(whole_of({1235, -1}, 0) == 124);
  CHECK(whole_of({-1235, -1}, 0) == -124);
  CHECK_FALSE(whole_of({1, 18}, 0));
  CHECK_FALSE(whole_of({-1, 18}, 0));
  CHECK(rounded_quotient(7, 2) == 4);
  CHECK(rounded_quotient(-7, 2) == -4);
  CHECK(whole_seconds(1500ms) == 2);
}

TEST_CASE("held slots: the mean is weighted by time, with the smallest and the greatest value") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.number(watts(100), noon, 1h);
  slots.number(watts(400), noon + 10min, 1h);
  slots.pass(noon + 15min);
  CHECK(all(slots) == std::vector<Slot>{{first, 200, 100, 400, 900}});
  CHECK_FALSE(slots.running());
}

TEST_CASE("held slots: a value that lasts is in each quarter-hour, and in none beyond its hold") {
  HeldSlots slots(SeriesKind::mean, -1);
  slots.number({2305, -1}, noon + 5min, 30min);
  slots.pass(noon + 5h);
  const std::vector<Slot> expected = {{first, 2305, 2305, 2305, 600},
                                      {first + Quarters{1}, 2305, 2305, 2305, 900},
                                      {first + Quarters{2}, 2305, 2305, 2305, 300}};
  CHECK(all(slots) == expected);
}

TEST_CASE("held slots: what is not known is not counted, and a silence makes no row") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.number(watts(100), noon, 60s);
  slots.number(watts(300), noon + 10min, 60s);
  slots.unknown(noon + 10min + 30s);
  slots.number(watts(50), noon + 2h, 60s);
  slots.pass(noon + 2h + 15min);
  const std::vector<Slot> expected = {{first, 167, 100, 300, 90},
                                      {first + Quarters{8}, 50, 50, 50, 60}};
  CHECK(all(slots) == expected);
}

TEST_CASE("held slots: a value holds at most two hours, whatever is said") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.number(watts(1), noon, Milliseconds::max());
  slots.pass(noon + 10h);
  CHECK(all(slots).size() == 8);
}

TEST_CASE("held slots: a value that cannot be is not known") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.number(watts(100), noon, 1h);
  slots.number({1, 12}, noon + 60s, 1h);
  slots.pass(noon + 15min);
  CHECK(all(slots) == std::vector<Slot>{{first, 100, 100, 100, 60}});
}

TEST_CASE("held slots: of a switch it is the seconds that it was ON") {
  HeldSlots slots(SeriesKind::time_on, 0);
  slots.position(false, noon, 1h);
  slots.position(true, noon + 5min, 1h);
  slots.position(false, noon + 7min + 500ms, 1h);
  slots.position(true, noon + 14min, 1h);
  CHECK(slots.running() == Slot{first, 121, {}, {}, 840});
  slots.pass(noon + 20min);
  CHECK(all(slots) == std::vector<Slot>{{first, 181, {}, {}, 900}});
  CHECK(slots.running() == Slot{first + Quarters{1}, 300, {}, {}, 300});
}

TEST_CASE("held slots: a clock that is set back opens nothing that has ended") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.number(watts(100), noon, 1h);
  slots.number(watts(200), noon + 20min, 1h);
  slots.number(watts(300), noon + 1min, 1h);  // from now on, and now is 20 past
  slots.pass(noon + 2min);
  slots.pass(noon + 30min);
  const std::vector<Slot> expected = {{first, 100, 100, 100, 900},
                                      {first + Quarters{1}, 233, 100, 300, 900}};
  CHECK(all(slots) == expected);
}

TEST_CASE("held slots: a clock that jumps by years costs no time") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.number(watts(100), Instant{}, 1h);
  slots.number(watts(200), noon, 1h);
  slots.pass(noon + 15min);
  CHECK(all(slots).size() == 5);
}

TEST_CASE("held slots: those that nobody takes are bounded, and the oldest go") {
  HeldSlots slots(SeriesKind::mean, 0);
  for (int n = 0; n < 1000; ++n) slots.number(watts(n), noon + n * 15min, 15min);
  const auto left = all(slots);
  REQUIRE(left.size() == HeldSlots::max_ended);
  CHECK(left.back().value == 998);
}

TEST_CASE("held slots: however the calls are cut, the rows are the same") {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    std::mt19937 dice(seed);
    HeldSlots calm(SeriesKind::mean, 0), busy(SeriesKind::mean, 0);
    Instant at = noon;
    for (int n = 0; n < 300; ++n) {
      const Decimal value = watts(static_cast<std::int64_t>(dice() % 9000) - 4000);
      const Milliseconds hold{dice() % 600'000};
      calm.number(value, at, hold);
      busy.number(value, at, hold);
      const Milliseconds step{dice() % 400'000};
      for (int cut = 0; cut < 5; ++cut) busy.pass(at + step * cut / 5);
      at += step;
    }
    calm.pass(at);
    busy.pass(at);
    CHECK(all(calm) == all(busy));
    CHECK(calm.running() == busy.running());
  }
}
