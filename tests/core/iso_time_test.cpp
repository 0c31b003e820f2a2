#include "core/iso_time.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;

namespace {
std::string utc(std::string_view text) {
  const auto instant = parse_iso_time(text);
  if (!instant) return "nothing";
  std::string out;
  append_utc(out, *instant);
  return out;
}
}  // namespace

TEST_CASE("iso time: offsets are taken off, seconds and fractions may be missing") {
  CHECK(utc("2026-11-20T08:00:00+01:00") == "2026-11-20T07:00:00Z");
  CHECK(utc("2026-11-20T07:00:00Z") == "2026-11-20T07:00:00Z");
  CHECK(utc("2026-11-20T07:00Z") == "2026-11-20T07:00:00Z");
  CHECK(utc("2026-01-01T00:30:00+0100") == "2025-12-31T23:30:00Z");
  CHECK(utc("2026-06-30T22:00:00-05:30") == "2026-07-01T03:30:00Z");
  CHECK(parse_iso_time("2026-11-20T07:00:00.250Z")->time_since_epoch().count() % 1000 == 250);
}

TEST_CASE("iso time: what is no time is refused") {
  for (const std::string_view text :
       {"", "2026", "2026-11-20", "2026-11-20T08:00:00", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T08:60:00Z",
        "2026-11-20 08:00:00Z", "2026-11-20T08:00:00Zulu", "20261120T080000Z", "1795161600"}) {
    CAPTURE(text);
    CHECK(utc(text) == "nothing");
  }
}

TEST_CASE("iso time: a date is a real one, and nothing else") {
  using std::chrono::sys_days;
  const auto day = parse_iso_date("2024-02-29");
  REQUIRE(day);
  CHECK(day->time_since_epoch() == sys_days{std::chrono::year{2024} / 2 / 29}.time_since_epoch());
  for (const std::string_view text : {"", "2023-02-29", "2026-1-01", "2026-01-00", "26-01-01",
                                      "2026-01-01T", "2026-01-01 ", " 2026-01-01", "20260101"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_iso_date(text));
  }
}

TEST_CASE("iso time: a time that the clock of no zone shows is refused") {
  for (const std::string_view text :
       {"2026-11-20T08:00:60Z", "2026-11-20T08:00:00+16:00", "2026-11-20T08:00:00+01:60",
        "2026-11-20T08:00:00.1Z", "2026-11-20T-8:00:00Z", "2026-11-20T08:00:00+"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_iso_time(text));
  }
}

TEST_CASE("iso time: a date before 1970 and one after 2100 are dates, too") {
  CHECK(parse_iso_date("1969-12-31")->time_since_epoch().count() == -1);
  CHECK(parse_iso_date("2100-03-01"));
  CHECK_FALSE(parse_iso_date("2100-02-29"));
}

TEST_CASE("iso time: each day of two centuries is read as it is written, and no other day is one") {
  const std::chrono::sys_days end{std::chrono::year{2100} / 1 / 1};
  std::chrono::sys_days day{std::chrono::year{1900} / 1 / 1};
  for (; day < end; day += std::chrono::days{1}) {
    std::string text;
    append_utc(text, day);
    const auto date = parse_iso_date(text.substr(0, 10));
    REQUIRE(date);
    REQUIRE(date->time_since_epoch() == day.time_since_epoch());
    REQUIRE(parse_iso_time(text) == day);
    if (date->time_since_epoch().count() % 97 != 0) continue;
    for (const char* odd : {" ", "T", "0", "Z", ".", "-", "/", "\n"}) {
      CHECK_FALSE(parse_iso_date(text.substr(0, 10) + odd));
      CHECK_FALSE(parse_iso_date(odd + text.substr(0, 10)));
      CHECK_FALSE(parse_iso_date(text.substr(0, 9) + odd + odd));
    }
  }
  for (const char* none : {"2026-02-29", "2026-02-30", "2026-04-31", "2026-00-10", "2026-13-01",
                           "2026-01-00", "2026-01-32", "2026-1-01", "26-01-01", "2026-01"}) {
    CAPTURE(none);
    CHECK_FALSE(parse_iso_date(none));
  }
}
