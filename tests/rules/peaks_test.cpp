// The peaks of the month: three highest days, their mean, the step of the tariff.

#include "rules/peaks.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

using std::chrono::sys_days;
using std::chrono::year;

Instant utc(int month, int day, int hour) {
  return sys_days{year{2026} / month / day} + std::chrono::hours{hour};
}

struct Rig {
  Peaks::Options options;
  Peaks peaks;

  explicit Rig(Peaks::Options wanted = {}, const char* zone = "Europe/Oslo")
      : options(wanted), peaks(wanted, *Zone::named(zone)) {}

  static std::string text(const std::optional<Peaks::Month>& month) {
    if (!month) return "none";
    std::string out = month_text(month->number) + ':';
    for (const auto& each : month->peaks) {
      out += ' ' + date_text(each.day) + '=' + std::to_string(each.watts);
    }
    return out;
  }
  std::string month() const { return text(peaks.month()); }
  std::string last() const { return text(peaks.last_month()); }
  std::string mean() const {
    const auto value = peaks.month() ? Peaks::mean(*peaks.month()) : std::nullopt;
    return value ? to_text(*value) : "none";
  }
  std::string step() const {
    const auto step = peaks.step();
    if (!step) return "none";
    const std::string left = step->left_w ? std::to_string(*step->left_w) : "none";
    return std::to_string(step->number) + ": " + step->text() + ", left " + left;
  }
  std::string kept() const {
    RecordWriter record;
    peaks.keep(record);
    return record.text();
  }
};

}  // namespace

TEST_CASE("peaks: each day has one, the three highest count") {
  Rig rig;
  CHECK(rig.month() == "none");
  CHECK(rig.step() == "none");
  rig.peaks.period(utc(1, 5, 12), 4000);
  CHECK(rig.peaks.is_provisional());
  rig.peaks.period(utc(1, 5, 17), 6000);
  rig.peaks.period(utc(1, 5, 18), 5900);
  rig.peaks.period(utc(1, 6, 7), 3000);
  rig.peaks.period(utc(1, 7, 7), 5000);
  CHECK_FALSE(rig.peaks.is_provisional());
  rig.peaks.period(utc(1, 8, 7), 3500);
  CHECK(rig.month() == "2026-01: 2026-01-05=6000 2026-01-07=5000 2026-01-08=3500");
  CHECK(rig.mean() == "4833.3");
  CHECK(rig.step() == "2: 2-5 kW, left 167");
}

TEST_CASE("peaks: a day that fell out comes back by a higher hour") {
  Rig rig;
  int day = 5;
  for (const std::int64_t wh : {1000, 4000, 5000, 6000}) rig.peaks.period(utc(1, day++, 7), wh);
  rig.peaks.period(utc(1, 5, 20), 5500);
  CHECK(rig.month() == "2026-01: 2026-01-08=6000 2026-01-05=5500 2026-01-07=5000");
}

TEST_CASE("peaks: of equal hours and equal days the first counts") {
  Rig rig;
  rig.peaks.period(utc(1, 5, 7), 4000);
  rig.peaks.period(utc(1, 5, 8), 4000);
  for (const int day : {6, 7, 8}) rig.peaks.period(utc(1, day, 7), 4000);
  CHECK(rig.month() == "2026-01: 2026-01-05=4000 2026-01-06=4000 2026-01-07=4000");
  CHECK(rig.peaks.month()->peaks[0].start == utc(1, 5, 7));
}

TEST_CASE("peaks: a border belongs to the step above it") {
  Rig rig;
  rig.peaks.period(utc(1, 5, 7), 4999);
  CHECK(rig.step() == "2: 2-5 kW, left 1");
  rig.peaks.period(utc(1, 5, 8), 5000);
  CHECK(rig.step() == "3: 5-10 kW, left 5000");
  rig.peaks.period(utc(1, 5, 9), 0);
  CHECK(rig.mean() == "5000.0");
  rig.peaks.period(utc(1, 5, 9), 250'000);
  CHECK(rig.step() == "10: 100+ kW, left none");
}

TEST_CASE("peaks: a mean just below a border is below it, whatever it is rounded to") {
  Rig rig;
  rig.peaks.period(utc(1, 5, 7), 5000);
  rig.peaks.period(utc(1, 6, 7), 5000);
  rig.peaks.period(utc(1, 7, 7), 4999);
  CHECK(rig.mean() == "4999.7");
  CHECK(rig.step() == "2: 2-5 kW, left 1");
}

TEST_CASE("peaks: days are local, and so is the month's end") {
  Rig rig;
  rig.peaks.period(utc(1, 31, 22), 4100);  // 23:00 in Oslo
  CHECK(rig.month() == "2026-01: 2026-01-31=4100");
  rig.peaks.period(utc(1, 31, 23), 1500);
  CHECK(rig.month() == "2026-02: 2026-02-01=1500");
  CHECK(rig.last() == "2026-01: 2026-01-31=4100");
}

TEST_CASE("peaks: zones of half an hour and west of Greenwich") {
  Rig east({}, "Asia/Kolkata");
  east.peaks.period(utc(1, 31, 18), 4000);  // 23:30
  CHECK(east.month() == "2026-01: 2026-01-31=4000");
  east.peaks.period(utc(1, 31, 19), 3000);
  CHECK(east.month() == "2026-02: 2026-02-01=3000");
  Rig west({}, "America/New_York");
  west.peaks.period(utc(2, 1, 4), 4000);
  CHECK(west.month() == "2026-01: 2026-01-31=4000");
}

TEST_CASE("peaks: the day of 25 hours has two hours of one name, and one peak") {
  Rig rig;
  rig.peaks.period(utc(10, 24, 22), 1000);  // midnight
  rig.peaks.period(utc(10, 25, 0), 4000);   // 02:00
  rig.peaks.period(utc(10, 25, 1), 5000);   // 02:00 once more
  rig.peaks.period(utc(10, 25, 22), 3000);  // 23:00, the 25th hour
  CHECK(rig.month() == "2026-10: 2026-10-25=5000");
  rig.peaks.period(utc(10, 25, 23), 2000);
  CHECK(rig.month() == "2026-10: 2026-10-25=5000 2026-10-26=2000");
}

TEST_CASE("peaks: the day of 23 hours ends an hour earlier") {
  Rig rig;
  rig.peaks.period(utc(3, 28, 23), 1000);
  rig.peaks.period(utc(3, 29, 21), 2000);
  rig.peaks.period(utc(3, 29, 22), 3000);
  CHECK(rig.month() == "2026-03: 2026-03-30=3000 2026-03-29=2000");
}

TEST_CASE("peaks: a month's end while off, and the last month is the one before") {
  Rig rig;
  rig.peaks.period(utc(1, 20, 7), 4000);
  Rig later;
  later.peaks.restore(Record(rig.kept()));
  CHECK(later.month() == rig.month());
  later.peaks.period(utc(3, 3, 7), 1000);
  CHECK(later.month() == "2026-03: 2026-03-03=1000");
  CHECK(later.last() == "2026-01: 2026-01-20=4000");
  Rig again;
  again.peaks.restore(Record(later.kept()));
  CHECK(again.last() == later.last());
}

TEST_CASE("peaks: a clock that was wrong for a while does not lose the month") {
  Rig rig;
  rig.peaks.period(utc(1, 20, 7), 4000);
  rig.peaks.period(utc(6, 20, 8), 3000);
  rig.peaks.period(utc(1, 20, 9), 4500);
  CHECK(rig.month() == "2026-01: 2026-01-20=4500");
  CHECK(rig.last() == "none");
}

TEST_CASE("peaks: a clock before every known month begins anew") {
  Rig rig;
  rig.peaks.period(utc(6, 20, 7), 4000);
  rig.peaks.period(utc(1, 20, 9), 4500);
  CHECK(rig.month() == "2026-01: 2026-01-20=4500");
  CHECK(rig.last() == "none");
  rig.peaks.period(Instant{-100h}, 9000);
  CHECK(rig.month() == "2026-01: 2026-01-20=4500");
}

TEST_CASE("peaks: one day, other steps, and quarters, by the settings") {
  Rig rig({1, {0, 4, 8}, 4});
  rig.peaks.period(utc(1, 20, 7), 900);
  rig.peaks.period(utc(1, 21, 7) + 15min, 1100);
  CHECK(rig.month() == "2026-01: 2026-01-21=4400");
  CHECK(rig.step() == "2: 4-8 kW, left 3600");
}

TEST_CASE("peaks: a record of other settings is taken as far as it fits") {
  Rig rig({5, {0, 5}, 1});
  for (const int day : {5, 6, 7, 8, 9}) rig.peaks.period(utc(1, day, 7), 1000 * day);
  Rig less({2, {0, 5}, 1});
  less.peaks.restore(Record(rig.kept()));
  CHECK(less.month() == "2026-01: 2026-01-09=9000 2026-01-08=8000");
}

TEST_CASE("peaks: a record that makes no sense is not taken") {
  const auto restored = [](const auto&... values) {
    Rig rig;
    RecordWriter record;
    record.add("month", 672).add("month.peak", values...);  // 2026-01
    rig.peaks.restore(Record(record.text()));
    return rig.month();
  };
  CHECK(restored(20458, 1767600000000, 4000) == "2026-01: 2026-01-05=4000");
  CHECK(restored(20500, 1767600000000, 4000) == "none");
  CHECK(restored(20458, 1767600000000, -4) == "none");
  CHECK(restored(20458, 1767600000000) == "none");
  CHECK(restored("x", "y", "z") == "none");
}
