// A register that comes once an hour, made continuous: what is published never falls, agrees with
// the next register, and goes on over a restart.

#include <doctest/doctest.h>

#include "rules/live_energy.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Mono start{100h};

std::string text(const LiveEnergy& energy) {
  const auto value = energy.value();
  return value ? to_text(*value) : "none";
}

// A power that stays as it is, every ten seconds.
void draw(LiveEnergy& energy, std::int64_t watts, Mono& now, std::chrono::seconds time) {
  for (const Mono end = now + time; now < end;) {
    now += 10s;
    energy.power({watts, 0}, now);
  }
}

// One hour of 3.6 kW after a register of 1000 kWh.
LiveEnergy after_an_hour(Mono& now) {
  LiveEnergy energy;
  energy.total({1'000'000, -3});
  energy.power({3600, 0}, now);
  draw(energy, 3600, now, 3600s);
  return energy;
}

}  // namespace

TEST_CASE("live energy: before the first register nothing is known, whatever the power") {
  LiveEnergy energy;
  Mono now = start;
  draw(energy, 3600, now, 600s);
  CHECK(text(energy) == "none");
  energy.total({12345, -3});
  CHECK(text(energy) == "12.345");
}

TEST_CASE("live energy: a steady power is counted to the watt-hour") {
  Mono now = start;
  LiveEnergy energy = after_an_hour(now);
  CHECK(text(energy) == "1003.600");
  draw(energy, 3600, now, 10s);
  CHECK(text(energy) == "1003.610");
}

TEST_CASE("live energy: between two powers lies their mean") {
  LiveEnergy energy;
  energy.total({0, 0});
  energy.power({0, 0}, start);
  energy.power({7200, 0}, start + 10s);
  CHECK(text(energy) == "0.010");
  energy.power({0, 0}, start + 20s);
  CHECK(text(energy) == "0.020");
}

TEST_CASE("live energy: decimals of a power count, and watt-hours are whole") {
  LiveEnergy energy;
  energy.total({0, 0});
  energy.power({359'999, -2}, start);  // 3599.99 W
  energy.power({359'999, -2}, start + 1s);
  CHECK(text(energy) == "0.000");
  energy.power({359'999, -2}, start + 2s);
  CHECK(text(energy) == "0.001");
}

TEST_CASE("live energy: over a gap the mean of both ends is held for a minute, no longer") {
  LiveEnergy energy;
  energy.total({0, 0});
  energy.power({3600, 0}, start);
  SUBCASE("half a minute is bridged") {
    energy.power({3600, 0}, start + 30s);
    CHECK(text(energy) == "0.030");
  }
  SUBCASE("of an hour one minute is known") {
    energy.power({3600, 0}, start + 1h);
    CHECK(text(energy) == "0.060");
  }
}

TEST_CASE("live energy: a register above is stepped up to, one below is waited for") {
  Mono now = start;
  LiveEnergy energy = after_an_hour(now);
  SUBCASE("above") {
    energy.total({1'003'700, -3});
    CHECK(text(energy) == "1003.700");
  }
  SUBCASE("below: it holds until register and integral have passed it") {
    energy.total({1'003'580, -3});
    CHECK(text(energy) == "1003.600");
    draw(energy, 3600, now, 20s);
    CHECK(text(energy) == "1003.600");
    draw(energy, 3600, now, 10s);
    CHECK(text(energy) == "1003.610");
  }
  SUBCASE("far below it is another meter's, and what was shown says nothing") {
    energy.total({5, 0});
    CHECK(text(energy) == "5.000");
  }
}

TEST_CASE("live energy: what no house can have is not counted, and breaks no sum") {
  LiveEnergy energy;
  energy.total({1, 0});
  energy.power({-5, 0}, start);
  energy.power({INT64_MAX, 0}, start + 10s);
  energy.power({INT64_MAX, 30}, start + 20s);
  energy.total({INT64_MAX, 0});
  energy.total({-1, 0});
  CHECK(text(energy) == "1.000");
  energy.power({100'000'000, 0}, start + 30s);
  for (int n = 1; n < 20'000; ++n) energy.power({100'000'000, 0}, start + n * 60s);
  CHECK(energy.value() > Decimal{1, 0});
}

// ---- restart ------------------------------------------------------------------------------------

TEST_CASE("live energy: after a restart at once it goes on from where it was") {
  Mono now = start;
  LiveEnergy before = after_an_hour(now);
  before.stop();
  const auto kept = before.kept();
  REQUIRE(kept);
  LiveEnergy energy;
  energy.restore(*kept, 0ms);
  energy.power({3600, 0}, now);
  CHECK(text(energy) == "1003.600");
  draw(energy, 3600, now, 10s);
  CHECK(text(energy) == "1003.610");
}

TEST_CASE("live energy: power cuts at any time, with any power, never show less than before") {
  Mono now = start;
  std::optional<LiveEnergy::Kept> disk;
  Decimal shown{0, 0};
  int held = 0;
  for (int cut = 0; cut < 12; ++cut) {
    LiveEnergy energy;
    if (disk) {
      energy.restore(*disk,
                     cut % 3 == 2 ? std::nullopt : std::optional(LiveEnergy::Milliseconds(1min)));
      *disk->bound_wh += LiveEnergy::least_reserve_wh;  // what on_start() keeps
    }
    for (int n = 0; n < 100 + 40 * cut; ++n) {
      if (n == 30) energy.total(Decimal{1'000'000 + 12'000 * cut, -3});
      draw(energy, n < 50 ? 100 : 11'000, now, 10s);
      if (energy.take_unkept()) disk = energy.kept();
      const auto value = energy.value();
      held += value ? 0 : 1;
      if (!value) continue;
      CHECK(*value >= shown);
      shown = *value;
    }
  }
  CHECK(shown > Decimal{1000, 0});
  CHECK(held > 0);
}

TEST_CASE("live energy: it asks to be kept once for a while, and sooner with more power") {
  Mono now = start;
  LiveEnergy energy;
  energy.total({1000, 0});
  CHECK(energy.take_unkept());
  const auto keeps = [&](std::int64_t watts) {
    int count = 0;
    for (int n = 0; n < 360; ++n) {
      draw(energy, watts, now, 10s);
      count += energy.take_unkept() ? 1 : 0;
    }
    return count;
  };
  CHECK(keeps(100) <= 1);
  CHECK(keeps(1000) <= 10);
  CHECK(keeps(20'000) <= 10);
  CHECK(keeps(20'000) >= 4);
}

TEST_CASE("live energy: after a version that kept no bound nothing lower is shown") {
  Mono now = start;
  LiveEnergy before = after_an_hour(now);
  auto kept = before.kept();
  kept->bound_wh.reset();
  draw(before, 3600, now, 60s);  // then the power is cut
  LiveEnergy energy;
  energy.restore(*kept, 90s);
  for (int n = 0; n < 18; ++n) {
    CHECK(text(energy) == "none");
    draw(energy, 3600, now, 10s);
  }
  draw(energy, 3600, now, 10s);
  CHECK(energy.value() >= before.value());
}

TEST_CASE("live energy: too old to go on from, it waits for a register and a little more") {
  Mono now = start;
  auto kept = after_an_hour(now).kept();
  kept->bound_wh.reset();
  LiveEnergy energy;
  energy.restore(*kept, std::nullopt);
  draw(energy, 3600, now, 60s);
  CHECK(text(energy) == "none");
  energy.total({1'003'595, -3});  // the integral had been above it
  CHECK(text(energy) == "none");
  draw(energy, 3600, now, 120s);
  CHECK(energy.value() >= Decimal{1'003'600, -3});
}

TEST_CASE("live energy: a guess that was too high ends with the next register") {
  Mono now = start;
  auto kept = after_an_hour(now).kept();
  kept->bound_wh.reset();
  LiveEnergy energy;
  energy.restore(*kept, 30min);  // at 3.6 kW that might have been 3.6 kWh
  draw(energy, 100, now, 60s);
  CHECK(text(energy) == "none");
  energy.total({1'003'900, -3});
  draw(energy, 3600, now, 120s);
  CHECK(energy.value() > Decimal{1'003'900, -3});
}

TEST_CASE("live energy: nothing to keep before there is something to show") {
  LiveEnergy energy;
  energy.power({3600, 0}, start);
  CHECK_FALSE(energy.kept());
}

TEST_CASE("live energy: kept numbers beyond all houses are not sound") {
  CHECK(LiveEnergy::Kept{1, 2, 3, 4}.is_sound());
  CHECK(LiveEnergy::Kept{1, 2, 3, 4, 5}.is_sound());
  CHECK_FALSE(LiveEnergy::Kept{1, 2, 3, 4, -5}.is_sound());
  CHECK_FALSE(LiveEnergy::Kept{1, 2, 3, 4, INT64_MAX}.is_sound());
  CHECK_FALSE(LiveEnergy::Kept{-1, 2, 3, 4}.is_sound());
  CHECK_FALSE(LiveEnergy::Kept{1, INT64_MAX, 3, 4}.is_sound());
  CHECK_FALSE(LiveEnergy::Kept{1, 2, INT64_MAX, 4}.is_sound());
  CHECK_FALSE(LiveEnergy::Kept{1, 2, 3, INT64_MAX}.is_sound());
}
