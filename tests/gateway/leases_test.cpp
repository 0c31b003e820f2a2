#include "gateway/leases.hpp"

#include <doctest/doctest.h>

#include "model/devices.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {
constexpr Mono at(std::chrono::seconds since) { return Mono{} + since; }
}  // namespace

TEST_CASE("leases: what is not renewed ends, each channel for itself") {
  Leases leases;
  REQUIRE(leases.set("", at(30s)));
  REQUIRE(leases.set("1", at(10s)));
  CHECK(leases.next_end() == at(10s));
  CHECK_FALSE(leases.take_ended(at(9s)));
  CHECK(leases.take_ended(at(10s)) == "1");
  CHECK_FALSE(leases.take_ended(at(10s)));
  CHECK(leases.next_end() == at(30s));
}

TEST_CASE("leases: renewing moves the end") {
  Leases leases;
  REQUIRE(leases.set("", at(10s)));
  REQUIRE(leases.set("", at(20s)));
  CHECK_FALSE(leases.take_ended(at(10s)));
  CHECK(leases.take_ended(at(20s)) == "");
}

TEST_CASE("leases: children go offline before their device") {
  Leases leases;
  REQUIRE(leases.set("", at(1s)));
  REQUIRE(leases.set("1", at(1s)));
  REQUIRE(leases.set("2", at(1s)));
  CHECK(leases.take_ended(at(1s)) != "");
  CHECK(leases.take_ended(at(1s)) != "");
  CHECK(leases.take_ended(at(1s)) == "");
}

TEST_CASE("leases: a wire that names channels without end is bounded, and set() returns false") {
  Leases leases;
  std::size_t taken = 0;
  for (std::size_t n = 0; n < 10 * Leases::max_channels; ++n) {
    if (leases.set(std::to_string(n), at(1s))) ++taken;
  }
  CHECK(taken == Leases::max_channels);
  CHECK(leases.set("", at(1s)));
  CHECK(leases.set("0", at(1s)));
  CHECK_FALSE(leases.set("64", at(1s)));
  leases.end("0");
  CHECK(leases.set("64", at(1s)));
  std::size_t ended = 0;
  while (leases.take_ended(at(1s))) ++ended;
  CHECK(ended == Leases::max_channels + 1);
}

TEST_CASE("leases: there is one for each channel that the model shows") {
  static_assert(Leases::max_channels == model::max_channels);
  Leases leases;
  REQUIRE(leases.set("", at(1s)));
  for (std::size_t n = 0; n < model::max_channels; ++n) {
    CHECK(leases.set(std::to_string(n), at(1s)));
  }
}
