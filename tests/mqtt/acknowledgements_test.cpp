#include "mqtt/acknowledgements.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::mqtt;
using namespace std::chrono_literals;

namespace {

Mono at(std::chrono::milliseconds time) { return Mono{} + 1h + time; }

}  // namespace

TEST_CASE(
    "acknowledgements: there is room for as many as the window has, and again after answers") {
  Acknowledgements acks(at(0s), 10s, 2);
  CHECK(acks.room());
  acks.sent(at(0s));
  CHECK(acks.room());
  acks.sent(at(0s));
  CHECK_FALSE(acks.room());
  acks.answered(at(1s));
  CHECK(acks.room());
  CHECK(acks.in_flight() == 1);
}

TEST_CASE("acknowledgements: an unexpected answer changes no count") {
  Acknowledgements acks(at(0s), 10s, 2);
  acks.answered(at(1s));
  CHECK(acks.in_flight() == 0);
}

TEST_CASE("acknowledgements: after a period without any, a sign of life is due") {
  Acknowledgements acks(at(0s), 10s, 20);
  CHECK_FALSE(acks.probe_due(at(9s)));
  CHECK(acks.probe_due(at(10s)));
  CHECK(acks.next() == at(10s));
  acks.sent(at(10s));
  CHECK_FALSE(acks.probe_due(at(25s)));  // it is on its way
  acks.answered(at(26s));
  CHECK(acks.next() == at(36s));
}

TEST_CASE("acknowledgements: two periods of silence with something on its way are a loss") {
  Acknowledgements acks(at(0s), 10s, 20);
  CHECK_FALSE(acks.lost(at(1h)));  // nothing is expected
  acks.sent(at(1h));
  CHECK_FALSE(acks.lost(at(1h + 19s)));
  CHECK(acks.next() == at(1h + 20s));
  CHECK(acks.lost(at(1h + 20s)).value_or("").find("acknowledges nothing") != std::string::npos);
}

TEST_CASE("acknowledgements: a slow broker that goes on acknowledging is not lost") {
  Acknowledgements acks(at(0s), 10s, 20);
  for (int n = 0; n < 20; ++n) acks.sent(at(0s));
  for (int n = 1; n < 20; ++n) {
    acks.answered(at(n * 15s));
    CHECK_FALSE(acks.lost(at(n * 15s + 14s)));
  }
}

TEST_CASE("acknowledgements: two periods in which nothing is taken are a loss") {
  Acknowledgements acks(at(0s), 10s, 20);
  acks.refused(at(5s));
  acks.refused(at(20s));
  CHECK_FALSE(acks.lost(at(24s)));
  CHECK(acks.lost(at(25s)));
  acks.taken();
  CHECK_FALSE(acks.lost(at(25s)));
}

TEST_CASE("acknowledgements: the sleep of the machine is no silence of the broker") {
  Acknowledgements acks(at(0s), 10s, 20);
  acks.sent(at(0s));
  acks.refused(at(0s));
  acks.forgive(at(2h));
  CHECK_FALSE(acks.lost(at(2h + 19s)));
  CHECK(acks.lost(at(2h + 20s)));
}
