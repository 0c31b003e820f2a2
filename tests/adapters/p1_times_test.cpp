#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/times.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

std::string text_of(const std::optional<MeterTime>& time) {
  if (!time) return "none";
  return clock_text(time->local) + (time->flag != 0 ? std::string(1, time->flag) : "");
}

std::string resolved(std::string_view group, std::string zone, minutes standard = 60min) {
  MeterClock clock(std::move(zone), standard);
  std::string out;
  append(out, clock.resolve(parse_time(group).value(), {}));
  return out;
}

constexpr Instant midnight(int y, unsigned m, unsigned d) {
  return sys_days{year{y} / month{m} / std::chrono::day{d}};
}

}  // namespace

TEST_CASE("p1 times: what is no date or no time of day gives none") {
  for (const std::string_view group : {"",
                                       "S",
                                       "200426223325X",
                                       "20042622332",
                                       "2004262233255S",
                                       "201326223325S",
                                       "200026223325S",
                                       "200400223325S",
                                       "200431223325S",
                                       "210229000000W",
                                       "200426243325S",
                                       "200426226025S",
                                       "200426223360S",
                                       "20042622332aS",
                                       "2004262233-5S",
                                       "632525252525W",
                                       "000000000000W",
                                       "07E4041A00161921FF800080FF",
                                       "07E4041A001619",
                                       "07E4131A0016192100800080",
                                       "07E4041A0018192100800080",
                                       "ZZE4041A0016192100800080",
                                       "FFFFFFFFFFFFFFFFFFFFFFFF"}) {
    CAPTURE(std::string(group));
    CHECK(text_of(parse_time(group)) == "none");
  }
}

TEST_CASE("p1 times: S is summer time, W is standard time, in either case") {
  CHECK(text_of(parse_time("200426223325S")) == "2020-04-26T22:33:25S");
  CHECK(text_of(parse_time("201126223325W")) == "2020-11-26T22:33:25W");
  CHECK(text_of(parse_time("201126223325w")) == "2020-11-26T22:33:25W");
  CHECK(text_of(parse_time(" 200229000000W ")) == "2020-02-29T00:00:00W");
  CHECK(text_of(parse_time("700101000000W")) == "1970-01-01T00:00:00W");
  CHECK(text_of(parse_time("691231235959W")) == "2069-12-31T23:59:59W");
}

TEST_CASE("p1 times: without a letter it is a time only where one belongs") {
  CHECK(text_of(parse_time("200426223325")) == "2020-04-26T22:33:25");
  CHECK(text_of(parse_flagged_time("200426223325")) == "none");
  CHECK(text_of(parse_flagged_time("200426223325S")) == "2020-04-26T22:33:25S");
}

TEST_CASE("p1 times: a DLMS date-time in hex has summer time in its status") {
  CHECK(text_of(parse_time("07E4041A0716192100800080")) == "2020-04-26T22:25:33S");
  CHECK(text_of(parse_time("07E4041A0716192100800000")) == "2020-04-26T22:25:33W");
  CHECK(text_of(parse_time("07E4041A07161921008000FF")) == "2020-04-26T22:25:33");
  CHECK(text_of(parse_flagged_time("07E4041A0716192100800080")) == "none");
}

TEST_CASE("p1 times: the letter alone gives the offset, whatever the season") {
  CHECK(resolved("200426223325S", "") == "2020-04-26T22:33:25+02:00");
  CHECK(resolved("200426223325W", "") == "2020-04-26T22:33:25+01:00");
  CHECK(resolved("200126223325S", "Europe/Amsterdam") == "2020-01-26T22:33:25+02:00");
  CHECK(resolved("200426223325S", "", 120min) == "2020-04-26T22:33:25+03:00");
}

TEST_CASE("p1 times: without a letter the zone gives the offset") {
  CHECK(resolved("200426223325", "Europe/Amsterdam") == "2020-04-26T22:33:25+02:00");
  CHECK(resolved("200126223325", "Europe/Amsterdam") == "2020-01-26T22:33:25+01:00");
  CHECK(resolved("200426223325", "No/Where") == "2020-04-26T22:33:25+01:00");
}

TEST_CASE("p1 times: in the doubled hour the time of arrival decides which of the two it is") {
  MeterClock clock("Europe/Amsterdam", 60min);
  const MeterTime doubled = *parse_time("201025023000");
  const Instant first = midnight(2020, 10, 25) + 30min, second = first + 60min;
  CHECK(clock.resolve(doubled, first + 5s).instant == first);
  CHECK(clock.resolve(doubled, second + 5s).instant == second);
  CHECK(clock.resolve(doubled, {}).instant == first);
}

TEST_CASE("p1 times: sane is not before 2007 and not a day ahead of the arrival") {
  const Instant now = midnight(2026, 11, 20);
  CHECK(MeterClock::is_sane(now, now));
  CHECK(MeterClock::is_sane(now + 24h, now));
  CHECK_FALSE(MeterClock::is_sane(now + 24h + 1ms, now));
  CHECK(MeterClock::is_sane(now - 24h * 3650, now));
  CHECK(MeterClock::is_sane(midnight(2007, 1, 1), now));
  CHECK_FALSE(MeterClock::is_sane(midnight(2006, 12, 31), now));
  CHECK(MeterClock::is_sane(midnight(2090, 1, 1), {}));
  CHECK_FALSE(MeterClock::is_sane(midnight(1999, 1, 1), {}));
}
