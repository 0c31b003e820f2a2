// A gap of a register of months or years: shared over all of it, in portions, exactly, whatever
// happens meanwhile.
#include "history/long_gap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "history/growth_slots.hpp"
#include "history/history_rig.hpp"
#include "history/slot_rig.hpp"
#include "history/unwritten.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

// All there is, by portions of that many.
std::vector<Slot> drained(GrowthSlots& slots, std::size_t portion) {
  std::vector<Slot> out;
  while (slots.has_gap()) {
    CHECK_FALSE(slots.take());  // in the order of time
    CHECK_FALSE(slots.take_running());
    const auto some = slots.take_gap(portion);
    CHECK(some.size() <= portion + 2);
    out.insert(out.end(), some.begin(), some.end());
  }
  for (const Slot& each : all(slots)) out.push_back(each);
  return out;
}

void check_continuous(const std::vector<Slot>& slots) {
  int broken = 0;
  for (std::size_t n = 0; n < slots.size(); ++n) {
    broken += slots[n].value == *slots[n].high - *slots[n].low ? 0 : 1;
    if (n == 0) continue;
    broken += slots[n].start > slots[n - 1].start && *slots[n].low == *slots[n - 1].high ? 0 : 1;
  }
  CHECK(broken == 0);
}

}  // namespace

TEST_CASE("long gap: what came in 100 or 400 days is shared over all of it, and not covered") {
  for (const int length : {8, 100, 400}) {
    CAPTURE(length);
    GrowthSlots slots(-3);
    slots.total(wh(1000), noon, true);
    slots.total(wh(1010), noon + 5min, true);
    const Instant back = noon + days{length} + 7min;
    slots.total(wh(9'001'010), back, false);
    slots.total(wh(9'001'030), back + 30min, true);
    const auto found = drained(slots, 192);
    check_continuous(found);
    CHECK(found.size() == static_cast<std::size_t>(length) * 96 + 2);
    CHECK(sum(found) + slots.running()->value == 9'000'030);
    std::int64_t least = 9'000'000, most = 0, known = 0;
    for (std::size_t n = 1; n + 2 < found.size(); ++n) {
      known += found[n].covered;
      least = std::min(least, found[n].value);
      most = std::max(most, found[n].value);
    }
    CHECK(known == 0);
    CHECK(most - least <= 1);
    CHECK(found.front().covered == 300);
    CHECK(found[found.size() - 1].covered == 900);
  }
}

TEST_CASE("long gap: of a longer one than three years the last three get it all") {
  GrowthSlots slots(-3);
  slots.total(wh(0), noon, true);
  slots.total(wh(900'000'000), noon + days{4000}, false);
  const auto found = drained(slots, 5000);
  CHECK(found.size() == 3 * 366 * 96);
  CHECK(found.front().start == first + days{4000 - 3 * 366});
  CHECK(sum(found) + slots.running()->value == 900'000'000);
}

TEST_CASE("long gap: one in which nothing came makes no row and no portion") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1000), noon + days{400}, false);
  CHECK_FALSE(slots.has_gap());
  CHECK(all(slots).empty());
}

TEST_CASE("long gap: of a little that came in a year there are only the rows in which it came") {
  GrowthSlots slots(-3);
  slots.total(wh(1000), noon, true);
  slots.total(wh(1003), noon + days{400}, false);
  const auto found = drained(slots, 192);
  CHECK(found.size() <= 3);
  CHECK(sum(found) + slots.running()->value == 3);
}

TEST_CASE("long gap: a register that comes once a month is covered, as one that stands still") {
  GrowthSlots slots(-3);
  slots.total(wh(0), noon, true);
  slots.total(wh(30 * 96), noon + days{30}, true);
  const auto found = drained(slots, 192);
  CHECK(found.size() == 30 * 96);
  CHECK(is_whole(found));
}

TEST_CASE("long gap: readings of all kinds go on while it is handed out, and all adds up") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 dice(seed);
    const auto any = [&dice](std::uint32_t below) {
      return static_cast<std::int64_t>(dice() % below);
    };
    GrowthSlots slots(-3);
    const std::int64_t begin = any(1'000'000);
    std::int64_t total = begin;
    Instant at = noon + Milliseconds(any(900'000));
    slots.total(wh(total), at, true);
    std::vector<Slot> found;
    for (int n = 0; n < 60; ++n) {
      at += n % 10 == 9 ? days{any(2) != 0 ? 100 : 400} + Milliseconds(any(900'000))
                        : Milliseconds(any(4'000'000));
      total += any(n % 10 == 9 ? 5'000'000 : 500);
      slots.total(wh(total), at, any(3) != 0);
      for (const Slot& each : slots.take_gap(static_cast<std::size_t>(any(20'000)))) {
        found.push_back(each);
      }
      for (const Slot& each : all(slots)) found.push_back(each);
    }
    for (const Slot& each : drained(slots, 500)) found.push_back(each);
    check_continuous(found);
    CHECK(sum(found) + slots.running()->value == total - begin);
  }
}

// ---- with a file --------------------------------------------------------------------------------

namespace {

struct Cottage : HistoryHouse {
  std::int64_t begin = total;
  std::int64_t newest() const { return total - (minutes % 3 == 0 ? 16 : 17); }  // that was read

  Cottage() {
    start();
    live(130min);
  }
  void close_for(days length, std::int64_t grown) {
    end();
    clock.advance(length);
    total += grown;
    start();
  }
  // All in the file, as sums over any span need it.
  std::vector<Slot> checked() {
    const auto slots = journal.all(energy_series);
    check_continuous(slots);
    CHECK(sum(slots) == *slots.back().high - begin);
    return slots;
  }
};

}  // namespace

TEST_CASE("long gap: a cottage that was closed for a year has all of it within the hour") {
  Cottage house;
  house.close_for(days{400}, 3'000'000);
  const int writes = house.journal.writes;
  house.live(130min);
  CHECK(house.journal.writes - writes > 400 * 96 / 192);
  house.end();
  const auto slots = house.checked();
  CHECK(slots.back().high == house.newest());
  CHECK(slots.size() > 400 * 96);
  CHECK(slots[20'000].covered == 0);
}

TEST_CASE("long gap: no more is made at a time than two days, and nothing while that waits") {
  Cottage house;
  house.close_for(days{100}, 3'000'000);
  house.live(10min);
  house.journal.delay = 1h;  // a card that hangs
  house.live(50min);
  CHECK(house.unwritten(energy_series).size() <= Unwritten::max_slots + 6);
  const auto before = house.journal.rows;
  house.live(55min);
  CHECK(house.journal.rows - before <= 2 * (Unwritten::max_slots + 10));
  house.journal.delay = 5ms;
  house.live(3h);
  house.end();
  CHECK(house.checked().size() > 100 * 96);
}

TEST_CASE("long gap: an end or a power cut in the middle costs nothing of the sums") {
  for (const bool kill : {false, true}) {
    CAPTURE(kill);
    Cottage house;
    house.close_for(days{100}, 3'000'000);
    house.live(10min);
    house.journal.delay = 60s;  // a slow card: a portion takes that long
    house.live(40min);
    const std::size_t there = house.journal.all(energy_series).size();
    CHECK(there > 500);
    CHECK(there < 9000);
    kill ? house.kill() : house.end();
    house.clock.advance(2min);
    house.journal.delay = 5ms;
    house.start();
    house.live(130min);
    house.end();
    const auto slots = house.checked();
    CHECK(slots.size() > 100 * 96);
    CHECK(slots.back().high == house.newest());
    CHECK(slots[5000].covered == 0);
    CHECK(covered(slots) < 8 * 3600);  // what was measured, and no more
  }
}

TEST_CASE("long gap: a disk that is full for a week meanwhile loses no energy") {
  Cottage house;
  house.close_for(days{100}, 3'000'000);
  house.live(5min);
  house.journal.delay = 20s;
  house.live(30min);
  house.journal.delay = 5ms;
  house.journal.fault = JournalError{JournalFault::full, "the disk is full"};
  house.live(24h * 7);
  house.journal.fault.reset();
  house.live(3h);
  house.end();
  house.checked();
}

TEST_CASE("long gap: before the file is known it is shared by what the file has") {
  Cottage house;
  house.end();
  house.clock.advance(days{100});
  house.total += 1'000'000;
  house.journal.delay = 3min;
  house.start();
  house.live(10min);
  house.journal.delay = 5ms;
  house.live(130min);
  house.end();
  CHECK(house.checked().size() > 100 * 96);
}

TEST_CASE("long gap: two gaps while the file cannot be opened add up, too") {
  GrowthSlots now(-3);
  now.total(wh(5000), noon + days{100}, false);
  now.total(wh(9000), noon + days{200}, false);
  now.total(wh(9100), noon + days{200} + 1h, true);
  CHECK(now.resume({first, 10, 990, 1000, 900}, false));
  const auto found = drained(now, 192);
  CHECK(found.front().low == 1000);
  check_continuous(found);
  CHECK(sum(found) + now.running()->value == 8100);
}

TEST_CASE("long gap: the page has what came since, while it is handed out") {
  Cottage house;
  house.close_for(days{100}, 3'000'000);
  house.journal.delay = 100h;
  house.live(100min);
  const auto pending = house.unwritten(energy_series);
  REQUIRE_FALSE(pending.empty());
  CHECK(pending.size() < Unwritten::max_slots + 20);
  CHECK(pending.back().high == house.newest());
}
