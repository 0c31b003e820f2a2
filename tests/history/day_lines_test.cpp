// The lines of the day files: what has a column and what has none, devices and clocks that come and
// go, disks that do not write; what is looked at is what files would hold.
#include "history/day_lines.hpp"

#include <doctest/doctest.h>

#include "history/day_house.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

const JournalError full{JournalFault::full, "/days: No space left on device"};

int lines_in(const std::string& text, std::string_view words) {
  int count = 0;
  for (std::size_t at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++count;
  return count;
}

Instant utc(int month, int day, Milliseconds time) {
  return std::chrono::sys_days{std::chrono::year{2026} / month / day} + time;
}

}  // namespace

TEST_CASE("day lines: before the time of day is known there are none") {
  DayHouse house(std::nullopt);
  house.live(60);
  CHECK(house.days.appends == 0);
  house.clock.set(noon);
  house.live(3);
  CHECK(lines_in(house.end(), "2026-11-29T13:00:") == 3);
}

TEST_CASE("day lines: texts, settings and the health of lines have no column") {
  DayHouse house;
  house.read("tariff", std::string_view("high"));
  house.read("hour_limit", Decimal{5000, 0});
  house.read("frames_ok", Decimal{17, 0});
  house.read("connected", true);
  house.read("voltage_l1", Decimal{2304, -1});
  house.read("devices_online", Decimal{1, 0}, "gateway");
  house.read("relay_boiler", true, "gateway");
  house.clock.advance(10s);
  CHECK(house.end() ==
        "gateway 2026-11-29|time,relay_boiler\n2026-11-29T13:00:10+01:00,1\n"
        "meter 2026-11-29|time,voltage_l1[V]\n2026-11-29T13:00:10+01:00,230.4\n");
}

TEST_CASE("day lines: a unit that would break the line is in quotes") {
  DayHouse house;
  const EntitySpec odd{.key = "odd", .unit = "a,\"b\"", .statistics = Statistics::measurement};
  house.say("meter", Entity{"", &odd});
  house.read("odd", Decimal{5, 0});
  house.clock.advance(10s);
  CHECK(house.end().find("|time,\"odd[a,\"\"b\"\"]\"\n") != std::string::npos);
}

TEST_CASE("day lines: values beyond all columns are left out, which is said once") {
  DayHouse house;
  std::vector<std::string> keys;
  for (int n = 0; n < 300; ++n) keys.push_back("value_" + std::to_string(n));
  for (const std::string& key : keys) {
    const EntitySpec spec{.key = key, .unit = "W", .statistics = Statistics::measurement};
    house.say("meter", Entity{"", &spec});
    house.read(key, Decimal{1, 0});
  }
  house.clock.advance(20s);
  const std::string text = house.end();
  CHECK(lines_in(text.substr(0, text.find('\n')), ",") == 256);
  CHECK(lines_in(text, ",1") == 2 * 256);
  CHECK(house.logged("more than 256 values: value_256 and those that follow") == 1);
}

TEST_CASE("day lines: a line each ten seconds has the newest values, as they were published") {
  DayHouse house(noon + 3s);
  house.read("energy_import", Decimal{8421050, -3});
  house.power(244);
  house.clock.advance(7s);
  house.power(250);
  house.clock.advance(4s);
  house.power(1);
  house.clock.advance(6s);
  house.read("energy_import", Decimal{8421051, -3});
  house.clock.advance(9s);
  CHECK(house.end() ==
        "meter 2026-11-29|time,energy_import[kWh],power_import[W]\n"
        "2026-11-29T13:00:10+01:00,8421.050,244\n"
        "2026-11-29T13:00:20+01:00,8421.050,1\n");
}

TEST_CASE(
    "day lines: a value that is no longer known is empty, and the line with nothing not there") {
  DayHouse house;
  house.read("energy_import", wh(5000));
  house.power(244);
  house.clock.advance(10s);
  house.read("power_import", Value{});
  house.clock.advance(10s);
  house.alive("meter", 0s);
  house.clock.advance(600s);
  house.power(7);
  house.clock.advance(10s);
  CHECK(house.end() ==
        "meter 2026-11-29|time,energy_import[kWh],power_import[W]\n"
        "2026-11-29T13:00:10+01:00,5.000,244\n"
        "2026-11-29T13:00:20+01:00,5.000,\n"
        "2026-11-29T13:10:30+01:00,5.000,7\n");
}

TEST_CASE("day lines: a key that appears later begins another head, one that goes has no column") {
  DayHouse house;
  house.live(1);
  house.read("voltage_l1", Decimal{230, 0});
  house.live(1);
  CHECK(house.end() ==
        "meter 2026-11-29|time,power_import[W]\n2026-11-29T13:00:10+01:00,100\n"
        "meter 2026-11-29|time,power_import[W],voltage_l1[V]\n2026-11-29T13:00:20+01:00,100,230\n");
}

TEST_CASE("day lines: days are those of the house, of 25 and of 23 hours") {
  DayHouse autumn(utc(10, 24, 21h + 59min + 45s));
  autumn.power(5);
  for (int n = 0; n < 25 * 60 + 1; ++n) {
    autumn.power(5);
    autumn.clock.advance(60s);
    autumn.days.answer();
  }
  const std::string text = autumn.end();
  CHECK(text.find("meter 2026-10-24|time,power_import[W]\n2026-10-24T23:59:50+02:00,5\n") == 0);
  CHECK(lines_in(text, "\n2026-10-25T") == 25 * 360);
  CHECK(lines_in(text, "\n2026-10-25T02:30:00+02:00,") == 1);
  CHECK(lines_in(text, "\n2026-10-25T02:30:00+01:00,") == 1);
  CHECK(lines_in(text, "meter 2026-10-26|") == 1);
  DayHouse spring(utc(3, 29, 0h + 59min + 45s));
  spring.live(3);
  CHECK(spring.end().find("T01:59:50+01:00,100\n2026-03-29T03:00:00+02:00,100\n") !=
        std::string::npos);
}

TEST_CASE(
    "day lines: a clock that is set back writes its times again, one set forward none between") {
  DayHouse house;
  house.live(2);
  house.clock.set(noon - 4s);
  house.live(3);
  house.clock.set(noon + 3600s + 4s);
  house.live(2);
  CHECK(house.end() ==
        "meter 2026-11-29|time,power_import[W]\n"
        "2026-11-29T13:00:10+01:00,100\n2026-11-29T13:00:20+01:00,100\n"
        "2026-11-29T13:00:10+01:00,100\n2026-11-29T13:00:20+01:00,100\n"
        "2026-11-29T14:00:10+01:00,100\n2026-11-29T14:00:20+01:00,100\n");
}

TEST_CASE("day lines: other intervals are of the clock, too, and a late line is none") {
  DayHouse house(noon + 7min, {std::chrono::minutes{15}});
  house.power(5);
  house.clock.set(noon + 14min);  // the line would be seven minutes late
  for (int n = 0; n < 30; ++n) house.power(n), house.clock.advance(60s);
  CHECK(house.end() ==
        "meter 2026-11-29|time,power_import[W]\n"
        "2026-11-29T13:15:00+01:00,0\n2026-11-29T13:30:00+01:00,15\n");
}

TEST_CASE("day lines: they are handed on each five minutes, and at the end") {
  DayHouse house;
  house.live(29);
  CHECK(house.days.appends == 0);
  house.live(1);
  CHECK(house.days.appends == 1);
  house.live(60);  // no answer: nothing is asked again
  CHECK(house.days.appends == 1);
  house.days.answer();
  house.live(1);
  CHECK(house.days.appends == 2);
  house.live(5);
  CHECK(lines_in(house.end(), "\n2026-") == 96);
  CHECK(house.days.closes == 1);
  house.live(60);
  house.lines->end();
  CHECK(house.days.closes == 1);
}

TEST_CASE("day lines: a disk that fails is said once, they wait, and all is there when it works") {
  DayHouse house;
  house.live(31);
  house.days.answer(full);
  CHECK(house.lines->trouble()->fault == JournalFault::full);
  for (int n = 0; n < 5; ++n) house.live(30), house.days.answer(full);
  CHECK(house.logged("day files: /days: No space left") == 1);
  house.live(30);
  house.days.answer();
  CHECK_FALSE(house.lines->trouble());
  CHECK(house.logged("day files: they are written again") == 1);
  const std::string text = house.end();
  CHECK(lines_in(text, "\n2026-") == 31 + 6 * 30);
  CHECK(lines_in(text, "|") == 1);
  CHECK(text.find(":10+01:00,100\n2026-11-29T13:00:20+") != std::string::npos);
  CHECK(house.lines->dropped() == 0);
}

TEST_CASE("day lines: what waits is bounded, the oldest lines go, which is said once") {
  DayHouse house;
  for (int n = 0; n < 12 * 24 * 2; ++n) {  // two days of 27 bytes and more a line
    for (int k = 0; k < 30; ++k) {
      house.live(1, 100'000'000'000'000'000);
    }
    house.days.answer(full);
  }
  CHECK(house.lines->dropped() == 0);
  for (int n = 0; n < 12 * 24 * 5; ++n) house.live(30, 100), house.days.answer(full);
  CHECK(house.lines->dropped() > 0);
  CHECK(house.logged("the oldest lines are lost from now on") == 1);
  const std::uint64_t dropped = house.lines->dropped();
  const std::string text = house.end();
  CHECK(text.size() <= DayLines::max_waiting + 1000);
  CHECK(static_cast<std::uint64_t>(lines_in(text, "\n2026-")) == 7 * 8640 - dropped);
}

TEST_CASE("day lines: what is much is handed on before its time") {
  DayHouse house(noon, {std::chrono::seconds{1}});
  std::vector<std::string> keys;
  for (int n = 0; n < 256; ++n) keys.push_back("value_" + std::to_string(n));
  for (const std::string& key : keys) {
    const EntitySpec spec{.key = key, .unit = "W", .statistics = Statistics::measurement};
    house.say("meter", Entity{"", &spec});
    house.read(key, Decimal{123'456'789, 0});
  }
  for (int n = 0; n < 120; ++n) house.alive(), house.clock.advance(1s);
  CHECK(house.days.appends == 1);
}

TEST_CASE("day lines: old days are to be forgotten once a day, after a failure again") {
  DayHouse house(noon, {std::chrono::seconds{10}, std::chrono::days{30}});
  for (const bool works : {false, true, true}) {
    house.live(30);
    house.days.answer(works ? std::nullopt : std::optional(full));
  }
  CHECK(house.days.kept == std::vector<std::string>{"2026-10-30", "2026-10-30", ""});
  house.clock.advance(12h);
  house.days.answer();
  house.live(31);
  CHECK(house.days.kept.back() == "2026-10-31");
  DayHouse for_good;
  for_good.live(31);
  CHECK(for_good.days.kept == std::vector<std::string>{""});
}
