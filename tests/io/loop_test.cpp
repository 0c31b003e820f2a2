#include "io/loop.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace gridtap;

TEST_CASE("loop: each SIGHUP is told, and none ends the program") {
  io::Loop loop;
  loop.on_signal([&] { loop.stop(); });
  int hangups = 0;
  loop.on_hangup([&] {
    if (++hangups == 2) loop.stop();
    ::raise(SIGHUP);
  });
  ::raise(SIGHUP);
  loop.run();
  CHECK(hangups == 2);
}

TEST_CASE("loop: SIGTERM ends it where SIGHUP is told") {
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
