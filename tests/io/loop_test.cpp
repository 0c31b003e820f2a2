#include "io/loop.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <thread>

using namespace gridtap;

TEST_CASE("loop: each SIGHUP is reported, and none ends the program") {
  io::Loop loop;
  loop.on_signal([&] { loop.stop(); });
  int hangups = 0;
  loop.on_hangup([&] {
    if (++hangups == 2) return loop.stop();  // one more would reach the next case
    ::raise(SIGHUP);
  });
  ::raise(SIGHUP);
  loop.run();
  CHECK(hangups == 2);
}

TEST_CASE("loop: SIGTERM ends it where SIGHUP is handled") {
  io::Loop loop;
  int ends = 0, hangups = 0;
  loop.on_signal([&] {
    ++ends;
    loop.stop();
  });
  loop.on_hangup([&] { ++hangups; });
  ::raise(SIGTERM);
  loop.run();
  CHECK(ends == 1);
  CHECK(hangups == 0);
}

TEST_CASE("loop: calls run in the order in which they were posted, one that posts included") {
  io::Loop loop;
  std::string order;
  loop.post([&] {
    order += 'a';
    loop.post([&] {
      order += 'c';
      loop.stop();
    });
  });
  loop.post([&] { order += 'b'; });
  loop.run();
  CHECK(order == "abc");
}

TEST_CASE("loop: stopped inside a call it runs nothing more; run again it goes on where it was") {
  io::Loop loop;
  std::string order;
  loop.post([&] {
    order += 'a';
    loop.stop();
  });
  loop.post([&] {
    order += 'b';
    loop.stop();
  });
  loop.run();
  CHECK(order == "a");
  loop.run();
  CHECK(order == "ab");
}

TEST_CASE("loop: another thread posts to it, and all of its calls run here, in its order") {
  io::Loop loop;
  const std::thread::id here = std::this_thread::get_id();
  int calls = 0;
  bool ordered = true, mine = true;
  std::thread other([&] {
    for (int n = 0; n < 10'000; ++n) {
      loop.post([&, n] {
        ordered = ordered && calls++ == n;
        mine = mine && std::this_thread::get_id() == here;
      });
    }
    loop.post([&] { loop.stop(); });
  });
  loop.run();
  other.join();
  CHECK(calls == 10'000);
  CHECK(ordered);
  CHECK(mine);
}

TEST_CASE("loop: another thread ends it while it has nothing to do") {
  io::Loop loop;
  std::thread other;
  loop.post([&] { other = std::thread([&] { loop.stop(); }); });
  loop.run();
  other.join();
}

TEST_CASE("loop: what is posted and never run is let go with it") {
  auto held = std::make_shared<int>(1);
  {
    io::Loop loop;
    loop.post([held] {});
    CHECK(held.use_count() == 2);
  }
  CHECK(held.use_count() == 1);
}
