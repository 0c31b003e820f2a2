// The machine's clock and its timers on the loop.
#include "io/system_clock.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("clock: a fast one runs both times faster, and its timers come sooner") {
  io::Loop loop;
  io::SystemClock clock(loop, 1000);
  const Now start = clock.now();
  const auto timer = clock.timer([&] { loop.stop(); });
  timer->set(start.mono + 100s);
  loop.run();
  const Now end = clock.now();
  CHECK(end.mono >= start.mono + 100s);
  CHECK(*end.wall - *start.wall >= 100s);
  CHECK(end.mono < start.mono + 1h);
}

TEST_CASE("clock: a timer that is gone, or off, does not fire") {
  io::Loop loop;
  io::SystemClock clock(loop);
  bool fired = false;
  auto gone = clock.timer([&] { fired = true; });
  gone->set(clock.now().mono);
  gone.reset();
  const auto off = clock.timer([&] { fired = true; });
  off->set(clock.now().mono);
  off->set(Mono::max());
  const auto end = clock.timer([&] { loop.stop(); });
  end->set(clock.now().mono + 20ms);
  loop.run();
  CHECK_FALSE(fired);
}

TEST_CASE("clock: timers fire in the order of their times, not of their being set") {
  io::Loop loop;
  io::SystemClock clock(loop);
  std::string fired;
  const Mono start = clock.now().mono;
  const auto last = clock.timer([&] { loop.stop(); });
  const auto late = clock.timer([&] { fired += "late "; });
  const auto soon = clock.timer([&] { fired += "soon "; });
  last->set(start + 90ms);
  late->set(start + 60ms);
  soon->set(start + 30ms);
  loop.run();
  CHECK(fired == "soon late ");
}

TEST_CASE("clock: a time that is past already is due at once, and once") {
  io::Loop loop;
  io::SystemClock clock(loop);
  int fired = 0;
  const auto timer = clock.timer([&] { ++fired; });
  timer->set(clock.now().mono - 1h);
  const auto end = clock.timer([&] { loop.stop(); });
  end->set(clock.now().mono + 20ms);
  loop.run();
  CHECK(fired == 1);
}

TEST_CASE("clock: setting a timer anew replaces what was set, earlier or later") {
  io::Loop loop;
  io::SystemClock clock(loop);
  int fired = 0;
  const auto timer = clock.timer([&] { ++fired; });
  timer->set(clock.now().mono);
  timer->set(clock.now().mono + 1h);
  const auto end = clock.timer([&] { loop.stop(); });
  end->set(clock.now().mono + 20ms);
  loop.run();
  CHECK(fired == 0);
  timer->set(clock.now().mono);
  timer->set(clock.now().mono);
  end->set(clock.now().mono + 20ms);
  loop.run();
  CHECK(fired == 1);
}

TEST_CASE("clock: a timer may be set again, or end, while it fires") {
  io::Loop loop;
  io::SystemClock clock(loop);
  int fired = 0;
  std::unique_ptr<Timer> timer;
  timer = clock.timer([&] {
    if (++fired < 3) return timer->set(clock.now().mono);
    timer.reset();
    loop.stop();
  });
  timer->set(clock.now().mono);
  loop.run();
  CHECK(fired == 3);
  CHECK(timer == nullptr);
}

TEST_CASE("clock: what a timer ends while it is due does not fire any more") {
  io::Loop loop;
  io::SystemClock clock(loop);
  bool fired = false;
  std::unique_ptr<Timer> second = clock.timer([&] { fired = true; });
  const auto first = clock.timer([&] { second->set(Mono::max()); });
  const auto end = clock.timer([&] { loop.stop(); });
  const Mono due = clock.now().mono + 10ms;
  first->set(due);
  second->set(due + 1ns);
  end->set(due + 30ms);
  loop.run();
  CHECK_FALSE(fired);
}
