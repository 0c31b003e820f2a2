// The query of an address that asks for the history: bent, and straight.
#include "web/history_query.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;
using namespace gridtap::web;

namespace {

std::string reason(std::string_view query, bool csv = false) {
  const auto parsed = parse_history_query(query, csv);
  return parsed ? "" : parsed.error();
}

}  // namespace

TEST_CASE("history query: a parameter that is none is refused, with the nearest one") {
  CHECK(reason("series=a&stp=day") == "there is no parameter `stp`: did you mean step?");
  CHECK(reason("x=1") == "there is no parameter `x`: there are series, from, to, step");
  CHECK(reason("decimal=comma") ==
        "there is no parameter `decimal`: there are series, from, to, step");
  CHECK(reason("=day").find("no parameter ``") != std::string::npos);
  CHECK(reason("\x01\xff" + std::string(500, 'a')).size() < 200);
}

TEST_CASE("history query: what is there twice is refused, but series add up") {
  CHECK(reason("step=day&step=hour") == "step is there twice");
  CHECK(reason("from=2026-11-01&from=2026-11-01") == "from is there twice");
  const auto query = parse_history_query("series=a,b&series=c&&", false);
  REQUIRE(query);
  CHECK(query->text.series == std::vector<std::string>{"a,b", "c"});
}

TEST_CASE("history query: values may be escaped, and a plus is a plus") {
  const auto query = parse_history_query(
      "series=meter%2Fenergy_import%2cmeter/x&from=2026-11-01T12%3A00:00+01%3a00&to=&step", false);
  REQUIRE(query);
  CHECK(query->text.series == std::vector<std::string>{"meter/energy_import,meter/x"});
  CHECK(query->text.from == "2026-11-01T12:00:00+01:00");
  CHECK(query->text.to.empty());
  CHECK(query->text.step.empty());
}

TEST_CASE("history query: escapes that are none are refused") {
  for (const char* bent : {"series=%", "series=a%2", "series=%zz", "series=%2G", "from=%%2F"}) {
    CAPTURE(bent);
    CHECK(reason(bent).find("two hexadecimal digits") != std::string::npos);
  }
}

TEST_CASE("history query: the decimal comma is for CSV alone") {
  CHECK(parse_history_query("series=a", true)->decimals == history::Decimals::point);
  CHECK(parse_history_query("series=a&decimal=comma", true)->decimals == history::Decimals::comma);
  CHECK(parse_history_query("series=a&decimal=point", true));
  CHECK(reason("decimal=;", true) == "decimal is `;`: point or comma");
}

TEST_CASE("history query: a file is named by its first day in the house, and the step") {
  const Zone oslo = *Zone::named("Europe/Oslo");
  const Instant begin =
      std::chrono::sys_days{std::chrono::year{2026} / 10 / 31} + std::chrono::hours{23};
  CHECK(file_name({{}, {begin, begin}, history::Step::day}, oslo) == "gridtap_2026-11-01_day.csv");
}
