#include "core/quiet_line.hpp"

#include <doctest/doctest.h>

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
