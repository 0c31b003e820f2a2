// A year in three zones, with all that happens in a house at random: sums of quarter-hours are what
// the registers grew by in each hour, day and month that is covered, and in the whole year always;
// nothing is left uncovered that was measured.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "history/history_rig.hpp"
#include "history/sums.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

constexpr auto step_time = 5min;
constexpr std::size_t hour = 12, day = 24 * hour;  // in steps

const std::string export_series = "meter/energy_export", water_series = "meter/water";

// What one register counts, by step, and what was read of it.
struct Counter {
  std::vector<std::int64_t> units;
  std::size_t swap = 0;          // from this step on another register counts
  std::int64_t other_begin = 0;  // of that one
  std::map<bool, std::pair<std::int64_t, std::int64_t>> read = {};  // first and last, by register

  bool is_other(std::size_t at) const { return swap != 0 && at >= swap; }
  std::int64_t shown(std::size_t at) const {
    return is_other(at) ? units[at] - units[swap] + other_begin : units[at];
  }
  std::int64_t take(std::size_t at) {
    const std::int64_t value = shown(at);
    read.try_emplace(is_other(at), value, value).first->second.second = value;
    return value;
  }
  std::int64_t grown() const {
    std::int64_t sum = 0;
    for (const auto& [other, values] : read) sum += values.second - values.first;
    return sum;
  }
};

class Year {
 public:
  Year(const std::string& zone_name, std::uint32_t seed)
      : zone(*Zone::named(zone_name)),
        begin(period_of(middle, Step::year, zone).begin),
        steps(static_cast<std::size_t>((period_of(middle, Step::year, zone).end - begin) /
                                       step_time)),
        house(begin),
        dice_(seed) {
    house.options.series = {"default", water_series};
    house.zone = zone;
    measured.assign(steps + 1, true);
    offline_.assign(steps + 1, false);
    for (Counter* const counter : {&energy, &feed, &gas, &water}) make(*counter);
    plan();
  }

  void play() {
    house.start();
    for (std::size_t at = 0; at <= steps; ++at) {
      house.clock.advance_to(begin + at * step_time);
      if (at < stopped_until_) {
        measured[at] = false;
        continue;
      }
      if (house.keeper == nullptr) start(at);
      if (offline_[at]) {
        measured[at] = false;
        house.offline();
      } else {
        telegram(at);
      }
      happen(at);
    }
    house.end();
  }

  const Zone zone;
  const Instant begin;
  const std::size_t steps;
  HistoryHouse house;
  Counter energy, feed, gas, water;
  std::vector<bool> measured;  // from this step to the next one
  std::size_t swap = 0;

 private:
  static constexpr Instant middle{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
  enum class Event : std::uint8_t { restart, stop, kill, kill_and_stay };

  std::size_t any(std::size_t below) { return dice_() % below; }
  std::size_t when() { return off_hour(day + any(steps - 2 * day)); }
  // An old register that is told again in the minute after the full hour passes for a new one.
  static std::size_t off_hour(std::size_t at) { return at % hour == 0 ? at + 1 : at; }

  void make(Counter& counter) {
    std::int64_t units = static_cast<std::int64_t>(any(1'000'000));
    std::int64_t load = 0;
    for (std::size_t at = 0; at <= steps; ++at) {
      counter.units.push_back(units);
      if (any(20) == 0) load = any(3) == 0 ? 0 : static_cast<std::int64_t>(any(500));
      units += load;
    }
  }

  void plan() {
    for (int n = 0; n < 6; ++n) go_offline(when(), 5 + any(30 * hour));
    for (int n = 0; n < 40; ++n) go_offline(when() / 3 * 3 + 1, 1);  // not where a quarter ends
    for (int n = 0; n < 20; ++n) events_[when()] = Event::restart;
    for (int n = 0; n < 3; ++n) events_[when()] = Event::stop;
    for (int n = 0; n < 4; ++n) events_[when()] = Event::kill;
    for (int n = 0; n < 2; ++n) events_[when()] = Event::kill_and_stay;
    while (swap == 0 || !is_calm(swap)) swap = when();
    for (Counter* const counter : {&energy, &feed, &water}) {
      counter->swap = swap;
      counter->other_begin = counter == &feed ? 7 : 123'456'789;
    }
  }
  void go_offline(std::size_t from, std::size_t count) {
    std::fill_n(offline_.begin() + static_cast<std::ptrdiff_t>(from), count, true);
  }
  // The swap is looked at alone.
  bool is_calm(std::size_t at) const {
    for (std::size_t near = at - 4 * hour; near < at + hour; ++near) {
      if (offline_[near] || events_.count(near) != 0) return false;
    }
    const auto stop = events_.lower_bound(at - 2 * day);
    return stop == events_.end() || stop->first > at || stop->second == Event::restart;
  }

  void telegram(std::size_t at) {
    if (at == swap) house.identify("E2");
    const std::size_t full = at / hour * hour;
    const Instant now = house.clock.wall();
    house.alive(16min);
    house.power(static_cast<std::int64_t>(any(9000)));
    house.read("energy_import", wh(energy.take(at)), now);
    house.read("energy_export_live", wh(feed.shown(at) * 99 / 100));
    if (any(80) == 0) house.read("water", wh(water.take(at)), now);
    // It is measured at the full hour and comes 5 min later.
    if (at > full) house.gas(gas.take(full), now - (at - full) * step_time);
    if (at > full) return;
    house.clock.advance(10s);
    house.read("energy_export", wh(stored_ = feed.take(at)));
    is_stored_ = true;
  }

  void happen(std::size_t at) {
    const auto event = events_.find(at);
    if (event == events_.end()) return;
    house.journal.delay = any(2) == 0 ? 5ms : 40'000ms;
    const bool kills = event->second == Event::kill || event->second == Event::kill_and_stay;
    if (kills) lose(at);
    house.clock.advance(kills ? 0s : 30s);
    kills ? house.kill() : house.end();
    house.clock.advance(Milliseconds(any(120'000)));
    const bool stays = event->second == Event::stop || event->second == Event::kill_and_stay;
    stopped_until_ = stays ? off_hour(at + 5 + any(2 * day)) : 0;
    if (stays) measured[at] = false;
    if (!stays) start(at);
  }
  // What was written an hour ago at the latest is there; of what comes late, the hour before not.
  void lose(std::size_t at) {
    for (std::size_t lost = (at - 1) / hour * hour - hour; lost <= at; ++lost) {
      measured[lost] = false;
    }
  }
  void start(std::size_t at) {
    if (at == stopped_until_) measured[at - 1] = false;
    house.start();
    if (swap != 0 && at < swap) house.identify("E1");
    if (!is_stored_ || offline_[at]) return;
    house.alive(16min);
    house.read("energy_export", wh(stored_));  // from before, as a rule tells it again
  }

  std::mt19937 dice_;
  std::vector<bool> offline_;
  std::map<std::size_t, Event> events_;
  std::size_t stopped_until_ = 0;
  std::int64_t stored_ = 0;
  bool is_stored_ = false;
};

std::vector<Point> points(Year& year, const std::string& series, Step step) {
  Sums sums(SeriesKind::growth, step, year.zone);
  std::vector<Point> out;
  for (const Slot& slot : year.house.journal.all(series)) {
    if (const auto point = sums.add(slot)) out.push_back(*point);
  }
  if (const auto point = sums.end()) out.push_back(*point);
  return out;
}

std::size_t step_at(const Year& year, Instant time) {
  return static_cast<std::size_t>((time - year.begin) / step_time);
}

// Each period that is covered whole has what the register grew by. Returns how many.
int check_covered(Year& year, const std::string& series, const Counter& counter, Step step) {
  int whole = 0;
  for (const Point& point : points(year, series, step)) {
    const std::int64_t seconds = (point.period.end - point.period.begin) / 1s;
    const std::size_t from = step_at(year, point.period.begin),
                      to = step_at(year, point.period.end);
    CHECK(point.covered <= seconds);
    if (point.covered < seconds || counter.is_other(from) != counter.is_other(to)) continue;
    CAPTURE(from);
    ++whole;
    CHECK(point.value == counter.units[to] - counter.units[from]);
  }
  return whole;
}

// What was measured is covered. `span`: of the readings, in steps; `late`: how much later they
// come.
int check_measured(Year& year, const std::string& series, std::size_t span, std::size_t late,
                   bool has_swap) {
  const auto& slots = year.house.journal.slots(series);
  int checked = 0;
  for (std::size_t from = day; from + span + late < year.steps; from += span) {
    const auto begin = year.measured.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = begin + static_cast<std::ptrdiff_t>(span + late);
    const bool swapped = has_swap && from + day > year.swap && from < year.swap + day;
    if (swapped || std::find(begin, end + 1, false) != end + 1) continue;
    if (!year.measured[from - 1] || !year.measured[from - 2]) continue;  // it begins anew
    for (std::size_t at = from; at < from + span; at += 3) {
      const auto slot = slots.find(slot_of(year.begin + at * step_time));
      CAPTURE(at);
      REQUIRE(slot != slots.end());
      CHECK(slot->second.covered == 900);
      ++checked;
    }
  }
  return checked;
}

// No register is lost or doubled between two quarter-hours; the swap is found, and nothing else.
void check_chain(Year& year, const std::string& series, const Counter& counter) {
  std::optional<Slot> before;
  int marks = 0;
  for (const Slot& slot : year.house.journal.all(series)) {
    marks += begins_anew(slot, std::exchange(before, slot)) ? 1 : 0;
  }
  CHECK(marks == (counter.swap != 0 ? 1 : 0));
  CHECK(sum(year.house.journal.all(series)) == counter.grown());
}

}  // namespace

TEST_CASE("year: the sums are those of the registers, and what was measured is covered") {
  std::uint32_t seed = 0;
  for (const char* zone : {"Europe/Oslo", "Europe/Helsinki", "Europe/London"}) {
    CAPTURE(zone);
    Year year(zone, ++seed);
    year.play();
    for (const auto& [series, counter] :
         std::vector<std::pair<std::string, const Counter*>>{{energy_series, &year.energy},
                                                             {export_series, &year.feed},
                                                             {gas_series, &year.gas},
                                                             {water_series, &year.water}}) {
      CAPTURE(series);
      check_chain(year, series, *counter);
      if (series == water_series) continue;  // no hour ends with its reading
      CHECK(check_covered(year, series, *counter, Step::hour) > 7000);
      CHECK(check_covered(year, series, *counter, Step::day) > 250);
      CHECK(check_covered(year, series, *counter, Step::month) > 0);
    }
    check_covered(year, energy_series, year.energy, Step::quarter);
    CHECK(check_measured(year, energy_series, 3, 1, true) > 30'000);
    CHECK(check_measured(year, export_series, hour, 1, true) > 28'000);
    CHECK(check_measured(year, gas_series, hour, 2, false) > 28'000);
    CHECK(year.house.journal.writes < 366 * 25);
  }
}
