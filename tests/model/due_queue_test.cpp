#include "model/due_queue.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace gridtap;
using gridtap::model::DueQueue;
using namespace std::chrono_literals;

namespace {

using Indexes = std::vector<std::size_t>;

Mono at(std::int64_t second) { return Mono{} + std::chrono::seconds(second); }

Indexes taken(DueQueue& queue, Mono now) {
  Indexes out;
  queue.take(now, out);
  return out;
}

}  // namespace

TEST_CASE("due queue: an empty one has nothing due, ever") {
  DueQueue queue;
  CHECK(queue.next() == Mono::max());
  CHECK(queue.due(7) == Mono::max());
  CHECK(taken(queue, Mono::max() - 1s).empty());
}

TEST_CASE("due queue: what is due is taken out in the order of the indexes, the rest stays") {
  DueQueue queue;
  queue.set(5, at(1));
  queue.set(2, at(3));
  queue.set(9, at(2));
  queue.set(1, at(4));
  CHECK(queue.next() == at(1));
  CHECK(taken(queue, at(3)) == Indexes{2, 5, 9});
  CHECK(queue.next() == at(4));
  CHECK(queue.due(5) == Mono::max());
}

TEST_CASE("due queue: a time can be moved both ways, and hastened only forward") {
  DueQueue queue;
  queue.set(1, at(10));
  queue.set(2, at(20));
  queue.set(1, at(30));
  CHECK(queue.next() == at(20));
  queue.hasten(2, at(25));
  CHECK(queue.due(2) == at(20));
  queue.hasten(1, at(5));
  CHECK(queue.next() == at(5));
  queue.set(1, Mono::max());
  CHECK(queue.next() == at(20));
  queue.set(1, Mono::max());  // twice is once
  CHECK(taken(queue, at(99)) == Indexes{2});
}

TEST_CASE("due queue: thousands of random moves agree with a plain table") {
  std::minstd_rand random(7);
  DueQueue queue;
  std::map<std::size_t, Mono> table;
  for (int n = 0; n < 20'000; ++n) {
    const std::size_t index = random() % 100;
    const Mono due = at(static_cast<std::int64_t>(random() % 1000));
    if (random() % 4 == 0) {
      queue.set(index, Mono::max());
      table.erase(index);
    } else {
      queue.set(index, due);
      table[index] = due;
    }
    Mono next = Mono::max();
    for (const auto& [each, its_due] : table) next = std::min(next, its_due);
    REQUIRE(queue.next() == next);
    if (random() % 50 != 0) continue;
    Indexes expected;
    for (const auto& [each, its_due] : table) {
      if (its_due <= at(500)) expected.push_back(each);
    }
    for (const std::size_t each : expected) table.erase(each);
    REQUIRE(taken(queue, at(500)) == expected);
  }
}
