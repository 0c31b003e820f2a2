#include "mqtt/outbox.hpp"

#include <doctest/doctest.h>

#include "support/fake_broker.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

TEST_CASE("outbox: they go out once, in order, as the broker has room") {
  FakeBroker broker;
  broker.connected = true;
  broker.room = 2;
  Outbox outbox;
  outbox.add("a", "1", false);
  outbox.empty("b");
  outbox.add("c", "3", true);
  CHECK_FALSE(outbox.flush(broker));
  CHECK_FALSE(outbox.done());
  broker.room = 5;
  CHECK(outbox.flush(broker));
  CHECK(outbox.done());
  REQUIRE(broker.published.size() == 3);
  CHECK(broker.published[0].topic == "a");
  CHECK_FALSE(broker.published[0].retain);
  CHECK(broker.published[1].payload.empty());
  CHECK(broker.published[1].retain);
  CHECK(broker.published[2].payload == "3");
  CHECK(outbox.flush(broker));
  CHECK(broker.published.size() == 3);
}

TEST_CASE("outbox: without a broker they wait, and no more than the limit") {
  FakeBroker broker;
  Outbox outbox;
  for (std::size_t n = 0; n < Outbox::max_waiting + 100; ++n) outbox.empty("t");
  CHECK_FALSE(outbox.flush(broker));
  broker.connected = true;
  CHECK(outbox.flush(broker));
  CHECK(broker.published.size() == Outbox::max_waiting);
  CHECK(outbox.dropped() == 100);
}

TEST_CASE("outbox: with room for one message at a time nothing is sent twice or left out") {
  FakeBroker broker;
  broker.connected = true;
  Outbox outbox;
  for (int n = 0; n < 100; ++n) outbox.add("t" + std::to_string(n), "x", n % 2 == 0);
  for (int n = 0; n < 100; ++n) {
    CHECK_FALSE(outbox.done());
    broker.room = 1;
    CHECK(outbox.flush(broker) == (n == 99));
  }
  REQUIRE(broker.published.size() == 100);
  for (std::size_t n = 0; n < 100; ++n) {
    CHECK(broker.published[n].topic == "t" + std::to_string(n));
    CHECK(broker.published[n].retain == (n % 2 == 0));
    CHECK(broker.published[n].qos == 1);
  }
  CHECK(outbox.dropped() == 0);
}

TEST_CASE("outbox: what comes while it is full is dropped, what comes after is not") {
  FakeBroker broker;
  broker.connected = true;
  Outbox outbox;
  for (std::size_t n = 0; n < Outbox::max_waiting; ++n) outbox.empty("old");
  outbox.empty("lost");
  broker.room = 1;
  CHECK_FALSE(outbox.flush(broker));
  outbox.empty("kept");
  broker.room = FakeBroker::endless;
  CHECK(outbox.flush(broker));
  CHECK(outbox.dropped() == 1);
  CHECK(broker.published.back().topic == "kept");
  CHECK(broker.on("lost").empty());
}
