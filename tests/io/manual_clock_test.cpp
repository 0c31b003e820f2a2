#include "io/manual_clock.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("manual clock: timers fire in the order of their due times, at their times") {
  io::ManualClock clock;
  const Mono start = clock.now().mono;
  std::string fired;
  const auto late = clock.timer([&] { fired += clock.now().mono == start + 20s ? "late " : "? "; });
  const auto soon = clock.timer([&] { fired += clock.now().mono == start + 10s ? "soon " : "? "; });
  late->set(start + 20s);
  soon->set(start + 10s);
  clock.advance(15s);
  CHECK(fired == "soon ");
  clock.advance(15s);
  CHECK(fired == "soon late ");
}

TEST_CASE("manual clock: setting a timer anew replaces what was set, and max() turns it off") {
  io::ManualClock clock;
  int fired = 0;
  const auto timer = clock.timer([&] { ++fired; });
  timer->set(clock.now().mono + 1s);
  timer->set(clock.now().mono + 5s);
  clock.advance(4s);
  CHECK(fired == 0);
  timer->set(Mono::max());
  clock.advance(1h);
  CHECK(fired == 0);
}

TEST_CASE("manual clock: a timer may be set again while it fires") {
  io::ManualClock clock;
  int fired = 0;
  std::unique_ptr<Timer> timer;
  timer = clock.timer([&] {
    if (++fired < 3) timer->set(clock.now().mono + 1s);
  });
  timer->set(clock.now().mono + 1s);
  clock.advance(1min);
  CHECK(fired == 3);
}

TEST_CASE("manual clock: the time of day runs along where there is one") {
  const Instant noon{std::chrono::milliseconds{1'795'000'000'000}};
  io::ManualClock clock(noon);
  clock.advance(90s);
  CHECK(clock.now().wall == noon + 90s);
  CHECK_FALSE(io::ManualClock().now().wall);
}

TEST_CASE("manual clock: it never runs backwards") {
  io::ManualClock clock;
  const Mono start = clock.now().mono;
  clock.advance(10s);
  clock.advance_to(start);
  CHECK(clock.now().mono == start + 10s);
}
