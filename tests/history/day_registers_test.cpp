// Registers in our own day files: those that come often, each hour or stand still; gaps.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "history/day_table_rig.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

TEST_CASE("day table: a register that comes often adds up to the difference of its ends, exactly") {
  for (const std::chrono::seconds interval : {1s, 10s, 60s, 900s}) {
    CAPTURE(interval.count());
    Files files;
    files.head("time,energy_import[kWh]");
    std::int64_t now_wh = 5000;
    const std::int64_t count = 6 * 3600s / interval;
    for (std::int64_t n = 0; n <= count; ++n) {
      files.add(noon + n * interval, kwh(now_wh));
      if (n < count) now_wh += 1 + n % 3;
    }
    const auto energy = files.slots("energy_import");
    CHECK(sum(energy) == now_wh - 5000);
    CHECK(energy.front().low == 5000);
    CHECK(energy.back().high == now_wh);
    REQUIRE(energy.size() >= 24);
    CHECK(are_whole({energy.begin(), energy.begin() + 24}));
  }
}

TEST_CASE("day table: a register that comes each hour is shared by its hour") {
  Files files;
  files.head("time,energy_import[kWh],power_import[W]");
  std::int64_t now_wh = 5000;
  for (int n = 0; n < 5 * 360; ++n) {
    if (n % 360 == 1) now_wh += 1200 * (n / 360);
    files.add(noon + n * 10s, kwh(now_wh) + ",5");
  }
  const auto energy = files.slots("energy_import");
  CHECK(sum(energy) == 1200 * (1 + 2 + 3 + 4));
  CHECK(slot_in(energy, noon + 15min).covered == 0);  // since when is not known
  for (int hour = 1; hour < 4; ++hour) {
    for (int quarter = 0; quarter < 4; ++quarter) {
      const Slot slot = slot_in(energy, noon + hour * 1h + quarter * 15min);
      CHECK(slot.value >= 300 * (hour + 1) - 6);  // the first came ten seconds late
      CHECK(slot.value <= 300 * (hour + 1) + 6);
      CHECK(slot.covered >= 890);
    }
  }
}

TEST_CASE("day table: what the program counts itself does not tell when registers were read") {
  Files files;
  files.head("time,energy_import[kWh],today_import[kWh],hour_energy[Wh]");
  std::int64_t now_wh = 5000;
  for (int n = 0; n < 5 * 360; ++n) {
    if (n % 360 == 1) now_wh += 1200;
    files.add(noon + n * 10s, kwh(now_wh) + ',' + kwh(n) + ',' + std::to_string(n % 360));
  }
  const auto energy = files.slots("energy_import");
  CHECK(slot_in(energy, noon + 2h + 15min).value == 300);
  CHECK(slot_in(energy, noon + 3h).value == 300);
  CHECK(sum(files.slots("today_import")) == 5 * 360 - 1);
}

TEST_CASE("day table: a livelier total shapes the hours of a register that comes seldom") {
  Files files({"default"});
  files.head("time,energy_import[kWh],energy_import_live[kWh]");
  std::int64_t now_wh = 5000, live_wh = 5000;
  for (int n = 0; n < 4 * 360; ++n) {
    if (n % 360 < 90) live_wh += 10;
    if (n % 360 == 1) now_wh = live_wh;
    files.add(noon + n * 10s, kwh(now_wh) + ',' + kwh(live_wh));
  }
  const auto energy = files.slots("energy_import");
  CHECK(files.slots("energy_import_live").empty());
  CHECK(slot_in(energy, noon + 2h).value > 880);
  CHECK(slot_in(energy, noon + 2h + 15min).value < 20);
}

TEST_CASE(
    "day table: a register that stands still was read, and what it grows by then came since") {
  Files files;
  files.head("time,gas[m³]");
  std::int64_t litres = 7000;
  for (int n = 0; n < 12 * 360; ++n) {
    if (n == 10 * 360) litres += 400;
    files.add(noon + n * 10s, kwh(litres));
  }
  const auto gas = files.slots("gas");
  CHECK(sum(gas) == 400);
  CHECK(slot_in(gas, noon + 5h).value == 0);
  CHECK(slot_in(gas, noon + 5h).covered == 900);
  CHECK(slot_in(gas, noon + 8h + 45min).value == 0);
  CHECK(slot_in(gas, noon + 9h + 15min).value == 100);
}

TEST_CASE("day table: a register that stands still beside one that grows was read with it") {
  Files files;
  files.head("time,energy_import[kWh],energy_export[kWh]");
  for (int n = 0; n <= 360; ++n) files.add(noon + n * 10s, kwh(5000 + n) + ",7.000");
  const auto sold = files.slots("energy_export");
  REQUIRE(sold.size() >= 4);
  CHECK(are_whole({sold.begin(), sold.begin() + 4}));
  CHECK(sum(sold) == 0);
}

TEST_CASE("day table: a register adds up to the difference of its ends, whatever came between") {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    Files files;
    files.head("time,energy_import[kWh],gas[m³]");
    Instant at = noon + Milliseconds(1000 * dice(3600));
    std::int64_t now_wh = 50'000, litres = 7000;
    for (std::uint32_t part = 0; part < 1 + dice(6); ++part) {
      const auto step = std::chrono::seconds(dice(2) > 0 ? 60 : 10);
      const auto begin = at;
      const std::uint32_t growth = dice(3), minutes = 1 + dice(150);
      for (; at - begin < std::chrono::minutes(minutes); at += step) {
        files.add(at, kwh(now_wh) + ',' + kwh(litres));
        if (growth > 0 && dice(growth == 1 ? 2 : 200) == 0) now_wh += dice(900);
      }
      if (dice(3) == 0) continue;
      at += std::chrono::minutes(dice(2) > 0 ? dice(90) : dice(20 * 1440));
      now_wh += dice(2) * dice(90'000);
      litres += dice(2) * dice(9000);
    }
    files.add(at, kwh(now_wh) + ',' + kwh(litres));
    CHECK(sum(files.slots("energy_import")) == now_wh - 50'000);
    CHECK(sum(files.slots("gas")) == litres - 7000);
  }
}

TEST_CASE("day table: what a register that stood still grew by in days without files is there") {
  for (const int minutes : {20, 64, 66, 125, 131}) {
    CAPTURE(minutes);
    Files files;
    files.head("time,energy_import[kWh]");
    for (int n = 0; n <= minutes; ++n) files.add(noon + n * 60s, "50.000");
    for (int n = 0; n <= minutes; ++n) files.add(noon + 9 * 24h + n * 60s, "140.000");
    const auto energy = files.slots("energy_import");
    CHECK(sum(energy) == 90'000);
    CHECK(slot_in(energy, noon + 4 * 24h).value > 90);
    CHECK(slot_in(energy, noon + 4 * 24h).covered == 0);
  }
}

TEST_CASE("day table: a register that fell begins anew, and adds nothing") {
  Files files;
  files.head("time,energy_import[kWh]");
  for (int n = 0; n < 100; ++n) files.add(noon + n * 10s, kwh(5000 + n));
  for (int n = 100; n < 200; ++n) files.add(noon + n * 10s, kwh(n - 100));
  CHECK(sum(files.slots("energy_import")) == 99 + 99);
}
