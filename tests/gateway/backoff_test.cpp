#include "gateway/backoff.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("backoff: each delay doubles up to the longest, with at most a fifth of jitter") {
  Backoff backoff(1s, 5s, 42);
  for (const auto base : {1000ms, 2000ms, 4000ms, 5000ms, 5000ms}) {
    const auto delay = backoff.next();
    CHECK(delay >= base);
    CHECK(delay <= base + base / 5);
  }
}

TEST_CASE("backoff: a reset begins with the first delay again") {
  Backoff backoff(1s, 60s, 7);
  for (int n = 0; n < 10; ++n) static_cast<void>(backoff.next());
  backoff.reset();
  CHECK(backoff.next() <= 1200ms);
}

TEST_CASE("backoff: a device that turns us away is asked less and less often") {
  Backoff backoff(1s, 5s, 7);
  std::chrono::milliseconds last{};
  for (int n = 0; n < 10; ++n) last = backoff.next_up_to(60s);
  CHECK(last >= 60s);
  CHECK(last <= 72s);
}

TEST_CASE("backoff: two seeds do not come back at the same instant") {
  Backoff one(1s, 5s, 1), other(1s, 5s, 2);
  bool differ = false;
  for (int n = 0; n < 5; ++n) differ = differ || one.next() != other.next();
  CHECK(differ);
}
