// How long a frame keeps its device online.
#include "parts/lease.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

Lease lease() { return Lease({35s, 10s, 60s}); }

}  // namespace

TEST_CASE("lease: three periods, once the period is known with the second frame") {
  Lease online = lease();
  CHECK(online.renew(Mono{10s}) == 35s);
  CHECK(online.renew(Mono{20s}) == 30s);
  CHECK(online.renew(Mono{30s}) == 30s);
}

TEST_CASE("lease: at least 10 s for a meter that sends every second") {
  Lease online = lease();
  online.renew(Mono{10s});
  CHECK(online.renew(Mono{11s}) == 10s);
}

TEST_CASE("lease: one lost frame doubles an interval, not the period") {
  Lease online = lease();
  online.renew(Mono{10s});
  online.renew(Mono{20s});
  CHECK(online.renew(Mono{40s}) == 30s);
  CHECK(online.renew(Mono{60s}) == 60s);  // twice: it is so
}

TEST_CASE("lease: frames at once and long pauses do not count") {
  Lease online = lease();
  online.renew(Mono{10s});
  CHECK(online.renew(Mono{10s}) == 35s);
  CHECK(online.renew(Mono{15s}) == 15s);
  CHECK(online.renew(Mono{100s}) == 15s);
}

TEST_CASE("lease: a line that was closed is no interval") {
  Lease online = lease();
  online.renew(Mono{10s});
  online.interrupt();
  CHECK(online.renew(Mono{50s}) == 35s);
  CHECK(online.renew(Mono{55s}) == 15s);
}
