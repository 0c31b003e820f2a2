// Whatever a zone does with its clock: an instant that becomes local time is found again.
#include <doctest/doctest.h>

#include "core/zone.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using std::chrono::year;

namespace {

// Summer time forward and backward, by half an hour, never, given up, across the date line, and
// zones whose winter is the exception.
constexpr const char* names[] = {
    "Europe/Amsterdam",    "Europe/Dublin",     "America/New_York",
    "Australia/Lord_Howe", "Asia/Kolkata",      "Asia/Tehran",
    "Pacific/Apia",        "Africa/Casablanca", "UTC",
    "America/Sao_Paulo",   "Pacific/Chatham",   "Antarctica/Troll",
    "Asia/Kathmandu",      "America/St_Johns",  "Europe/Vilnius",
    "Europe/Luxembourg",
};

LocalSeconds local_of(const Zone& zone, Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  return LocalSeconds{seconds.time_since_epoch() + zone.offset_at(instant)};
}

Zone zone_of(const char* name) {
  const auto zone = Zone::named(name);
  REQUIRE_MESSAGE(zone, name);
  return *zone;
}

}  // namespace

TEST_CASE("zone laws: every half hour of two years comes back from local time, told what is near") {
  for (const char* name : names) {
    CAPTURE(name);
    const Zone zone = zone_of(name);
    const Instant begin = std::chrono::sys_days{year{2025} / 1 / 1};
    for (Instant at = begin; at < begin + 24h * 730; at += 30min) {
      const Timestamp found = zone.resolve(local_of(zone, at), at);
      if (found.instant == at) continue;
      CAPTURE(to_text(Value{found}));
      CHECK(found.instant == at);
    }
  }
}

TEST_CASE("zone laws: without what is near the first of two instants is meant, never another") {
  for (const char* name : names) {
    CAPTURE(name);
    const Zone zone = zone_of(name);
    const Instant begin = std::chrono::sys_days{year{2026} / 1 / 1};
    std::size_t doubled = 0;
    for (Instant at = begin; at < begin + 24h * 365; at += 30min) {
      const Timestamp found = zone.resolve(local_of(zone, at), {});
      CHECK(found.instant <= at);
      CHECK(local_of(zone, found.instant) == local_of(zone, at));
      doubled += found.instant < at;
    }
    CHECK(doubled <= 4);  // half hours of one autumn; Troll has two hours of it
  }
}

TEST_CASE("zone laws: the offset of a local time is that of the instant") {
  for (const char* name : names) {
    CAPTURE(name);
    const Zone zone = zone_of(name);
    const Instant begin = std::chrono::sys_days{year{2026} / 1 / 1};
    for (Instant at = begin; at < begin + 24h * 365; at += 7h + 13min) {
      const Timestamp found = zone.resolve(local_of(zone, at), at);
      CHECK(found.offset == zone.offset_at(found.instant));
    }
  }
}

TEST_CASE("zone laws: local time of any second is some instant, that of spring too") {
  const Zone zone = zone_of("Europe/Amsterdam");
  const LocalSeconds begin{std::chrono::local_days{year{2026} / 3 / 29}.time_since_epoch()};
  Instant before = zone.resolve(begin - 1s, {}).instant;
  for (LocalSeconds at = begin; at < begin + 24h; at += 1min) {
    const Instant found = zone.resolve(at, {}).instant;
    const bool missing = at >= begin + 2h && at < begin + 3h;
    if (!missing && at != begin + 3h) CHECK(found > before);
    before = found;
  }
}

TEST_CASE("zone laws: years far away have an offset, and nothing breaks") {
  for (const char* name : names) {
    const Zone zone = zone_of(name);
    for (const int when : {1971, 2038, 2100, 2400}) {
      const Instant noon = std::chrono::sys_days{year{when} / 7 / 1} + 12h;
      CHECK(zone.offset_at(noon) >= -14h);
      CHECK(zone.offset_at(noon) <= 14h);
      CHECK(zone.resolve(local_of(zone, noon), noon).instant == noon);
    }
  }
}
