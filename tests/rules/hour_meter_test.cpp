// The energy of each clock hour: exact where registers tell it, worked out where they do not, never
// too low without saying so.

#include <doctest/doctest.h>

#include "hour_rig.hpp"

#include <cstdint>

using namespace gridtap;
using namespace std::chrono_literals;
using test::after_an_hour;
using Rig = test::HourRig;

TEST_CASE("hour meter: two hourly lists make an hour, whatever the integral says") {
  Rig rig = after_an_hour(3600);
  rig.power(3600);
  CHECK(rig.hours() == "");
  rig.total(5'003'500);
  CHECK(rig.hours() == "12:00 3500\n");
}

TEST_CASE("hour meter: hourly registers alone, without a power, are enough") {
  Rig rig;
  for (const std::int64_t wh : {1000, 2250, 2250, 6000}) {
    rig.total(wh);
    rig.pass(1h);
  }
  CHECK(rig.hours() == "12:00 1250\n13:00 0\n14:00 3750\n");
}

TEST_CASE("hour meter: of the running hour nothing is known before its first register") {
  Rig rig;
  rig.pass(20min);
  rig.power(3600);
  rig.draw(3600, 600s);
  CHECK(rig.running() == "none");
  rig.total(5000);
  CHECK(rig.running() == "none");
}

TEST_CASE("hour meter: the running hour grows with the power") {
  Rig rig;
  rig.power(3600);
  rig.total(5'000'000);
  CHECK(rig.running() == "0");
  rig.draw(3600, 600s);
  CHECK(rig.running() == "600000");
}

TEST_CASE("hour meter: between the full hour and its list the new hour is the integral") {
  Rig rig = after_an_hour(3600);
  CHECK(rig.running() == "0");
  rig.power(3600);
  CHECK(rig.running() == "10000");
  rig.total(5'003'590);
  CHECK(rig.running() == "10000");
}

TEST_CASE("hour meter: the hour in which it starts is unknown, not low") {
  Rig rig;
  rig.pass(20min);
  std::int64_t wh = 7000;
  rig.count(wh, 3600, 40min);
  rig.count(wh, 3600, 1h);
  CHECK(rig.hours() == "12:00 none~!\n13:00 3600\n");
}

TEST_CASE("hour meter: a register in each telegram is read at the border of the hour") {
  Rig rig;
  std::int64_t wh = 7000;
  rig.meter.sample({Decimal{3600, 0}, Decimal{wh, -3}}, rig.now);
  rig.count(wh, 3600, 1h);
  CHECK(rig.hours() == "12:00 3600\n");
  rig.pass(5s);  // from here on the border lies between two telegrams
  rig.count(wh, 7200, 1h);
  rig.count(wh, 3600, 1h);
  // Half of the 20 Wh of the telegram at 14:00:05 are of the hour before it.
  CHECK(rig.hours() == "13:00 7190\n14:00 3605\n");
}

TEST_CASE("hour meter: a power without any register is integrated, and marked as an estimate") {
  Rig rig;
  rig.power(1800, 0s);
  rig.draw(1800, 2h);
  CHECK(rig.hours() == "12:00 1800~\n13:00 1800~\n");
  CHECK(rig.running() == "0");
  rig.draw(1800, 60s);
  CHECK(rig.running() == "30000");
}

TEST_CASE("hour meter: without registers, an hour with a gap is unknown") {
  Rig rig;
  rig.power(1800, 0s);
  rig.draw(1800, 30min);
  SUBCASE("ten minutes of silence") {
    rig.power(1800, 10min);
    rig.draw(1800, 20min);
    CHECK(rig.hours() == "12:00 none~!\n");
  }
  SUBCASE("a minute is bridged by the mean of both ends") {
    rig.power(1800, 1min);
    rig.draw(1800, 29min);
    CHECK(rig.hours() == "12:00 1800~\n");
  }
}

TEST_CASE("hour meter: 40 s of silence at the border make an estimate, and are counted once") {
  Rig rig;
  std::int64_t wh = 7000;
  rig.meter.sample({Decimal{3600, 0}, Decimal{wh, -3}}, rig.now);
  rig.count(wh, 3600, 3590s);
  wh += 40;
  rig.power(3600, 40s);
  rig.total(wh);
  rig.count(wh, 3600, 3590s);
  CHECK(rig.hours() == "12:00 3600~\n13:00 3600~\n");
}

TEST_CASE("hour meter: a lost list is shared among its hours by the integral") {
  Rig rig = after_an_hour(3600);
  rig.draw(1800, 1h);
  CHECK(rig.hours() == "");
  rig.power(1800);
  rig.total(5'005'400);
  CHECK(rig.hours() == "12:00 3598~\n13:00 1802~\n");
}

TEST_CASE("hour meter: what was not measured has the rest, and counts for no tariff") {
  Rig rig = after_an_hour(3600);
  rig.power(0, 1h);  // silence until 14:00
  rig.power(0);
  rig.total(5'004'600);
  const std::string hours = rig.hours();
  CHECK(hours.starts_with("12:00 3"));
  CHECK(hours.find("~\n13:00") != std::string::npos);
  CHECK(hours.ends_with("~!\n"));
}

TEST_CASE("hour meter: the same list an hour later changes nothing") {
  Rig rig = after_an_hour(3600);
  rig.power(3600);
  rig.total(5'000'000);
  CHECK(rig.hours() == "");
  rig.draw(3600, 1h);
  rig.total(5'007'200);
  CHECK(rig.hours() == "12:00 3600~\n13:00 3600~\n");
}

TEST_CASE("hour meter: the last hourly register in every row is not taken for a new one") {
  Rig rig;
  std::int64_t wh = 10'000;
  const auto row = [&](std::int64_t watts) {
    rig.pass(10s);
    rig.meter.sample({Decimal{watts, 0}, Decimal{wh, -3}}, rig.now);
  };
  const auto hour = [&](std::int64_t used) {
    wh += used;
    for (int n = 0; n < 360; ++n) row(1300);
  };
  rig.pass(-20s);
  row(1300);
  row(1300);
  hour(1280);
  hour(1290);
  hour(1310);
  CHECK(rig.hours() == "11:00 none~!\n12:00 1290\n13:00 1310\n");
}

TEST_CASE("hour meter: a register that falls by a digit is noise") {
  Rig rig = after_an_hour(3600);
  rig.total(4'999'990);
  rig.power(3600);
  rig.total(5'003'600);
  CHECK(rig.hours() == "12:00 3600\n");
}

TEST_CASE("hour meter: a register that falls far is another one, and no hour is negative") {
  Rig rig = after_an_hour(3600);
  rig.power(3600);
  rig.total(12);
  CHECK(rig.hours() == "");
  rig.draw(3600, 1h);
  rig.total(3612);
  CHECK(rig.hours() == "13:00 3600\n");
}

TEST_CASE("hour meter: another meter begins anew") {
  Rig rig = after_an_hour(3600);
  rig.meter.forget();
  CHECK(rig.running() == "0");
  rig.power(3600);
  rig.total(70);
  CHECK(rig.hours() == "");
  rig.draw(3600, 1h);
  rig.total(3670);
  CHECK(rig.hours() == "13:00 3600\n");
}

TEST_CASE("hour meter: a register beyond any house is another meter's") {
  Rig rig = after_an_hour(3600);
  rig.power(3600);
  rig.total(90'000'000'000);
  CHECK(rig.hours() == "");
}

TEST_CASE("hour meter: a clock that was set back or far ahead ends what was counted") {
  Rig rig = after_an_hour(3600);
  SUBCASE("back") { *rig.now.wall -= 3h; }
  SUBCASE("ahead") { *rig.now.wall += 30h; }
  rig.power(3600);
  CHECK(rig.running() == "none");
  rig.total(5'003'600);
  CHECK(rig.hours() == "");
}

TEST_CASE("hour meter: a clock that is put right by seconds makes an estimate") {
  Rig rig;
  std::int64_t wh = 7000;
  rig.meter.sample({Decimal{3600, 0}, Decimal{wh, -3}}, rig.now);
  rig.count(wh, 3600, 1800s);
  SUBCASE("ahead") { *rig.now.wall += 20s; }
  SUBCASE("back") { *rig.now.wall -= 20s; }
  rig.count(wh, 3600, 1820s);
  const std::string hours = rig.hours();
  CHECK((hours == "12:00 3580~\n" || hours == "12:00 3620~\n"));
}

TEST_CASE("hour meter: a clock set back over the full hour closes the hour once") {
  Rig rig;
  std::int64_t wh = 7000;
  rig.meter.sample({Decimal{3600, 0}, Decimal{wh, -3}}, rig.now);
  rig.count(wh, 3600, 3600s + 10s);
  CHECK(rig.hours() == "12:00 3600\n");
  *rig.now.wall -= 30s;
  rig.count(wh, 3600, 3620s);
  CHECK(rig.hours() == "13:00 3630~\n");
}

TEST_CASE("hour meter: without a time of day nothing is counted") {
  Rig rig;
  rig.now.wall.reset();
  rig.meter.sample({Decimal{3600, 0}, Decimal{5000, -3}}, rig.now);
  CHECK(rig.kept().empty());
}

TEST_CASE("hour meter: quarters are the same with a shorter period") {
  Rig rig;
  rig.meter = HourMeter(15min);
  std::int64_t wh = 7000;
  rig.meter.sample({Decimal{3600, 0}, Decimal{wh, -3}}, rig.now);
  rig.count(wh, 3600, 15min);
  rig.count(wh, 7200, 15min);
  CHECK(rig.hours() == "12:00 900\n12:15 1800\n");
}

TEST_CASE("hour meter: values beyond any house are passed over") {
  Rig rig;
  rig.power(3600);
  rig.total(5'000'000);
  rig.meter.sample({Decimal{INT64_MAX, 0}, Decimal{INT64_MAX, 0}}, rig.now);
  rig.meter.sample({Decimal{-5, 0}, Decimal{-5, 0}}, rig.now);
  rig.draw(3600, 3590s);
  rig.power(3600);
  rig.total(5'003'600);
  CHECK(rig.hours() == "12:00 3600\n");
}
