// What becomes of readings: silences, restarts, kills, clocks, choices. What is looked at is what a
// file would hold.
#include "history/recorder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "history/history_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;

TEST_CASE("recorder: a telegram each minute makes means and increases, all covered") {
  HistoryHouse house;
  house.start();
  house.live(60min);
  house.telegram();
  house.clock.advance(1min);
  const auto power = house.journal.all(power_series), energy = house.journal.all(energy_series);
  REQUIRE(power.size() == 4);
  REQUIRE(energy.size() == 4);
  for (int n = 0; n < 4; ++n) {
    const auto quarter = static_cast<std::size_t>(n);
    CHECK(power[quarter] == Slot{first + Quarters{n}, 10'000, 10'000, 10'000, 900});
    CHECK(energy[quarter].value == 250);
    CHECK(energy[quarter].covered == 900);
  }
  CHECK(house.journal.files[power_series].head ==
        SeriesHead{power_series, "W", SeriesKind::mean, -1});
}

TEST_CASE("recorder: a restart in the middle of a quarter-hour loses nothing and doubles nothing") {
  for (const Milliseconds delay : {5ms, 20'000ms}) {
    CAPTURE(delay.count());
    HistoryHouse house;
    house.journal.delay = delay;
    house.start();
    const std::int64_t begin = house.total;
    house.live(20min);
    house.telegram();
    house.restart(30s);
    house.live(39min);
    house.end();
    const auto energy = house.journal.all(energy_series), power = house.journal.all(power_series);
    CHECK(sum(energy) == *energy.back().high - begin);
    CHECK(sum(energy) == house.total - begin - 17 - 17 + 17);  // the last minute was not read
    REQUIRE(energy.size() == 4);
    CHECK(is_whole({energy.begin(), energy.end() - 1}));
    CHECK(power[1] == Slot{first + Quarters{1}, 10'000, 10'000, 10'000, 870});
  }
}

TEST_CASE("recorder: after a kill the register closes the gap, which is not covered") {
  HistoryHouse house;
  house.start();
  const std::int64_t begin = house.total;
  house.live(90min);  // written at 13:00:30
  house.kill();
  house.clock.advance(5min);
  house.start();
  house.live(40min);
  house.end();
  const auto energy = house.journal.all(energy_series);
  CHECK(sum(energy) == *energy.back().high - begin);
  CHECK(energy[3].covered == 900);
  CHECK(energy[4].covered == 0);
  CHECK(energy[4].value > 0);
}

TEST_CASE(
    "recorder: a device that is offline for long is not covered, its register closes the gap") {
  HistoryHouse house;
  house.start();
  const std::int64_t begin = house.total;
  house.live(30min);
  house.telegram();
  house.offline();
  house.clock.advance(60min);
  house.total += 1000;
  house.live(31min);
  house.end();
  const auto energy = house.journal.all(energy_series);
  CHECK(sum(energy) == *energy.back().high - begin);
  REQUIRE(energy.size() == 8);
  for (std::size_t n = 2; n < 6; ++n)
    CHECK(energy[n] == Slot{energy[n].start, 250, energy[n].low, energy[n].high, 0});
  CHECK(energy[1].covered == 900);
  CHECK(energy[6].covered == 900);
  CHECK(house.journal.slots(power_series).count(first + Quarters{3}) == 0);
}

TEST_CASE("recorder: a device that is offline for some minutes leaves its register covered") {
  HistoryHouse house;
  house.start();
  house.live(20min);
  house.telegram();
  house.offline();
  house.clock.advance(9min);
  house.live(32min);
  house.end();
  auto energy = house.journal.all(energy_series);
  energy.pop_back();
  CHECK(is_whole(energy));
  CHECK(covered({house.journal.slots(power_series).at(first + Quarters{1})}) == 360);
}

TEST_CASE("recorder: while the time of day is unknown nothing is recorded") {
  HistoryHouse house(std::nullopt);
  house.start();
  house.live(180min);
  CHECK(house.unwritten(energy_series).empty());
  CHECK(house.journal.writes == 0);
  house.clock.set(noon);
  house.live(61min);
  const auto energy = house.journal.all(energy_series);
  REQUIRE(energy.size() == 4);
  CHECK(energy.front().start == first);
  CHECK(is_whole(energy));
}

TEST_CASE("recorder: a clock that is set forward by days makes no days of quarter-hours") {
  HistoryHouse house;
  house.start();
  const std::int64_t begin = house.total;
  house.live(20min);
  house.clock.set(house.clock.wall() + std::chrono::days{5});
  house.live(60min);
  house.end();
  const auto energy = house.journal.all(energy_series), power = house.journal.all(power_series);
  CHECK(energy.size() == 2 + 5);
  CHECK(power.size() == 2 + 5);
  CHECK(sum(energy) == *energy.back().high - begin);
  CHECK(covered(power) >= 79 * 60);
  CHECK(covered(power) <= 80 * 60);
}

TEST_CASE("recorder: a clock that is set back opens nothing that has ended") {
  HistoryHouse house;
  house.start();
  const std::int64_t begin = house.total;
  house.live(65min);
  const auto before = house.journal.all(energy_series);
  REQUIRE(before.size() == 4);
  house.clock.set(house.clock.wall() - 40min);
  house.live(120min);
  house.end();
  const auto after = house.journal.all(energy_series);
  CHECK(std::equal(before.begin(), before.end(), after.begin()));
  CHECK(sum(after) == *after.back().high - begin);
}

TEST_CASE("recorder: a switch that is not told again for hours is known all the same") {
  HistoryHouse house;
  house.options.series = {"gateway/*"};
  house.start();
  EntitySpec spec = *find_spec("relay_<name>");
  spec.key = "relay_boiler";
  house.say("gateway", Entity{"", &spec});
  house.say("gateway", Reading{"", "relay_boiler", "relay", true});
  house.clock.advance(6h);
  house.say("gateway", Reading{"", "relay_boiler", "relay", false});
  house.clock.advance(6h);
  house.end();
  const auto relay = house.journal.all("gateway/relay_boiler");
  CHECK(sum(relay) == 6 * 3600);
  CHECK(covered(relay) == 12 * 3600);
  CHECK(house.journal.files["gateway/relay_boiler"].head.unit == "s");
}

TEST_CASE("recorder: a value that is no longer sent is not known for long") {
  HistoryHouse house;
  house.start();
  house.live(10min);
  for (int n = 0; n < 120; ++n) {
    house.alive();
    house.energy(6000 + n);
    house.clock.advance(1min);
  }
  const auto power = house.journal.all(power_series);
  CHECK(covered(power) < 15 * 60);
  CHECK(covered(power) >= 10 * 60);
}

TEST_CASE("recorder: what is not chosen has none, and too many are refused once") {
  HistoryHouse house;
  house.options.series = {"default", "meter/own_*", "-meter/power_import"};
  house.start();
  house.alive();
  for (int n = 0; n < 300; ++n) {
    const std::string key = "own_" + std::to_string(n);
    EntitySpec spec{.key = "", .unit = "W", .device_class = "power"};
    spec.key = key;
    spec.statistics = Statistics::measurement;
    house.say("meter", Entity{"", &spec});
    house.read(key, Decimal{n, 0});
  }
  house.live(61min);
  CHECK(house.keeper->series().size() == Recorder::max_series);
  CHECK(house.logged("more than 256 values: meter/own_256") == 1);
  CHECK(house.journal.files.count(power_series) == 0);
}

TEST_CASE("recorder: the whole numbers are those of the file, another kind is refused once") {
  HistoryHouse house;
  house.journal.keep({power_series, "W", SeriesKind::mean, 0}, {{first, 5, 5, 5, 900}});
  house.journal.keep({energy_series, "MJ", SeriesKind::growth, -3}, {{first, 5, 5, 10, 900}});
  house.clock.advance(1h);
  for (int run = 0; run < 2; ++run) {
    house.start();
    house.live(60min);
    house.end();
  }
  CHECK(house.journal.all(power_series).back().value == 1000);
  CHECK(house.journal.all(energy_series).size() == 1);
  CHECK(house.logged("meter/energy_import was a total in `MJ` and is a total in `kWh` now") == 2);
}

TEST_CASE("recorder: an entity that is gone and comes again goes on in its series") {
  HistoryHouse house;
  house.start();
  house.live(20min);
  house.say("solar", Identified{"", {"", "S1", "S1", "", "", ""}});
  house.say("solar", Alive{"", 10min});
  house.say("solar", Reading{"", "power", "wire", Decimal{7, 0}});
  house.clock.advance(5min);
  house.say("solar", Identified{"", {"", "S2", "S2", "", "", ""}});  // its entities are gone
  house.clock.advance(5min);
  house.say("solar", Reading{"", "power", "wire", Decimal{9, 0}});
  house.clock.advance(5min);
  house.end();
  const auto power = house.journal.all("solar/power");
  REQUIRE(power.size() == 2);
  CHECK(power[0] == Slot{first + Quarters{1}, 70, 70, 70, 300});
  CHECK(power[1] == Slot{first + Quarters{2}, 90, 90, 90, 300});
}
