// A register that comes once an hour, shared as a livelier total of the same has grown.
#include "history/live_shape.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "history/growth_slots.hpp"
#include "history/slot_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

// The live total each 10 s: 1 Wh, but 9 Wh in the second quarter-hour.
std::int64_t play_hour(GrowthSlots& slots, std::int64_t total) {
  for (int n = 0; n <= 360; ++n) {
    slots.live(wh(total), noon + n * 10s);
    total += n >= 90 && n < 180 ? 9 : 1;
  }
  return total;
}

std::vector<std::int64_t> values(const std::vector<Slot>& slots) {
  std::vector<std::int64_t> out;
  for (const Slot& slot : slots) out.push_back(slot.value);
  return out;
}

}  // namespace

TEST_CASE("live shape: the live total says when, the register how much") {
  GrowthSlots slots(-3);
  slots.total(wh(50'000), noon, true);
  play_hour(slots, 70'000);
  slots.total(wh(50'000 + 2160), noon + 1h, true);  // the live one saw 1080
  const auto ended = all(slots);
  CHECK(values(ended) == std::vector<std::int64_t>{180, 1620, 180, 180});
  for (const Slot& slot : ended) CHECK(slot.covered == 900);
}

TEST_CASE("live shape: where it has a gap, or is not of the whole span, time shares") {
  for (const auto gap : {0min, 30min, 55min}) {
    CAPTURE(gap.count());
    GrowthSlots slots(-3);
    slots.total(wh(0), noon, true);
    for (int n = 0; n <= 360; ++n) {
      const Instant at = noon + n * 10s;
      if (at < noon + gap || at > noon + gap + 11min) slots.live(wh(n * n), at);
    }
    slots.total(wh(400), noon + 1h, true);
    CHECK(values(all(slots)) == std::vector<std::int64_t>{100, 100, 100, 100});
  }
}

TEST_CASE("live shape: a live total that falls, stands still or is none does no harm") {
  GrowthSlots falls(-3), still(-3), none(-3);
  for (GrowthSlots* const slots : {&falls, &still, &none}) slots->total(wh(0), noon, true);
  for (int n = 0; n <= 360; ++n) {
    falls.live(wh(n < 180 ? 1000 + n : n), noon + n * 10s);
    still.live(wh(1000), noon + n * 10s);
    none.live({1, 18}, noon + n * 10s);
  }
  for (GrowthSlots* const slots : {&falls, &still, &none}) {
    slots->total(wh(400), noon + 1h, true);
    CHECK(values(all(*slots)) == std::vector<std::int64_t>{100, 100, 100, 100});
  }
}

TEST_CASE("live shape: years of a register without an hourly one are bounded") {
  LiveShape shape;
  for (int n = 0; n < 4000; ++n) shape.point(n, noon + n * 10min);
  CHECK_FALSE(shape.part(100, noon, noon + 4000 * 10min, noon + 5min));
}
