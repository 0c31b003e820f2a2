// What a restart does to quarter-hours: what was kept of the newest goes on, is not lost and not
// counted twice, whether it is known before the first reading or after it.
#include <doctest/doctest.h>

#include <deque>
#include <random>
#include <vector>

#include "history/growth_slots.hpp"
#include "history/held_slots.hpp"
#include "history/slot_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

Decimal watts(std::int64_t value) { return {value, 0}; }

Slot quarter(int n, std::int64_t value, std::int64_t low, std::int64_t high, int covered) {
  return {first + Quarters{n}, value, low, high, covered};
}

}  // namespace

TEST_CASE("resume: a mean goes on in the quarter-hour that was kept in part") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.resume(quarter(0, 100, 50, 150, 300));
  slots.number(watts(400), noon + 10min, 1h);
  slots.pass(noon + 15min);
  CHECK(all(slots) == std::vector<Slot>{quarter(0, 250, 50, 400, 600)});
}

TEST_CASE("resume: a mean whose file answers late has the same quarter-hour") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.number(watts(400), noon + 10min, 1h);
  slots.pass(noon + 12min);
  slots.resume(quarter(0, 100, 50, 150, 300));
  slots.pass(noon + 15min);
  CHECK(all(slots) == std::vector<Slot>{quarter(0, 250, 50, 400, 600)});

  HeldSlots later(SeriesKind::mean, 0);
  later.number(watts(400), noon + 10min, 1h);
  later.pass(noon + 30min);
  later.resume(quarter(0, 100, 50, 150, 300));
  CHECK(all(later) ==
        std::vector<Slot>{quarter(0, 250, 50, 400, 600), quarter(1, 400, 400, 400, 900)});
}

TEST_CASE("resume: the time ON of both parts is one") {
  for (const bool late : {false, true}) {
    CAPTURE(late);
    HeldSlots slots(SeriesKind::time_on, 0);
    const Slot kept{first, 200, {}, {}, 300};
    if (!late) slots.resume(kept);
    slots.position(true, noon + 10min, 1h);
    slots.pass(noon + 20min);
    if (late) slots.resume(kept);
    CHECK(all(slots) == std::vector<Slot>{{first, 500, {}, {}, 600}});
    CHECK(slots.running() == Slot{first + Quarters{1}, 300, {}, {}, 300});
  }
}

TEST_CASE("resume: a quarter-hour in which nothing more comes is not written again") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.resume(quarter(0, 100, 50, 150, 900));
  slots.number(watts(400), noon + 15min, 1h);
  slots.pass(noon + 30min);
  CHECK(all(slots) == std::vector<Slot>{quarter(1, 400, 400, 400, 900)});
  GrowthSlots growth(-3);
  growth.resume(quarter(0, 100, 1000, 1100, 900), false);
  CHECK_FALSE(growth.take_running());
  growth.total(wh(1200), noon + 30min, true);
  CHECK(all(growth) == std::vector<Slot>{quarter(1, 100, 1100, 1200, 900)});
}

TEST_CASE("resume: what a clock has ended before is not opened, one that was wrong by years is") {
  HeldSlots slots(SeriesKind::mean, 0);
  slots.resume(quarter(8, 100, 100, 100, 900));  // kept two hours ahead of this clock
  slots.number(watts(7), noon, 1h);
  slots.pass(noon + 1h);
  CHECK(all(slots).empty());
  for (const bool late : {false, true}) {
    CAPTURE(late);
    HeldSlots wrong(SeriesKind::mean, 0);
    GrowthSlots growth(-3);
    const auto resume = [&] {
      wrong.resume(quarter(96 * 3000, 100, 100, 100, 900));
      growth.resume(quarter(96 * 3000, 100, 100, 200, 900), true);
    };
    if (!late) resume();
    wrong.number(watts(7), noon, 1h);
    growth.total(wh(200), noon, true);
    growth.total(wh(230), noon + 15min, true);
    wrong.pass(noon + 15min);
    if (late) resume();
    CHECK(all(wrong) == std::vector<Slot>{quarter(0, 7, 7, 7, 900)});
    CHECK(all(growth).back() == quarter(0, 30, 200, 230, 900));
  }
}

TEST_CASE("resume: a register goes on where it was kept, and closes the gap") {
  GrowthSlots slots(-3);
  slots.resume(quarter(-1, 10, 990, 1000, 900), true);
  slots.total(wh(1090), noon + 45min, false);
  const auto ended = all(slots);
  REQUIRE(ended.size() == 3);
  CHECK(ended[0] == quarter(0, 30, 1000, 1030, 0));
  CHECK(sum(ended) == 90);
}

TEST_CASE("resume: a register goes on in the quarter-hour that was kept in part") {
  for (const bool late : {false, true}) {
    CAPTURE(late);
    GrowthSlots slots(-3);
    const Slot kept = quarter(0, 10, 1000, 1010, 300);
    if (!late) slots.resume(kept, true);
    slots.total(wh(1012), noon + 6min, true);
    slots.total(wh(1030), noon + 15min, true);
    if (late) slots.resume(kept, true);
    CHECK(all(slots) == std::vector<Slot>{quarter(0, 30, 1000, 1030, 900)});
  }
}

TEST_CASE("resume: a register whose file answers hours late misses nothing of the gap") {
  GrowthSlots slots(-3);
  slots.total(wh(1090), noon + 45min, true);
  slots.total(wh(1120), noon + 60min, true);
  slots.total(wh(1150), noon + 75min, true);
  slots.resume(quarter(-1, 10, 990, 1000, 900), false);
  const std::vector<Slot> expected = {
      quarter(0, 30, 1000, 1030, 0), quarter(1, 30, 1030, 1060, 0), quarter(2, 30, 1060, 1090, 0),
      quarter(3, 30, 1090, 1120, 900), quarter(4, 30, 1120, 1150, 900)};
  CHECK(all(slots) == expected);
}

TEST_CASE("resume: another register since then adds nothing of the difference") {
  for (const bool late : {false, true}) {
    CAPTURE(late);
    GrowthSlots slots(-3);
    const Slot kept = quarter(0, 10, 1000, 1010, 300);
    slots.forget();
    if (!late) slots.resume(kept, true);
    slots.total(wh(90'000), noon + 6min, true);
    slots.total(wh(90'018), noon + 15min, true);
    if (late) slots.resume(kept, true);
    CHECK(all(slots) == std::vector<Slot>{quarter(0, 28, 1000, 90'018, 840)});
  }
}

TEST_CASE(
    "resume: a register that began is handed out at once, a silent one when its time is over") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  CHECK(slots.take_over(noon + 1s) == quarter(0, 0, 1000, 1000, 0));
  CHECK_FALSE(slots.take_over(noon + 1h));
  slots.total(wh(1010), noon + 5min, true);
  CHECK_FALSE(slots.take_over(noon + 10min));
  CHECK(slots.take_over(noon + 15min) == quarter(0, 10, 1000, 1010, 300));
  slots.total(wh(1020), noon + 15min, true);
  CHECK(all(slots) == std::vector<Slot>{quarter(0, 20, 1000, 1020, 900)});
  slots.forget();
  slots.total(wh(7), noon + 16min, true);
  CHECK(slots.take_over(noon + 16min) == quarter(1, 0, 7, 7, 0));
}

TEST_CASE("resume: what was handed out before the file answered is not counted twice") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon + 5min, true);
  slots.total(wh(1010), noon + 10min, true);
  slots.total(wh(1030), noon + 20min, true);
  std::deque<Slot> waiting;
  for (const Slot& slot : all(slots)) waiting.push_back(slot);
  waiting.push_back(*slots.take_running());
  slots.put_back(waiting);
  CHECK(slots.resume(quarter(0, 5, 990, 995, 60), true));
  slots.total(wh(1040), noon + 30min, true);
  CHECK(all(slots) ==
        std::vector<Slot>{quarter(0, 30, 990, 1020, 900), quarter(1, 20, 1020, 1040, 900)});
}

TEST_CASE("resume: a register that has ended is kept without its end, and is not gone on with") {
  GrowthSlots slots(-3), next(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1010), noon + 5min, true);
  slots.forget();
  const auto kept = slots.take_over(noon + 6min);
  REQUIRE(kept == Slot{first, 10, 1000, {}, 300});
  CHECK_FALSE(slots.take_over(noon + 1h));
  next.resume(*kept, true);
  next.total(wh(500), noon + 30min, true);
  next.total(wh(520), noon + 45min, true);
  CHECK(all(next) == std::vector<Slot>{quarter(2, 20, 500, 520, 900)});
}

TEST_CASE("resume: after a silence that was noted nothing is covered before the next reading") {
  GrowthSlots slots(-3), next(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1010), noon + 5min, true);
  slots.note_silence();
  CHECK(all(slots) == std::vector<Slot>{quarter(0, 10, 1000, 1010, 300)});
  const auto kept = slots.take_running();
  REQUIRE(kept == quarter(1, 0, 1010, 1010, 0));
  next.resume(*kept, true);
  next.total(wh(1030), noon + 45min, true);
  next.total(wh(1040), noon + 60min, true);
  CHECK(all(next) == std::vector<Slot>{quarter(1, 10, 1010, 1020, 0), quarter(2, 10, 1020, 1030, 0),
                                       quarter(3, 10, 1030, 1040, 900)});
}

TEST_CASE("resume: restarts at any time leave the sums as they are, early answer or late") {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    std::mt19937 dice(seed);
    const auto any = [&dice](std::uint32_t below) {
      return static_cast<std::int64_t>(dice() % below);
    };
    std::vector<Slot> file;
    const auto keep = [&file](const Slot& slot) {
      if (!file.empty() && file.back().start == slot.start) file.pop_back();
      if (!file.empty()) CHECK(file.back().start < slot.start);
      file.push_back(slot);
    };
    std::int64_t total = 5000;
    Instant at = noon;
    for (int run = 0; run < 20; ++run) {
      GrowthSlots slots(-3);
      const bool late = any(2) == 0;
      const auto resume = [&] {
        if (!file.empty()) slots.resume(file.back(), any(2) == 0);
      };
      if (!late) resume();
      for (auto n = any(30); n >= 0; --n) {
        slots.total(wh(total), at, any(3) != 0);
        if (n > 0) at += Milliseconds(any(1'500'000)), total += any(500);
      }
      if (late) resume();
      for (const Slot& slot : all(slots)) keep(slot);
      if (const auto running = slots.take_running()) keep(*running);
      at += Milliseconds(any(9'000'000));
      total += any(500);
    }
    CHECK(sum(file) == *file.back().high - 5000);
    for (std::size_t n = 0; n < file.size(); ++n) {
      CHECK(file[n].value == *file[n].high - *file[n].low);
      CHECK(file[n].covered <= 900);
      if (n > 0) CHECK(*file[n].low == *file[n - 1].high);
    }
  }
}

TEST_CASE("moved clock: days by which it is set forward were not measured, and nothing is lost") {
  HeldSlots held(SeriesKind::mean, 0);
  GrowthSlots growth(-3);
  const std::chrono::days jump{3};
  held.number(watts(100), noon, 1h);
  growth.total(wh(1000), noon, true);
  held.move(noon + 5min + jump, jump);
  growth.move(noon + 5min + jump, jump);
  held.number(watts(200), noon + 10min + jump, 1h);
  growth.total(wh(1030), noon + 15min + jump, true);
  held.pass(noon + 15min + jump);
  const SlotTime after = first + jump;
  CHECK(all(held) ==
        std::vector<Slot>{quarter(0, 100, 100, 100, 300), {after, 150, 100, 200, 600}});
  CHECK(all(growth) == std::vector<Slot>{{after, 30, 1000, 1030, 900}});
}

TEST_CASE("moved clock: set back by an hour and forward again it goes on where it was") {
  HeldSlots held(SeriesKind::mean, 0);
  GrowthSlots growth(-3);
  held.number(watts(100), noon, 1h);
  growth.total(wh(1000), noon, true);
  growth.total(wh(1001), noon - 59min, true);
  held.pass(noon - 59min);
  held.move(noon + 2min, 1h);
  growth.move(noon + 2min, 1h);
  growth.total(wh(1015), noon + 15min, true);
  held.pass(noon + 15min);
  CHECK(all(held).back() == quarter(0, 100, 100, 100, 780));
  CHECK(all(growth) == std::vector<Slot>{quarter(0, 15, 1000, 1015, 780)});
}

TEST_CASE("moved clock: set back by more than a day it was wrong before, and is followed") {
  HeldSlots held(SeriesKind::mean, 0);
  GrowthSlots growth(-3);
  const Instant wrong = noon + std::chrono::days{4000};
  held.number(watts(100), wrong, 1h);
  growth.total(wh(1000), wrong, true);
  held.number(watts(300), noon, 1h);
  growth.total(wh(1001), noon, true);
  growth.total(wh(1016), noon + 15min, true);
  held.pass(noon + 15min);
  CHECK(all(held).back() == quarter(0, 300, 300, 300, 900));
  CHECK(all(growth).back() == quarter(0, 16, 1000, 1016, 900));
}

TEST_CASE("prolonged: what still holds goes on, what has run out does not come back") {
  HeldSlots slots(SeriesKind::time_on, 0);
  slots.position(true, noon, 24h);
  for (int n = 1; n <= 4; ++n) slots.prolong(noon + n * 1h, 24h);
  CHECK(sum(all(slots)) == 4 * 3600);
  slots.prolong(noon + 10h, 24h);
  slots.pass(noon + 20h);
  CHECK(sum(all(slots)) == 2 * 3600);
}
