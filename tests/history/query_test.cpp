// What is asked of the history, as it comes: wrong in every way, and right.
#include "history/query.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");
const Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 30} + 9h + 20min;

const std::vector<SeriesHead> house = {
    {"meter/energy_import", "kWh", SeriesKind::growth, -3},
    {"meter/power_import", "W", SeriesKind::mean, 0},
    {"gateway/relay_boiler", "", SeriesKind::time_on, 0},
};

tl::expected<Query, QueryFault> parsed(QueryText text, std::optional<Instant> at = now) {
  return parse_query(text, house, oslo, at);
}

std::string reason(const QueryText& text) {
  const auto query = parsed(text);
  return query ? "none" : query.error().reason;
}

std::string range(const QueryText& text) {
  const auto query = parsed(text);
  if (!query) return query.error().reason;
  std::string out;
  append_utc(out, query->range.begin);
  append_utc(out += ' ', query->range.end);
  return out;
}

bool says(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

const std::vector<std::string> one = {"meter/energy_import"};

}  // namespace

TEST_CASE("query: a series that is not there is named, with the nearest one") {
  const auto query = parsed({{"meter/energy_inport"}, "", "", ""});
  REQUIRE_FALSE(query);
  CHECK(query.error().no_such_series);
  CHECK(query.error().reason ==
        "there is no series `meter/energy_inport`: did you mean `meter/energy_import`?");
  CHECK(reason({{"x"}, "", "", ""}) ==
        "there is no series `x`: there are 3, such as `meter/energy_import`, "
        "`meter/power_import`, `gateway/relay_boiler`");
  const auto empty = parse_query({one, "", "", ""}, {}, oslo, now);
  CHECK(says(empty.error().reason, "nothing is in the history yet"));
}

TEST_CASE("query: what a series is called in an error can be printed, and is short") {
  const std::string text = reason({{"\x1b[31m\xff" + std::string(5000, 'y')}, "", "", ""});
  CHECK(text.size() < 300);
  CHECK(text.find('\x1b') == text.npos);
}

TEST_CASE("query: no series, and too many, are refused with their number") {
  CHECK(says(reason({{}, "", "", ""}), "no series is named"));
  CHECK(says(reason({{",,", ""}, "", "", ""}), "no series is named"));
  CHECK(says(reason({{"a,b,c,d,e,f,g,h,i"}, "", "", ""}), "9 series: at most 8"));
}

TEST_CASE("query: series come in one list or in several, each once") {
  const auto query = parsed({{"meter/power_import,meter/energy_import", "meter/power_import"},
                             "2026-11-01",
                             "2026-11-02",
                             ""});
  REQUIRE(query);
  REQUIRE(query->series.size() == 2);
  CHECK(query->series[0] == house[1]);
  CHECK(query->series[1] == house[0]);
}

TEST_CASE("query: a step that is none is refused with those that there are") {
  for (const char* step : {"hours", "Day", "15m", "week", "day "}) {
    CHECK(says(reason({one, "", "", step}), "quarter, hour, day, month or year"));
  }
  for (const char* step : {"quarter", "hour", "day", "month", "year"}) {
    CHECK(name(*step_of(step)) == step);
    CHECK(parsed({one, "", "", step}));
  }
}

TEST_CASE("query: a time that is none is refused with one that is") {
  for (const char* time : {"yesterday", "2026-13-01", "2026-11-31", "2026-11-01T12:00",
                           "1764543600", "2026-11-01 12:00:00", "2026-11-01T12:00:00+99:00"}) {
    CAPTURE(time);
    CHECK(
        says(reason({one, time, "", ""}), ": write from=2026-11-01, or from=2026-11-01T12:00:00"));
    CHECK(says(reason({one, "2026-11-01", time, ""}), "write to=2026-11-01"));
  }
  CHECK(says(reason({one, "1999-12-30", "", "day"}), "between 2000 and 2100"));
  CHECK(says(reason({one, "", "2100-01-03", "day"}), "between 2000 and 2100"));
}

TEST_CASE("query: a day that is none is told from a text that is no day, by its own name") {
  for (const char* time : {"2026-02-30", "2026-11-31", "2026-13-01"}) {
    CHECK(
        says(reason({one, time, "", "", "--"}), "`, no day: write --from=2026-11-01, or --from="));
  }
  for (const char* time : {"2026", "2026-02", "2026-W48", "02.11.2026"}) {
    CAPTURE(time);
    CHECK(says(reason({one, time, "", "", "--"}), "`: write --from=2026-11-01, or --from="));
  }
  CHECK(says(reason({one, "2026-11-02", "2026-11-01", "", "--"}), "--from is not before --to"));
  CHECK(says(reason({one, "", "", "week", "--"}), "--step is `week`"));
}

TEST_CASE("query: a range alone is all that a history may have, or what is asked for") {
  const auto year = [](Instant time) { return std::chrono::floor<std::chrono::days>(time); };
  const auto all = parse_range({{}, "", "", "day"}, oslo);
  REQUIRE(all);
  CHECK(year(all->begin) == std::chrono::sys_days{std::chrono::year{1999} / 12 / 31});
  CHECK(year(all->end) == std::chrono::sys_days{std::chrono::year{2099} / 12 / 31});
  const auto day = parse_range({{}, "2026-11-01", "2026-11-02", "day"}, oslo);
  REQUIRE(day);
  CHECK(day->end - day->begin == 24h);
  CHECK_FALSE(parse_range({{}, "2026-11", "", ""}, oslo));
  CHECK_FALSE(parse_range({{}, "", "", "week"}, oslo));
}

TEST_CASE("query: a range that is empty or turned round is refused") {
  CHECK(says(reason({one, "2026-11-02", "2026-11-01", ""}), "from is not before to"));
  CHECK(says(reason({one, "2026-11-02", "2026-11-02", ""}), "from is not before to"));
  CHECK(says(reason({one, "2026-12-02", "", ""}), "from is not before to"));
}

TEST_CASE("query: a date is the first moment of the day in the zone of the house") {
  CHECK(range({one, "2026-11-01", "2026-12-01", "day"}) ==
        "2026-10-31T23:00:00Z 2026-11-30T23:00:00Z");
  CHECK(range({one, "2026-07-01", "2026-07-02", "hour"}) ==
        "2026-06-30T22:00:00Z 2026-07-01T22:00:00Z");
}

TEST_CASE("query: the range is widened to whole periods") {
  CHECK(range({one, "2026-11-28T12:07:00+01:00", "2026-11-28T12:07:01+01:00", "quarter"}) ==
        "2026-11-28T11:00:00Z 2026-11-28T11:15:00Z");
  CHECK(range({one, "2026-11-28T12:07:00Z", "2026-11-29T00:00:00+01:00", "month"}) ==
        "2026-10-31T23:00:00Z 2026-11-30T23:00:00Z");
  CHECK(range({one, "2026-03-29", "2026-03-30", "hour"}) ==
        "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z");
}

TEST_CASE("query: without times it is today, up to the end of the running period") {
  CHECK(range({one, "", "", ""}) == "2026-11-29T23:00:00Z 2026-11-30T10:00:00Z");
  CHECK(range({one, "", "", "year"}) == "2025-12-31T23:00:00Z 2026-12-31T23:00:00Z");
  CHECK(range({one, "2026-11-01", "", "day"}) == "2026-10-31T23:00:00Z 2026-11-30T23:00:00Z");
}

TEST_CASE("query: while the clock is not set both times are needed") {
  const auto query = parsed({one, "2026-11-01", "", ""}, std::nullopt);
  REQUIRE_FALSE(query);
  CHECK(says(query.error().reason, "clock"));
  CHECK(parsed({one, "2026-11-01", "2026-11-02", ""}, std::nullopt));
}

TEST_CASE("query: more points than an answer may have are refused, with what helps") {
  CHECK(parsed({one, "2024-11-01", "2026-11-30", "hour"}));
  CHECK(reason({one, "2024-01-01", "2026-11-30", "hour"}) ==
        "25536 points: at most 20000 in one answer; ask for less time or fewer series, or "
        "step=day");
  CHECK(
      says(reason({{"meter/energy_import,meter/power_import"}, "2025-01-01", "2026-11-30", "hour"}),
           "33504 points"));
  CHECK(says(reason({one, "2026-01-01", "2026-11-30", "quarter"}), "or step=hour"));
  CHECK(parsed({one, "2000-01-01", "2100-01-01", "year"}));
}

TEST_CASE("query: who writes a file has no such limits") {
  const auto query = parse_query({one, "2010-01-01", "2026-11-30", "quarter"}, house, oslo, now,
                                 {1000, 100'000'000});
  CHECK(query);
}

TEST_CASE("query: of all that is wrong the first is said, and nothing is read for it") {
  CHECK(says(reason({{"x"}, "y", "z", "week"}), "step is `week`"));
  CHECK(says(reason({{"x"}, "y", "z", ""}), "no series `x`"));
  CHECK(says(reason({one, "y", "z", ""}), "from is `y`"));
  CHECK(says(reason({one, "2026-11-01", "z", ""}), "to is `z`"));
}
