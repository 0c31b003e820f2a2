// What a register has counted since midnight.
#include "rules/day_energy.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant midnight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}};
constexpr auto read = DayEnergy::Source::read, live = DayEnergy::Source::live;

struct Day {
  DayEnergy energy;
  Instant now = midnight + 12h;

  explicit Day(std::chrono::hours begun = 12h) {
    now = midnight + begun;
    energy.begin(midnight, now);
  }
  Day& total(std::int64_t wh, std::chrono::milliseconds later = 10s,
             DayEnergy::Source source = read) {
    now += later;
    energy.total(Decimal{wh, -3}, source, now);
    return *this;
  }
  void next_day() { energy.begin(midnight + 24h, now); }
  std::string shown() const {
    const auto value = energy.value();
    return value ? to_text(*value) : "none";
  }
  std::string since() const {
    std::string out;
    if (energy.since()) append_utc(out, *energy.since());
    return out;
  }
  std::string kept() const {
    RecordWriter record;
    energy.keep(record, "import");
    return record.text();
  }
  void restart(const std::string& text) {
    energy = DayEnergy();
    energy.restore(Record(text), "import");
  }
};

}  // namespace

TEST_CASE(
    "day energy: nothing is shown before the first register, and then it is counted from it") {
  Day day;
  CHECK(day.shown() == "none");
  CHECK(day.total(5'000'000).shown() == "0.000");
  CHECK(day.since() == "2026-11-20T12:00:10Z");
  CHECK(day.total(5'000'250).shown() == "0.250");
}

TEST_CASE("day energy: what came around midnight is shared by time") {
  Day day(23h);
  day.total(5'000'000, 59min + 55s).total(5'000'100, 0s);
  CHECK(day.shown() == "0.100");
  day.now = midnight + 24h + 5s;
  day.next_day();
  CHECK(day.shown() == "0.000");
  CHECK(day.since() == "2026-11-21T00:00:00Z");
  CHECK(day.total(5'000'120, 0s).shown() == "0.010");
}

TEST_CASE("day energy: a silence loses nothing, over midnight it is shared") {
  Day day(8h);
  day.total(1'000, 0s).total(7'000, 6h);
  CHECK(day.shown() == "6.000");
  day.now = midnight + 34h;  // from 14:00 to 10:00, 20 hours
  day.next_day();
  CHECK(day.total(27'000, 0s).shown() == "10.000");
}

TEST_CASE("day energy: a silence of days has its share too, without an overflow") {
  Day day(0h);
  day.total(0, 0s);
  day.now = midnight + std::chrono::days{400};
  day.energy.begin(midnight + std::chrono::days{399}, day.now);
  CHECK(day.total(4'000'000'000, 0s).shown() == "10000.000");
}

TEST_CASE("day energy: a register that begins anew adds nothing, and the day goes on") {
  Day day;
  day.total(5'000'000).total(5'002'000);
  CHECK(day.total(0).shown() == "2.000");
  CHECK(day.total(300).shown() == "2.300");
  // Another meter without a number, of a larger house.
  CHECK(day.total(90'000'000).shown() == "2.300");
  CHECK(day.total(90'000'100).shown() == "2.400");
}

TEST_CASE("day energy: the last digits of a register may go to and fro") {
  Day day;
  day.total(5'000'010).total(5'000'000).total(5'000'010);
  CHECK(day.shown() == "0.000");
  CHECK(day.total(5'000'030).shown() == "0.020");
}

TEST_CASE("day energy: another meter says nothing of what was used before it") {
  Day day;
  day.total(5'000'000).total(5'001'000);
  day.energy.forget();
  CHECK(day.total(5'500'000).shown() == "1.000");
  CHECK(day.total(5'500'500).shown() == "1.500");
}

TEST_CASE("day energy: a register that was made continuous may be ahead of the one that is read") {
  Day day;
  day.total(5'000'000).total(5'000'900, 50min, live);
  CHECK(day.total(5'000'850, 10min).shown() == "0.900");
  CHECK(day.total(5'000'950, 10s, live).shown() == "0.950");
}

TEST_CASE("day energy: it does not fall within a day") {
  Day day;
  std::int64_t wh = 5'000'000;
  Decimal last{};
  for (int n = 0; n < 2000; ++n) {
    wh += n % 7 == 0 ? -15 : n % 11;
    day.total(wh, 7s);
    CHECK(*day.energy.value() >= last);
    last = *day.energy.value();
  }
}

TEST_CASE("day energy: numbers that are no register change nothing") {
  Day day;
  day.total(5'000'000).total(5'000'100);
  day.energy.total(Decimal{-5, 0}, read, day.now + 10s);
  day.energy.total(Decimal{9, 18}, read, day.now + 20s);
  CHECK(day.total(5'000'200).shown() == "0.200");
}

TEST_CASE("day energy: where the clock was wrong it is known since the last register only") {
  Day day(3h);
  day.total(1'000, 0s);
  day.now += 48h;  // set by as much
  day.energy.clock_moved(48h);
  day.energy.begin(midnight + 48h, day.now);
  CHECK(day.since() == "2026-11-22T03:00:00Z");
  CHECK(day.total(1'500).shown() == "0.500");
  // A register of the future, from a run before.
  day.energy.begin(midnight, midnight + 1h);
  CHECK(day.since() == "2026-11-20T01:00:00Z");
}

TEST_CASE("day energy: a restart goes on with the day, and counts what came meanwhile") {
  Day day;
  day.total(5'000'000).total(5'001'500);
  day.restart(day.kept());
  CHECK(day.shown() == "1.500");
  CHECK(day.since() == "2026-11-20T12:00:10Z");
  CHECK(day.total(5'002'000, 2h).shown() == "2.000");
  day.restart("");
  CHECK(day.shown() == "none");
}

TEST_CASE("day energy: rows that make no sense leave it as new") {
  for (const char* row : {"-1", "99999999999999999", "x", ""}) {
    RecordWriter record;
    record.add("import.day", row, row, row).add("import.register", row, row, 0);
    Day day;
    day.restart(record.text());
    CHECK(day.shown() == "none");
    day.energy.begin(midnight, day.now);
    CHECK(day.total(700).shown() == "0.000");
  }
}
