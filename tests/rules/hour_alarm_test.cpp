// The alarm: what the hour will come to, what is still free, when it begins and when it ends.

#include "rules/hour_alarm.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h};

struct Rig {
  HourAlarm alarm{5000};
  Instant start = noon;

  // `into`: how far the hour has come. "state projected available", ! for an event.
  std::string at(std::chrono::seconds into, std::int64_t wh, std::optional<std::int64_t> watts) {
    if (watts) *watts *= 1000;
    const auto figures =
        alarm.update({start, wh * 1000, watts}, start + into, Mono{50h} + (start - noon) + into);
    const auto text = [](const std::optional<std::int64_t>& value) {
      return value ? std::to_string(*value) : "none";
    };
    constexpr const char* names[] = {"off", "projected", "passed"};
    return std::string(names[static_cast<std::size_t>(figures.state)]) +
           (figures.is_event ? "!" : "") + ' ' + text(figures.projected_wh) + ' ' +
           text(figures.available_w);
  }
};

std::int64_t mean_of(MeanPower& mean, Mono& now, std::int64_t watts, std::chrono::seconds time) {
  for (auto left = time; left > 0s; left -= 10s) mean.add(watts * 1000, now += 10s);
  return *mean.milliwatts() / 1000;
}

}  // namespace

TEST_CASE("hour alarm: projection and free power of a steady hour") {
  Rig rig;
  CHECK(rig.at(30min, 2000, 4000) == "off 4000 2000");
  CHECK(rig.at(45min, 3000, 4000) == "off 4000 4000");
  CHECK(rig.at(45min, 3000, 0) == "off 3000 8000");
}

TEST_CASE("hour alarm: it begins when the projection passes the limit, not when it meets it") {
  Rig rig;
  CHECK(rig.at(30min, 2500, 5000) == "off 5000 0");
  CHECK(rig.at(30min, 2500, 5004) == "projected! 5002 -4");
}

TEST_CASE("hour alarm: in the first two minutes nothing is projected to pass") {
  Rig rig;
  CHECK(rig.at(119s, 300, 9000).starts_with("off 9"));
  CHECK(rig.at(120s, 300, 9000).starts_with("projected! 9"));
}

TEST_CASE("hour alarm: what is passed is passed, early and without any power") {
  Rig rig;
  CHECK(rig.at(60s, 5000, {}) == "off none none");
  CHECK(rig.at(61s, 5001, {}) == "passed! none none");
  CHECK(rig.at(59min, 5001, 0) == "passed 5001 -60");
}

TEST_CASE("hour alarm: it ends 2 % below the limit, and not within five minutes") {
  Rig rig;
  CHECK(rig.at(30min, 2500, 6000).starts_with("projected!"));
  CHECK(rig.at(34min + 59s, 2550, 0).starts_with("projected 2550"));  // held
  CHECK(rig.at(36min, 2930, 5000).starts_with("projected 4930"));
  CHECK(rig.at(37min, 2980, 5000).starts_with("off 4897"));
  CHECK(rig.at(38min, 3050, 5300).starts_with("off 4993"));
}

TEST_CASE("hour alarm: each cause is an event once an hour") {
  Rig rig;
  CHECK(rig.at(20min, 2000, 6000).starts_with("projected! "));
  CHECK(rig.at(26min, 2000, 1000).starts_with("off "));
  CHECK(rig.at(28min, 2000, 9000).starts_with("projected "));
  CHECK(rig.at(50min, 5001, 9000).starts_with("passed! "));
  CHECK(rig.at(51min, 5100, 9000).starts_with("passed "));
}

TEST_CASE("hour alarm: a new hour begins without an alarm, and may have its own") {
  Rig rig;
  rig.at(50min, 6000, 9000);
  rig.start += 1h;
  CHECK(rig.at(10s, 25, 9000).starts_with("off 9000"));
  CHECK(rig.at(3min, 450, 9000).starts_with("projected! 9000"));
}

TEST_CASE("hour alarm: near the end of the hour the free power is cut") {
  Rig rig;
  CHECK(rig.at(3599s, 1000, 0) == "off 1000 100000");
  CHECK(rig.at(3600s, 1000, 0) == "off 1000 100000");
  CHECK(rig.at(3599s, 9000, 0) == "passed! 9000 -100000");
}

TEST_CASE("hour alarm: another limit is the limit from now on") {
  Rig rig;
  CHECK(rig.at(30min, 2500, 6000).starts_with("projected!"));
  rig.alarm.set_limit(7000);
  CHECK(rig.at(36min, 2700, 6000).starts_with("off 5100"));
  rig.alarm.set_limit(2000);
  CHECK(rig.at(37min, 2800, 6000).starts_with("passed!"));
}

TEST_CASE("hour alarm: an hour that is not known has no alarm") {
  Rig rig;
  rig.at(30min, 2500, 6000);
  const auto figures = rig.alarm.unknown(noon);
  CHECK(figures.state == HourAlarm::State::off);
  CHECK_FALSE(figures.projected_wh);
  SUBCASE("what had passed stays passed until the hour ends") {
    rig.at(40min, 5500, 6000);
    CHECK(rig.alarm.unknown(noon).state == HourAlarm::State::passed);
    CHECK(rig.alarm.unknown(noon + 1h).state == HourAlarm::State::off);
  }
}

TEST_CASE("mean power: of the last two minutes, weighted by time") {
  MeanPower mean;
  CHECK_FALSE(mean.milliwatts());
  Mono now{50h};
  CHECK(mean_of(mean, now, 1000, 10s) == 1000);
  CHECK(mean_of(mean, now, 1000, 10min) == 1000);
  // A kettle for twenty seconds of the last two minutes, and half a step up to it.
  CHECK(mean_of(mean, now, 3000, 20s) == 1250);
  CHECK(mean_of(mean, now, 1000, 10min) == 1000);
}

TEST_CASE("mean power: after a gap it begins anew") {
  MeanPower mean;
  Mono now{50h};
  mean_of(mean, now, 9000, 5min);
  now += 10min;
  CHECK(mean_of(mean, now, 500, 10s) == 500);
  mean.forget();
  CHECK_FALSE(mean.milliwatts());
}

TEST_CASE("mean power: it fits for ever") {
  MeanPower mean;
  Mono now{50h};
  for (int n = 0; n < 100'000; ++n) mean.add(100'000'000'000, now += 60s);
  CHECK(mean.milliwatts() == 100'000'000'000);
}
