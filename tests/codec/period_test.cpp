#include "codec/period.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("period: known with the second frame") {
  Period period(60s);
  CHECK_FALSE(period.learn(Mono{10s}));
  CHECK(period.learn(Mono{20s}) == 10s);
  CHECK(period.learn(Mono{30s}) == 10s);
}

TEST_CASE("period: one lost frame doubles an interval, not the period") {
  Period period(60s);
  period.learn(Mono{10s});
  period.learn(Mono{20s});
  CHECK(period.learn(Mono{40s}) == 10s);
  CHECK(period.learn(Mono{60s}) == 20s);  // twice: it is so
}

TEST_CASE("period: frames at once and long pauses say nothing") {
  Period period(60s);
  period.learn(Mono{10s});
  CHECK_FALSE(period.learn(Mono{10s}));
  CHECK(period.learn(Mono{15s}) == 5s);
  CHECK(period.learn(Mono{100s}) == 5s);
}

TEST_CASE("period: a line that was closed is no interval") {
  Period period(60s);
  period.learn(Mono{10s});
  period.interrupt();
  CHECK_FALSE(period.learn(Mono{50s}));
  CHECK(period.learn(Mono{52s}) == 2s);
}
