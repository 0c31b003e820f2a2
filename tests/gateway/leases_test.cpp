#include "gateway/leases.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {
constexpr Mono at(std::chrono::seconds since) { return Mono{} + since; }
}  // namespace

TEST_CASE("leases: what is not renewed ends, each channel for itself") {
  Leases leases;
  leases.set("", at(30s));
  leases.set("1", at(10s));
  CHECK(leases.next_end() == at(10s));
  CHECK_FALSE(leases.take_ended(at(9s)));
  CHECK(leases.take_ended(at(10s)) == "1");
  CHECK_FALSE(leases.take_ended(at(10s)));
  CHECK(leases.next_end() == at(30s));
}

TEST_CASE("leases: renewing moves the end") {
  Leases leases;
  leases.set("", at(10s));
  leases.set("", at(20s));
  CHECK_FALSE(leases.take_ended(at(10s)));
  CHECK(leases.take_ended(at(20s)) == "");
}

TEST_CASE("leases: children go offline before their device") {
  Leases leases;
  leases.set("", at(1s));
  leases.set("1", at(1s));
  leases.set("2", at(1s));
  CHECK(leases.take_ended(at(1s)) != "");
  CHECK(leases.take_ended(at(1s)) != "");
  CHECK(leases.take_ended(at(1s)) == "");
}

TEST_CASE("leases: a wire that names channels without end is bounded") {
  Leases leases;
  for (std::size_t n = 0; n < 10 * Leases::max_channels; ++n) leases.set(std::to_string(n), at(1s));
  std::size_t ended = 0;
  while (leases.take_ended(at(1s))) ++ended;
  CHECK(ended == Leases::max_channels);
}
