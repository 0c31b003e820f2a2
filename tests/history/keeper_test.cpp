// The history on a disk that is slow, full, read-only, broken or of another version, and when it is
// written.
#include "history/keeper.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "history/history_rig.hpp"
#include "history/periods.hpp"
#include "history/unwritten.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

const JournalError full{JournalFault::full, "the disk is full: make room in /var/lib/gridtap"};

// Each quarter-hour once, from the first to the last, without a hole.
bool is_unbroken(const std::vector<Slot>& slots) {
  for (std::size_t n = 1; n < slots.size(); ++n) {
    if (slots[n].start != slots[n - 1].start + Quarters{1}) return false;
  }
  return !slots.empty();
}

}  // namespace

TEST_CASE("keeper: a disk that is full for an afternoon loses nothing, and is said once") {
  HistoryHouse house;
  house.start();
  const std::int64_t begin = house.total;
  house.live(70min);
  house.journal.fault = full;
  house.live(300min);
  CHECK(house.keeper->state() == HistoryState::full);
  CHECK(house.logged("the disk is full") == 1);
  house.journal.fault.reset();
  house.live(90min);
  CHECK(house.keeper->state() == HistoryState::ok);
  CHECK(house.logged("it is written again") == 1);
  house.end();
  const auto energy = house.journal.all(energy_series);
  CHECK(sum(energy) == *energy.back().high - begin);
  CHECK(is_unbroken(energy));
}

TEST_CASE("keeper: of a disk that is full for three days two are kept, and no energy is lost") {
  HistoryHouse house;
  house.start();
  const std::int64_t begin = house.total;
  house.live(70min);
  house.journal.fault = full;
  house.live(72h);
  CHECK(house.unwritten(energy_series).size() <= Unwritten::max_slots + 2);
  CHECK(house.unwritten(power_series).size() <= Unwritten::max_slots + 2);
  CHECK(house.logged("the oldest quarter-hours are lost") == 1);
  CHECK(house.logged("the disk is full") == 1);
  house.journal.fault.reset();
  house.live(120min);
  house.end();
  const auto energy = house.journal.all(energy_series);
  CHECK(sum(energy) == *energy.back().high - begin);
  CHECK(energy[4].covered == 0);  // all that was lost is in it
  CHECK(energy[4].start - energy[3].start > std::chrono::hours{20});
  CHECK(house.journal.all(power_series).size() >= Unwritten::max_slots);
}

TEST_CASE("keeper: a journal that answers after a minute holds up nothing and loses nothing") {
  HistoryHouse house;
  house.journal.delay = 60s;
  house.start();
  const std::int64_t begin = house.total;
  house.live(150min);
  house.restart(20s);
  house.live(150min);
  house.end();
  const auto energy = house.journal.all(energy_series);
  CHECK(sum(energy) == *energy.back().high - begin);
  CHECK(is_unbroken(energy));
  CHECK(is_whole({energy.begin(), energy.end() - 1}));
}

TEST_CASE("keeper: a file that cannot be opened for hours is caught up with") {
  HistoryHouse house;
  house.start();
  const std::int64_t begin = house.total;
  house.live(80min);
  house.end();
  house.journal.fault = JournalError{JournalFault::read_only, "read-only file system: history.db"};
  house.clock.advance(30s);
  house.start();
  house.live(20h);
  CHECK(house.keeper->state() == HistoryState::read_only);
  CHECK(house.logged("read-only file system") == 1);
  CHECK(house.journal.opens < 30);
  CHECK(house.keeper->series().size() == 2);
  house.journal.fault.reset();
  house.live(3h);
  CHECK(house.keeper->state() == HistoryState::ok);
  CHECK(house.logged("it is written again") == 1);
  house.end();
  const auto energy = house.journal.all(energy_series);
  CHECK(sum(energy) == *energy.back().high - begin);
  CHECK(is_unbroken(energy));
  CHECK(is_whole({energy.begin(), energy.end() - 1}));
}

TEST_CASE("keeper: a card that never answers costs two days of memory, and the end is orderly") {
  HistoryHouse house;
  house.start();
  house.live(70min);
  house.journal.delay = std::chrono::hours{1000};
  house.live(72h);
  CHECK(house.journal.writes == 2);
  CHECK(house.unwritten(energy_series).size() <= Unwritten::max_slots + 2);
  house.end();
  CHECK(house.journal.closes == 1);
}

TEST_CASE("keeper: a file that breaks is opened again, and what was not written follows") {
  HistoryHouse house;
  house.start();
  house.live(70min);
  CHECK(house.journal.opens == 1);
  house.journal.fault = JournalError{JournalFault::damaged, "history.db is damaged"};
  house.live(65min);
  CHECK(house.keeper->state() == HistoryState::damaged);
  house.journal.fault.reset();
  house.journal.files.clear();  // it was set aside
  house.live(3h);
  CHECK(house.keeper->state() == HistoryState::ok);
  CHECK(house.journal.opens >= 2);
  const auto energy = house.journal.all(energy_series);
  CHECK(energy.front().start == first + Quarters{4});
  CHECK(is_unbroken(energy));
}

TEST_CASE("keeper: damage that was mended is seen for a day, with what was done about it") {
  HistoryHouse house;
  house.start();
  house.live(30min);
  int told = 0;
  house.keeper->on_change([&told] { ++told; });
  house.journal.mended("history.db is damaged: set aside");
  CHECK(told == 1);
  CHECK(house.keeper->state() == HistoryState::damaged);
  CHECK(house.keeper->trouble() == "history.db is damaged: set aside");
  house.live(23h);
  CHECK(house.keeper->state() == HistoryState::damaged);
  house.live(90min);
  CHECK(house.keeper->state() == HistoryState::ok);
  CHECK(house.keeper->trouble() == "");
  CHECK(house.log.lines.empty());  // the journal says it
  house.end();
  CHECK_FALSE(house.journal.mended);
}

TEST_CASE("keeper: a copy that failed keeps its reason while the disk is full for a while") {
  HistoryHouse house;
  house.options.copies = true;
  house.journal.copy_fault = JournalError{JournalFault::other, "not mounted"};
  house.start();
  house.live(70min);
  house.journal.fault = full;
  house.live(2h);
  CHECK(house.keeper->state() == HistoryState::full);
  house.journal.fault.reset();
  house.live(2h);
  CHECK(house.keeper->state() == HistoryState::backup_failed);
  CHECK(house.keeper->trouble() == "no copy was made: not mounted");
}

TEST_CASE("keeper: a file of a newer version is left as it is, and nothing is recorded") {
  HistoryHouse house;
  house.journal.fault = JournalError{JournalFault::newer_form, "history.db has form 9, this is 1"};
  house.start();
  house.live(5h);
  CHECK(house.logged("history.db has form 9, this is 1") == 1);
  CHECK(house.keeper->state() == HistoryState::read_only);
  house.journal.fault.reset();
  house.live(30h);
  house.end();
  CHECK(house.journal.opens == 1);
  CHECK(house.journal.writes == 0);
  CHECK(house.journal.files.empty());
}

TEST_CASE("keeper: a day is written once an hour, tidied once a night, and no row twice") {
  HistoryHouse house;
  house.start();
  house.live(13h);
  const int writes = house.journal.writes;
  const auto rows = house.journal.rows;
  house.live(24h);
  CHECK(house.journal.writes - writes == 24);
  CHECK(house.journal.rows - rows == 2 * 96);
  // Once in the first hour, for the nights before, and then after each midnight of Oslo.
  REQUIRE(house.journal.tidied.size() == 3);
  const Instant midnight = noon + 11h;
  CHECK(house.journal.tidied[1].first == slot_of(midnight));
  CHECK(house.journal.tidied[2].first == slot_of(midnight + 24h));
  CHECK(house.journal.tidied[2].second == SlotTime{});
  CHECK(house.keeper->bytes() == house.journal.rows * 27);
}

TEST_CASE("keeper: what is older than it is kept is forgotten by whole days of the house") {
  HistoryHouse house(Instant{std::chrono::sys_days{std::chrono::year{2026} / 4 / 1}});
  house.options.keep = std::chrono::days{5};
  house.start();
  house.live(70min);
  REQUIRE(house.journal.tidied.size() == 1);
  const Instant day = period_of(house.clock.wall(), Step::day, house.zone).begin;
  CHECK(house.journal.tidied[0].first == slot_of(day));
  CHECK(house.journal.tidied[0].second == slot_of(day - std::chrono::days{5} + 1h));  // of winter
}

TEST_CASE("keeper: a night that could not be tidied is tidied later") {
  HistoryHouse house;
  house.start();
  house.live(10h);
  const std::size_t before = house.journal.tidied.size();
  house.journal.fault = full;
  house.live(3h);
  house.journal.fault.reset();
  house.live(2h);
  CHECK(house.journal.tidied.size() == before + 1);
  CHECK(house.journal.tidied.back().first == slot_of(noon + 11h));
}

TEST_CASE("keeper: what is not in the file yet can be asked for, the running quarter-hour too") {
  HistoryHouse house;
  house.start();
  house.live(100min);
  const auto power = house.unwritten(power_series);
  REQUIRE(power.size() == 3);
  CHECK(power[0].start == first + Quarters{4});
  CHECK(power[2] == Slot{first + Quarters{6}, 10'000, 10'000, 10'000, 600});
  CHECK(house.keeper->pending(power_series, first + Quarters{5}, first + Quarters{6}).size() == 1);
  CHECK(house.unwritten("meter/unknown").empty());
  // Together with the file it is all there is, each time once.
  std::set<SlotTime> times;
  for (const Slot& slot : house.journal.all(energy_series)) times.insert(slot.start);
  for (const Slot& slot : house.unwritten(energy_series)) CHECK(times.insert(slot.start).second);
  CHECK(times.size() == 7);
}

TEST_CASE("keeper: the series are those of the file and of this run, each once") {
  HistoryHouse house;
  house.journal.keep({"old_name/power", "W", SeriesKind::mean, -1}, {{first, 1, 1, 1, 900}});
  house.journal.keep({power_series, "W", SeriesKind::mean, -1}, {{first, 1, 1, 1, 900}});
  house.start();
  house.live(5min);
  std::vector<std::string> names;
  for (const SeriesHead& head : house.keeper->series()) names.push_back(head.name);
  CHECK(names == std::vector<std::string>{power_series, "old_name/power", energy_series});
}

TEST_CASE("keeper: the face is told when the state or the size changes, and not else") {
  HistoryHouse house;
  house.start();
  int told = 0;
  house.keeper->on_change([&told] { ++told; });
  house.live(61min);
  CHECK(told == 1);
  house.journal.fault = full;
  house.live(5h);
  CHECK(told == 2);
  house.end();
  CHECK(told == 2);
}

TEST_CASE("keeper: a clock that is set writes the hours that it shows, and no more often") {
  HistoryHouse house(std::nullopt);
  house.start();
  house.live(3h);
  CHECK(house.journal.writes == 0);
  house.clock.set(noon + 59min);
  house.live(10min);
  CHECK(house.journal.writes == 1);
  for (int n = 0; n < 10; ++n) {
    house.clock.set(house.clock.wall() + (n % 2 == 0 ? 3h : -3h));
    house.live(20min);
  }
  CHECK(house.journal.writes <= 14);
}

TEST_CASE("keeper: an end before the file is open, or before any reading, is an end") {
  HistoryHouse house;
  house.journal.delay = 60s;
  house.start();
  house.live(0min);
  house.end();
  CHECK(house.journal.closes == 1);
  CHECK(house.journal.writes == 0);
  house.start();
  house.clock.advance(5min);
  house.end();
  CHECK(house.journal.writes == 0);
}

TEST_CASE("keeper: a start shortly before the full hour writes at that hour") {
  HistoryHouse house(noon - 3min);
  house.start();
  house.live(5min);
  CHECK(house.journal.writes == 1);
}

// ---- whole copies -------------------------------------------------------------------------------

TEST_CASE("keeper: a copy is made at the start and after each local midnight, named by its day") {
  HistoryHouse house;
  house.options.copies = true;
  house.start();
  house.live(1min);
  CHECK(house.journal.copies == std::vector<std::string>{"2026-11-29"});
  house.live(48h);
  CHECK(house.journal.copies == std::vector<std::string>{"2026-11-29", "2026-11-30", "2026-12-01"});
  CHECK(house.keeper->copied());
  CHECK(house.keeper->state() == HistoryState::ok);
}

TEST_CASE("keeper: when the newest copy was made is known after a restart") {
  HistoryHouse house;
  house.options.copies = true;
  house.start();
  house.live(70min);
  const auto copied = house.keeper->copied();
  REQUIRE(copied);
  house.restart(5min);
  CHECK_FALSE(house.keeper->copied());
  house.live(2min);
  CHECK(house.keeper->copied() == copied);
}

TEST_CASE("keeper: where none are wanted none are made") {
  HistoryHouse house;
  house.start();
  house.live(26h);
  CHECK(house.journal.copies.empty());
  CHECK_FALSE(house.keeper->copied());
}

TEST_CASE("keeper: a copy that fails is said once, and the history goes on") {
  HistoryHouse house;
  house.options.copies = true;
  house.journal.copy_fault =
      JournalError{JournalFault::other, "/mnt/usb: the disk of /mnt/usb is not mounted"};
  house.start();
  house.live(50h);
  CHECK(house.keeper->state() == HistoryState::backup_failed);
  CHECK(house.keeper->trouble().find("is not mounted") != std::string::npos);
  CHECK(house.logged("is not mounted") == 1);
  house.journal.copy_fault.reset();
  house.live(70min);
  CHECK(house.logged("a copy was made again") == 1);
  CHECK(house.keeper->state() == HistoryState::ok);
  CHECK(house.keeper->trouble() == "");
  house.end();
  CHECK(is_unbroken(house.journal.all(energy_series)));
}
