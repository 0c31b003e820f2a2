// The wire of simulated devices: its pace, and its damage.

#include <doctest/doctest.h>

#include "parts/paced_line.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Sent final : Effects {
  std::string bytes;
  int pieces = 0;
  void operator()(const Effect& effect) override {
    bytes += as_text(std::get<Send>(effect).bytes);
    ++pieces;
  }
};

}  // namespace

TEST_CASE("paced line: every piece has its time") {
  PacedLine line({2400, 10, 6});
  Sent sent;
  line.begin("0123456789abcd", Mono{1s});
  CHECK(line.next() == Mono{1s});
  line.send(Mono{1s}, sent);
  CHECK(sent.bytes == "012345");
  CHECK(line.next() == Mono{1s} + 25ms);  // 60 bits
  line.send(Mono{1s} + 24ms, sent);
  CHECK(sent.bytes == "012345");
  line.send(Mono{1s} + 50ms, sent);
  CHECK(sent.bytes == "0123456789abcd");
  CHECK(sent.pieces == 3);
  CHECK_FALSE(line.busy());
}

TEST_CASE("paced line: without a pace all goes at once") {
  PacedLine line({2400, 10, 0});
  Sent sent;
  line.begin("0123456789abcd", Mono{1s});
  line.send(Mono{1s}, sent);
  CHECK(sent.pieces == 1);
  CHECK_FALSE(line.busy());
}

TEST_CASE("paced line: what was cleared is not sent") {
  PacedLine line({2400, 10, 6});
  Sent sent;
  line.begin("0123456789", Mono{1s});
  line.clear();
  line.send(Mono{9s}, sent);
  CHECK(sent.bytes == "");
}

TEST_CASE("damage: none, all, and about as many as are asked for") {
  const auto damaged = [](std::int64_t percent) {
    Damage damage(percent, 7);
    int count = 0;
    for (int n = 0; n < 1000; ++n) {
      std::string frame = "a frame of some length";
      damage.suffer(frame);
      count += frame != "a frame of some length";
    }
    return count;
  };
  CHECK(damaged(0) == 0);
  CHECK(damaged(100) == 1000);
  CHECK(damaged(30) > 250);
  CHECK(damaged(30) < 350);
}

TEST_CASE("damage: nothing has nothing to lose") {
  Damage damage(100, 7);
  std::string empty;
  for (int n = 0; n < 10; ++n) damage.suffer(empty);
  CHECK(empty == "");
}
