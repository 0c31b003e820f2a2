// Quarter-hours of a register: sums that are exact, silences, falls, other registers, the clock.
#include "history/growth_slots.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "history/slot_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

TEST_CASE("growth slots: the increase of a quarter-hour, with its registers at both ends") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1040), noon + 10min, true);
  slots.total(wh(1100), noon + 15min, true);
  CHECK(all(slots) == std::vector<Slot>{{first, 100, 1000, 1100, 900}});
  CHECK(slots.running() == Slot{first + Quarters{1}, 0, 1100, 1100, 0});
}

TEST_CASE("growth slots: what comes between two readings is shared by time at the border") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon + 14min, true);
  slots.total(wh(1003), noon + 17min, true);
  CHECK(all(slots) == std::vector<Slot>{{first, 1, 1000, 1001, 60}});
  CHECK(slots.running() == Slot{first + Quarters{1}, 2, 1001, 1003, 120});
}

TEST_CASE("growth slots: a register that comes once an hour is shared over its hour, and covered") {
  GrowthSlots slots(-3);
  slots.total(wh(0), noon, true);
  slots.total(wh(402), noon + 1h, true);
  const std::vector<Slot> expected = {{first, 100, 0, 100, 900},
                                      {first + Quarters{1}, 101, 100, 201, 900},
                                      {first + Quarters{2}, 100, 201, 301, 900},
                                      {first + Quarters{3}, 101, 301, 402, 900}};
  CHECK(all(slots) == expected);
}

TEST_CASE("growth slots: after a silence the increase is there, and is not covered") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1010), noon + 5min, true);
  slots.total(wh(1070), noon + 35min, false);
  const auto ended = all(slots);
  CHECK(ended ==
        std::vector<Slot>{{first, 30, 1000, 1030, 300}, {first + Quarters{1}, 30, 1030, 1060, 0}});
  CHECK(slots.running()->value == 10);
  CHECK(slots.running()->covered == 0);
}

TEST_CASE("growth slots: a silence in which nothing came makes no row") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1000), noon + 6h, false);
  CHECK(all(slots).empty());
  slots.total(wh(1000), noon + 6h + 15min, true);  // it was there, and stood still
  CHECK(all(slots) == std::vector<Slot>{{first + Quarters{24}, 0, 1000, 1000, 900}});
}

TEST_CASE("growth slots: a register that fell adds nothing and begins anew") {
  GrowthSlots slots(-3);
  slots.total(wh(5000), noon, true);
  slots.total(wh(5010), noon + 5min, true);
  slots.total(wh(3), noon + 10min, true);
  slots.total(wh(13), noon + 15min, true);
  CHECK(all(slots) == std::vector<Slot>{{first, 20, 5000, 13, 900}});
}

TEST_CASE("growth slots: another register adds nothing of the difference") {
  GrowthSlots slots(-3);
  slots.total(wh(5000), noon, true);
  slots.total(wh(5010), noon + 5min, true);
  slots.forget();
  slots.total(wh(90'000), noon + 7min, true);
  slots.total(wh(90'020), noon + 15min, true);
  CHECK(all(slots) == std::vector<Slot>{{first, 30, 5000, 90'020, 780}});
  slots.forget();
  slots.total(wh(7), noon + 2h, true);
  slots.total(wh(9), noon + 2h + 15min, true);
  CHECK(all(slots) == std::vector<Slot>{{first + Quarters{8}, 2, 7, 9, 900}});
}

TEST_CASE(
    "growth slots: a clock that is set back opens nothing that has ended, and loses nothing") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1015), noon + 15min, true);
  slots.total(wh(1020), noon - 3h, true);
  slots.total(wh(1030), noon + 30min, true);
  const auto ended = all(slots);
  CHECK(ended == std::vector<Slot>{{first, 15, 1000, 1015, 900},
                                   {first + Quarters{1}, 15, 1015, 1030, 900}});
}

TEST_CASE("growth slots: a plant of gigawatts counts like a house") {
  GrowthSlots slots(-3);
  slots.total(wh(90'000'000'000'000'000), noon, true);
  slots.total(wh(90'000'000'750'000'000), noon + 30min, true);
  const auto ended = all(slots);
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].value == 375'000'000);
  CHECK(ended[1].value == 375'000'000);
}

TEST_CASE("growth slots: a total that is none changes nothing") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(-5), noon + 5min, true);
  slots.total({1, 18}, noon + 5min, true);
  slots.total(wh(1010), noon + 15min, true);
  CHECK(all(slots) == std::vector<Slot>{{first, 10, 1000, 1010, 900}});
}

TEST_CASE("growth slots: those that nobody takes are bounded") {
  GrowthSlots slots(0);
  for (int n = 0; n < 4000; ++n) slots.total({n, 0}, noon + n * 15min, true);
  const auto left = all(slots);
  CHECK(left.size() == GrowthSlots::max_ended);
  CHECK(left.back().high == 3999);
  CHECK(sum(left) == 3999);  // the oldest of them has it all
  CHECK(left.front().low == 0);
  CHECK(left.front().covered == 0);
}

TEST_CASE("growth slots: any readings in any span add up to the registers at its ends") {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    std::mt19937 dice(seed);
    GrowthSlots slots(-3);
    const auto any = [&dice](std::uint32_t below) {
      return static_cast<std::int64_t>(dice() % below);
    };
    const std::int64_t begin = any(1'000'000);
    std::int64_t total = begin;
    Instant at = noon;
    slots.total(wh(total), at, true);
    std::vector<Slot> ended;
    for (int n = 0; n < 200; ++n) {
      at += Milliseconds(any(4'000'000));
      total += any(5000);
      slots.total(wh(total), at, any(3) != 0);
      for (const Slot& slot : all(slots)) ended.push_back(slot);
    }
    CHECK(sum(ended) + slots.running()->value == total - begin);
    for (std::size_t n = 0; n < ended.size(); ++n) {
      CHECK(ended[n].value == *ended[n].high - *ended[n].low);
      CHECK(ended[n].covered <= 900);
      if (n > 0) CHECK(ended[n].start > ended[n - 1].start);
      if (n > 0) CHECK(*ended[n].low == *ended[n - 1].high);
    }
  }
}
