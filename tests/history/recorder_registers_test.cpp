// What becomes of registers: those that come seldom, late or again, that stand still or fall, and
// those of another meter.
#include "history/recorder.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "history/history_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;

TEST_CASE("recorder: a register that stands still is covered") {
  HistoryHouse house;
  house.start();
  for (int n = 0; n <= 60; ++n) {
    house.alive();
    house.energy(5000);
    if (n < 60) house.clock.advance(1min);
  }
  house.end();
  const auto energy = house.journal.all(energy_series);
  CHECK(energy.size() == 4);
  CHECK(is_whole(energy));
  CHECK(sum(energy) == 0);
}

TEST_CASE("recorder: gas that comes once an hour is of the hour in which it was measured") {
  HistoryHouse house;
  house.start();
  for (int n = 0; n < 36; ++n) {  // repeated each 5 min, the measuring 5 min before
    house.alive();
    const Instant hour = std::chrono::floor<std::chrono::hours>(house.clock.wall() - 5min);
    house.gas(100 * ((hour - noon) / 1h) + 1000, hour);
    house.clock.advance(5min);
  }
  house.end();
  const auto gas = house.journal.all(gas_series);
  REQUIRE(gas.size() >= 12);
  for (const Slot& slot : gas) {
    CAPTURE((slot.start - first).count());
    CHECK(slot.value == 25);
    CHECK(slot.covered == 900);
  }
}

TEST_CASE("recorder: a register that is handed out before the file answers is not counted twice") {
  HistoryHouse house;
  house.journal.keep({energy_series, "kWh", SeriesKind::growth, -3},
                     {{first - Quarters{8}, 10, 990, 1000, 900}});
  house.journal.delay = 40s;
  house.start();
  house.alive();
  house.energy(1000);
  house.clock.advance(10s);
  house.energy(1500);
  house.clock.advance(2min);
  house.end();
  CHECK(sum(house.journal.all(energy_series)) == 510);
}

TEST_CASE("recorder: a measuring time that cannot be is not taken") {
  HistoryHouse house;
  house.start();
  house.alive();
  house.gas(1000, noon + 3h);  // in the future
  house.clock.advance(15min);
  house.alive();
  house.gas(1030, noon - 24h);  // before the last
  house.clock.advance(1h);
  CHECK(house.journal.all(gas_series) == std::vector<Slot>{{first, 30, 1000, 1030, 900}});
}

TEST_CASE(
    "recorder: a register that comes just after the hour is that of the hour, over a restart") {
  HistoryHouse house;
  house.start();
  std::int64_t total = 0;
  for (int hour = 0; hour < 6; ++hour) {
    for (int n = 0; n < 60; ++n) {
      house.alive();
      if (n == 0) house.energy(total);
      house.power(400);
      if (n == 0) house.clock.advance(10s);
      if (n == 30 && hour == 3) {
        house.restart(20s);
        house.read("energy_import", wh(total));  // as it was stored
        house.clock.advance(40s);
      } else {
        house.clock.advance(n == 0 ? 50s : 60s);
      }
      if (hour == 0 && n == 0) house.clock.advance(10s);  // it comes at 10 s past
    }
    total += 400;
  }
  house.end();
  for (const Slot& slot : house.journal.all(energy_series)) {
    CAPTURE((slot.start - first).count());
    CHECK(slot.value == 100);
    CHECK(slot.covered == 900);
  }
}

TEST_CASE("recorder: a live total shapes the hour of a register that comes seldom") {
  HistoryHouse house;
  house.start();
  house.energy(5000);
  for (int n = 0; n < 61; ++n) {
    house.alive();
    house.read("energy_import_live", wh(5000 + (n < 15 ? n * 40 : 600)));
    if (n == 60) house.energy(5800);
    if (n < 60) house.clock.advance(1min);
  }
  house.end();
  const auto energy = house.journal.all(energy_series);
  REQUIRE(energy.size() == 4);
  CHECK(energy[0].value == 800);
  CHECK(energy[3].value == 0);
  CHECK(house.journal.files.count("meter/energy_import_live") == 0);
}

TEST_CASE("recorder: another meter adds nothing of the difference, and is found again") {
  HistoryHouse house;
  house.start();
  house.live(20min);
  house.identify("E2");
  house.total = 900'000;
  house.live(41min);
  const auto energy = house.journal.all(energy_series);
  REQUIRE(energy.size() == 4);
  CHECK(sum(energy) < 1100);
  std::optional<Slot> before;
  std::vector<bool> marks;
  for (const Slot& slot : energy) marks.push_back(begins_anew(slot, std::exchange(before, slot)));
  CHECK(marks == std::vector<bool>{false, true, false, false});
}

TEST_CASE("recorder: another meter that comes while the file still opens is another one too") {
  HistoryHouse house;
  house.journal.keep({energy_series, "kWh", SeriesKind::growth, -3},
                     {{first - Quarters{1}, 10, 4990, 5000, 900}});
  house.journal.delay = 60s;
  house.start();
  house.identify("E2");
  house.total = 900'000;
  house.live(61min);
  CHECK(sum(house.journal.all(energy_series)) < 1100);
}

TEST_CASE("recorder: the register of another meter is in the file soon, so a kill makes no leap") {
  HistoryHouse house;
  house.start();
  house.live(65min);
  house.identify("E2");
  house.total = 900'000;
  house.live(3min);
  house.kill();
  house.start();
  house.live(60min);
  CHECK(sum(house.journal.all(energy_series)) < 2200);
}

TEST_CASE(
    "recorder: a meter that was replaced before its seldom register came is another in the next "
    "run") {
  HistoryHouse house;
  house.options.series = {"meter/*"};
  house.start();
  house.live(10min);
  house.read("water", wh(5000));
  house.live(60min);
  house.restart(20s);  // and in this run the water has not come
  house.live(5min);
  house.identify("E2");
  house.total = 900'000;
  house.live(5min);
  house.kill();
  house.start();
  house.live(5min);
  house.read("water", wh(700'000), house.clock.wall());
  house.live(20min);
  house.read("water", wh(700'040), house.clock.wall());
  house.live(60min);
  const auto water = house.journal.all("meter/water");
  CHECK(sum(water) == 40);
  int marks = 0;
  std::optional<Slot> before;
  for (const Slot& slot : water) marks += begins_anew(slot, std::exchange(before, slot)) ? 1 : 0;
  CHECK(marks == 1);
}

TEST_CASE("recorder: a silence is not forgotten by a restart before the next reading") {
  HistoryHouse house;
  house.start();
  const auto hourly = [&](std::int64_t value) {
    house.alive();
    house.power(100);
    house.gas(value, house.clock.wall());
    house.clock.advance(1min);
  };
  hourly(1000);
  house.offline();
  house.clock.advance(3h);
  house.alive();
  house.power(100);
  house.clock.advance(19min);
  for (int run = 0; run < 2; ++run) {
    house.restart(30s);
    house.alive();
    house.power(100);
    house.clock.advance(5min);
  }
  hourly(1400);
  house.clock.advance(59min);
  hourly(1500);
  house.clock.advance(1h);
  const auto gas = house.journal.all(gas_series);
  CHECK(sum(gas) == 500);
  CHECK(covered(gas) == 3600);
}

TEST_CASE("recorder: an old register that is told again at the start is not one of now") {
  HistoryHouse house;
  house.start();
  house.live(61min);
  house.kill();
  house.clock.advance(3h);
  house.total += 900;
  const std::int64_t old = house.total;
  house.start();
  house.alive();
  house.energy(old - 450);  // newer than what the file has
  house.clock.advance(10s);
  house.energy(old);
  house.clock.advance(50min);
  house.end();
  const auto energy = house.journal.all(energy_series);
  for (std::size_t n = 4; n + 1 < energy.size(); ++n) CHECK(energy[n].value < 100);
  CHECK(sum(energy) == old - 5000);
}

TEST_CASE("recorder: a register that fell begins anew, a reading that is none is passed over") {
  HistoryHouse house;
  house.start();
  house.live(10min);
  house.total = 3;
  house.read("energy_import", Value{});
  house.read("energy_import", Decimal{-5, 0});
  house.live(51min);
  const auto energy = house.journal.all(energy_series);
  CHECK(sum(energy) > 900);
  CHECK(sum(energy) < 1100);
}
