// Commands on their way to a device.
#include "parts/pending_writes.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;
using namespace std::chrono_literals;

using Writes = PendingWrites<std::string>;

TEST_CASE("pending writes: one after another, and no more than a few wait") {
  Writes writes;
  CHECK(writes.empty());
  for (std::size_t n = 0; n < Writes::limit; ++n) CHECK(writes.push(std::to_string(n)));
  CHECK_FALSE(writes.push("one too many"));
  CHECK(writes.first() == "0");
  CHECK(writes.take() == "0");
  CHECK(writes.first() == "1");
  CHECK(writes.push("room again"));
}

TEST_CASE("pending writes: the newest for one thing takes the place of what waits for it") {
  Writes writes;
  const auto push = [&](std::string text) {
    const auto same = [of = text[0]](const std::string& older) { return older[0] == of; };
    return writes.push(std::move(text), same);
  };
  for (const char* text : {"a1", "a2", "b1", "a3", "a4"}) CHECK(push(text));
  CHECK(writes.take() == "a1");  // under way: never replaced
  CHECK(writes.take() == "a4");
  CHECK(writes.take() == "b1");
  CHECK(writes.empty());
  for (std::size_t n = 0; n < Writes::limit; ++n) CHECK(push(std::string(1, char('a' + n))));
  CHECK(push("b2"));
  CHECK_FALSE(push("z"));
}

TEST_CASE("pending writes: an acknowledgement is no proof, it is read back three times") {
  Writes writes;
  CHECK(writes.push("limit"));
  CHECK(writes.due() == Mono{});
  CHECK_FALSE(writes.is_acknowledged());
  writes.acknowledged(Mono{10s});
  CHECK(writes.is_acknowledged());
  CHECK(writes.due() == Mono{10s});
  CHECK(writes.read_again(Mono{11s}));
  CHECK(writes.due() == Mono{11s});
  CHECK(writes.read_again(Mono{12s}));
  CHECK_FALSE(writes.read_again(Mono{13s}));
}

TEST_CASE("pending writes: the next one begins as if there had been none before it") {
  Writes writes;
  CHECK(writes.push("first"));
  CHECK(writes.push("second"));
  writes.acknowledged(Mono{10s});
  CHECK(writes.take() == "first");
  CHECK_FALSE(writes.is_acknowledged());
  CHECK(writes.due() == Mono{});
  writes.acknowledged(Mono{20s});
  CHECK(writes.read_again(Mono{21s}));
}

TEST_CASE("pending writes: nothing is due while a request is under way, or none waits") {
  Writes writes;
  CHECK(writes.due() == Mono::max());
  CHECK(writes.push("limit"));
  writes.asked();
  CHECK(writes.is_asked());
  CHECK(writes.due() == Mono::max());
  writes.acknowledged(Mono{1s});
  CHECK_FALSE(writes.is_asked());
  CHECK(writes.take() == "limit");
  CHECK(writes.due() == Mono::max());
}
