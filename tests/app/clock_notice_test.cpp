// What the log says of a machine whose clock has not been set.

#include "app/clock_notice.hpp"

#include <doctest/doctest.h>

#include "io/manual_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;

TEST_CASE("clock: one that is not set is noticed at the start") {
  MemoryLog log;
  app::notice_clock(io::ManualClock(), log);
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0].find("the clock of this machine is not set") != std::string::npos);
}

TEST_CASE("clock: one that is set is nothing to talk about") {
  MemoryLog log;
  app::notice_clock(
      io::ManualClock(Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29}}), log);
  CHECK(log.lines.empty());
}
