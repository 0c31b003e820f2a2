#include "mqtt/errands.hpp"

#include <doctest/doctest.h>

#include "mqtt/quiet_log.hpp"
#include "support/fake_broker.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;
using namespace std::chrono_literals;

TEST_CASE("errands: they go out once, in order, as the broker has room") {
  FakeBroker broker;
  broker.connected = true;
  broker.room = 2;
  Errands errands;
  errands.add("a", "1", false);
  errands.empty("b");
  errands.add("c", "3", true);
  CHECK_FALSE(errands.flush(broker));
  CHECK_FALSE(errands.done());
  broker.room = 5;
  CHECK(errands.flush(broker));
  CHECK(errands.done());
  REQUIRE(broker.published.size() == 3);
  CHECK(broker.published[0].topic == "a");
  CHECK_FALSE(broker.published[0].retain);
  CHECK(broker.published[1].payload.empty());
  CHECK(broker.published[1].retain);
  CHECK(broker.published[2].payload == "3");
  CHECK(errands.flush(broker));
  CHECK(broker.published.size() == 3);
}

TEST_CASE("errands: without a broker they wait, and no more than the limit") {
  FakeBroker broker;
  Errands errands;
  for (std::size_t n = 0; n < Errands::max_waiting + 100; ++n) errands.empty("t");
  CHECK_FALSE(errands.flush(broker));
  broker.connected = true;
  CHECK(errands.flush(broker));
  CHECK(broker.published.size() == Errands::max_waiting);
}

TEST_CASE("quiet line: a flood is one line a minute, with the number of those left out") {
  MemoryLog log;
  QuietLine line(log);
  for (int second = 0; second < 60; ++second) {
    line.write(Level::warning, "meter", "again", {Mono{} + std::chrono::seconds(second), {}});
  }
  CHECK(log.lines == std::vector<std::string>{"warning meter: again"});
  line.write(Level::warning, "meter", "again", {Mono{} + 60s, {}});
  REQUIRE(log.lines.size() == 2);
  CHECK(log.lines[1] == "warning meter: again (and 59 more like it)");
  line.write(Level::warning, "meter", "again", {Mono{} + 10min, {}});
  CHECK(log.lines[2] == "warning meter: again");
}
