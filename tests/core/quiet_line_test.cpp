#include "core/quiet_line.hpp"

#include <doctest/doctest.h>

#include "core/limit_notice.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

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

TEST_CASE("quiet line: what comes in the minute is left out, what comes with its end is not") {
  MemoryLog log;
  QuietLine line(log);
  const Mono begin = Mono{} + 1h;
  line.write(Level::info, "a", "first", {begin, {}});
  line.write(Level::info, "a", "early", {begin + QuietLine::gap - 1ns, {}});
  CHECK(log.lines.size() == 1);
  line.write(Level::error, "b", "in time", {begin + QuietLine::gap, {}});
  REQUIRE(log.lines.size() == 2);
  CHECK(log.lines[1] == "error b: in time (and 1 more like it)");
}

TEST_CASE("quiet line: a flood does not put its next line off for ever") {
  MemoryLog log;
  QuietLine line(log);
  for (int n = 0; n < 600; ++n) {
    line.write(Level::info, "a", "x", {Mono{} + std::chrono::seconds(n), {}});
  }
  CHECK(log.lines.size() == 10);
}

TEST_CASE("limit notice: it comes once, with the words of the first time") {
  struct Heard final : Effects {
    void operator()(const Effect& effect) override {
      all.emplace_back(std::get<Notice>(effect).text);
    }
    std::vector<std::string> all;
  };
  Heard heard;
  LimitNotice notice, other;
  for (int n = 0; n < 1000; ++n) notice.say("no room for " + std::to_string(n), heard);
  other.say("another limit", heard);
  CHECK(heard.all == std::vector<std::string>{"no room for 0", "another limit"});
}
