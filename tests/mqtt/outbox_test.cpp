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
