#include "core/zone.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace gridtap;
using namespace std::chrono_literals;
using std::chrono::year;

namespace {

Zone oslo() {
  const auto zone = Zone::named("Europe/Oslo");
  REQUIRE(zone);
  return *zone;
}

LocalSeconds local(std::chrono::year_month_day day, std::chrono::seconds time) {
  return std::chrono::local_days{day} + time;
}

std::string resolved(const Zone& zone, LocalSeconds time, std::optional<Instant> near = {}) {
  return to_text(Value{zone.resolve(time, near)});
}

// 2026: summer begins on 29 March, and ends on 25 October, each at 01:00 UTC.
constexpr std::chrono::year_month_day spring = year{2026} / 3 / 29;
constexpr std::chrono::year_month_day autumn = year{2026} / 10 / 25;

}  // namespace

TEST_CASE("zone: a zone that the system does not know is nothing") {
  for (const char* name :
       {"Europe/Atlantis", "europe/oslo", "../../etc/passwd", "Europe/", " ", "Europe/Oslo "}) {
    CHECK_FALSE(Zone::named(name));
  }
}

TEST_CASE("zone: a known zone has its name, and the host has one too") {
  CHECK(oslo().name() == "Europe/Oslo");
  CHECK(Zone::named("").has_value());
}

TEST_CASE("zone: the offset follows summer time, second by second") {
  const Zone zone = oslo();
  const Instant begins = std::chrono::sys_days{spring} + 1h;
  const Instant ends = std::chrono::sys_days{autumn} + 1h;
  CHECK(zone.offset_at(begins - 1s) == 60min);
  CHECK(zone.offset_at(begins) == 120min);
  CHECK(zone.offset_at(ends - 1s) == 120min);
  CHECK(zone.offset_at(ends) == 60min);
}

TEST_CASE("zone: zones of other hours and of none are as good") {
  const Instant noon = std::chrono::sys_days{year{2026} / 7 / 1} + 12h;
  const std::vector<std::pair<const char*, std::chrono::minutes>> zones = {
      {"UTC", 0min},
      {"Asia/Kathmandu", 345min},
      {"America/St_Johns", -150min},
      {"Europe/London", 60min},
      {"Asia/Jerusalem", 180min}};
  for (const auto& [name, offset] : zones) {
    const auto zone = Zone::named(name);
    REQUIRE(zone);
    CHECK(zone->offset_at(noon) == offset);
  }
}

TEST_CASE("zone: a local time outside the changes is one instant") {
  const Zone zone = oslo();
  CHECK(resolved(zone, local(year{2026} / 1 / 15, 12h)) == "2026-01-15T12:00:00+01:00");
  CHECK(resolved(zone, local(year{2026} / 7 / 15, 12h)) == "2026-07-15T12:00:00+02:00");
}

TEST_CASE("zone: in the doubled hour of autumn the nearer of two instants is meant") {
  const Zone zone = oslo();
  const LocalSeconds doubled = local(autumn, 2h + 30min);
  const Instant summer = std::chrono::sys_days{autumn} + 30min;
  const Instant winter = summer + 1h;
  CHECK(resolved(zone, doubled) == "2026-10-25T02:30:00+02:00");
  CHECK(resolved(zone, doubled, summer + 29min) == "2026-10-25T02:30:00+02:00");
  CHECK(resolved(zone, doubled, winter - 29min) == "2026-10-25T02:30:00+01:00");
  CHECK(resolved(zone, doubled, winter + 24h) == "2026-10-25T02:30:00+01:00");
  CHECK(zone.resolve(doubled, winter).instant == winter);
}

TEST_CASE("zone: the missing hour of spring is read as if the clock had not been moved") {
  const Timestamp missing = oslo().resolve(local(spring, 2h + 30min), {});
  CHECK(missing.instant == std::chrono::sys_days{spring} + 1h + 30min);
  CHECK(missing.offset == 60min);
}
