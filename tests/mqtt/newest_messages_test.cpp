// The newest message of each topic, from one thread to another.
#include "mqtt/newest_messages.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace gridtap::mqtt;

namespace {

Received message(std::string topic, std::string payload, bool retained = false) {
  return {1, std::move(topic), std::move(payload), retained};
}

}  // namespace

TEST_CASE("newest messages: the newest of a topic replaces the one before it") {
  NewestMessages newest;
  CHECK(newest.take().empty());
  CHECK(newest.put(message("a", "1")) == 0);
  CHECK(newest.put(message("b", "1")) == 0);
  CHECK(newest.put(message("a", "2")) == 1);
  CHECK(newest.put(message("a", "", true)) == 0);
  const auto taken = newest.take();
  REQUIRE(taken.size() == 3);
  CHECK(taken[0].topic + taken[0].payload == "a2");
  CHECK(taken[1].topic + taken[1].payload == "b1");
  CHECK(taken[2].retained);
  CHECK(newest.take().empty());
}

TEST_CASE("newest messages: they are announced once until they are taken") {
  NewestMessages newest;
  newest.put(message("a", "1"));
  CHECK(newest.should_announce());
  newest.put(message("a", "2"));
  CHECK_FALSE(newest.should_announce());
  newest.take();
  newest.put(message("a", "3"));
  CHECK(newest.should_announce());
}

TEST_CASE("newest messages: there is room for a limited number of topics") {
  NewestMessages newest;
  for (std::size_t n = 0; n < NewestMessages::most_topics; ++n) {
    CHECK(newest.put(message(std::to_string(n), "1")) == 0);
  }
  CHECK(newest.put(message("one more", "1")) == 1);
  CHECK(newest.put(message("7", "2")) == 1);
  CHECK(newest.take()[7].payload == "2");
}

// One thread puts, this one takes whenever it is told to; what is the last must be seen.
TEST_CASE("newest messages: beside a thread that puts, the last one is never lost") {
  for (int round = 0; round < 50; ++round) {
    NewestMessages newest;
    std::atomic<int> told{0};
    std::atomic<bool> done{false};
    std::thread from([&] {
      for (int n = 1; n <= 2000; ++n) {
        newest.put(message("t", std::to_string(n)));
        if (newest.should_announce()) ++told;
      }
      done = true;
    });
    int last = 0, takes = 0;
    while (!done || takes < told) {
      if (takes == told) continue;
      ++takes;
      for (const Received& each : newest.take()) {
        CHECK(std::stoi(each.payload) > last);
        last = std::stoi(each.payload);
      }
    }
    from.join();
    CHECK(last == 2000);
  }
}
