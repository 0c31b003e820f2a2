// What exceptions, silence and poor gateways do to a unit, one case a branch.
#include <doctest/doctest.h>

#include "support/sunspec_unit.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

// ---- exceptions ---------------------------------------------------------------------------------

TEST_CASE("sunspec unit: a busy device gets three moments for the same request") {
  for (const int code : {5, 6}) {
    CAPTURE(code);
    UnitRig rig = at_work(inverter_map());
    rig.now.mono += 1s;
    rig.refusals = {code, code, code, code};
    std::string rests;
    for (int n = 0; n < 3; ++n) {
      rig.turn();
      CHECK(rig.asked == "40071+50");
      rests += rig.rest() + ' ';
      rig.now.mono = rig.unit.due();
    }
    CHECK(rests == "200 500 1000 ");
    rig.turn();
    CHECK(rig.said.find("dropped refused: unit 1: it is busy\n") != std::string::npos);
    CHECK(lines_with(rig.pass(2s), "power ") != "");
  }
}

TEST_CASE("sunspec unit: a device that fails loses this poll, and is tried with the next one") {
  UnitRig rig = at_work(inverter_map());
  rig.refusals = {4};
  const std::string said = rig.pass(1s);
  CHECK(lines_with(said, "dropped") == "dropped refused: unit 1: it has failed\n");
  CHECK(lines_with(said, "power ") == "");
  CHECK(lines_with(rig.pass(1s), "power ") == "power 5000\n");
}

TEST_CASE("sunspec unit: a gateway that cannot reach the unit is reported at once") {
  for (const int code : {10, 11}) {
    CAPTURE(code);
    UnitRig rig = at_work(inverter_map());
    rig.refusals = {code};
    CHECK(lines_with(rig.pass(1s), "offline") == "offline\n");
    CHECK(rig.unit.offline());
  }
}

TEST_CASE("sunspec unit: a refused request is split by models, and only one is left out") {
  UnitRig rig = at_work(inverter_map(false, true));
  rig.image.erase(40160);  // inside the trackers
  CHECK(rig.asks(1s) == "40071+100 40071+50 40123+48 ");
  const std::string next = rig.asks(1s);
  CHECK(next.find("40123") == std::string::npos);
}

TEST_CASE("sunspec unit: a model that was there before makes it search again, once") {
  UnitRig rig = at_work(inverter_map(false, true));
  rig.pass(5s);
  rig.image.erase(40160);
  const std::string asked = rig.asks(4s);
  CHECK(asked.find("40000+2 ") != std::string::npos);
  CHECK(rig.asks(60s).find("40000+2 ") == std::string::npos);
}

TEST_CASE("sunspec unit: an exception that no table knows is a failure like others") {
  UnitRig rig = at_work(inverter_map());
  rig.refusals = {77};
  CHECK(lines_with(rig.pass(1s), "dropped refused") != "");
  CHECK(lines_with(rig.pass(2s), "power ") != "");
}

TEST_CASE("sunspec unit: an exception without meaning is no hole") {
  UnitRig rig = at_work(inverter_map());
  rig.refusals = {0, 0, 3};
  rig.pass(3s);
  CHECK(lines_with(rig.pass(2s), "power ") != "");
}

// ---- silence ------------------------------------------------------------------------------------

TEST_CASE("sunspec unit: two silent polls are reported, the third puts it offline") {
  UnitRig rig = at_work(inverter_map());
  rig.refusals = {silence};
  CHECK(lines_with(rig.pass(1s), "dropped") == "dropped timeout: unit 1 does not answer\n");
  rig.refusals = {silence};
  CHECK(lines_with(rig.pass(1s), "offline") == "");
  rig.refusals = {silence};
  CHECK(lines_with(rig.pass(1s), "offline") == "offline\n");
  CHECK(rig.rest() == "2000");
}

TEST_CASE("sunspec unit: offline it is asked less and less often, and nothing more is reported") {
  UnitRig rig = at_work(inverter_map());
  rig.refusals = std::deque<int>(1000, silence);
  rig.pass(10s);
  const int before = rig.requests;
  CHECK(rig.pass(30min) == "");
  CHECK(rig.requests - before < 45);
  rig.refusals.clear();
  CHECK(lines_with(rig.pass(61s), "power ") != "");
}

TEST_CASE("sunspec unit: one good poll forgets the failures before it") {
  UnitRig rig = at_work(inverter_map());
  for (int n = 0; n < 5; ++n) {
    rig.refusals = {silence, silence};
    CHECK(lines_with(rig.pass(2s), "offline") == "");
    rig.pass(2s);
  }
}

TEST_CASE("sunspec unit: an inverter that slept is not missed") {
  TestMap map;
  map.common("Maker", "S1");
  map.set(map.inverter() + 38U, 2);
  UnitRig rig = at_work(map.end());
  rig.refusals = std::deque<int>(10, silence);
  const std::string said = rig.pass(10s);
  CHECK(lines_with(said, "asleep") == "asleep\n");
  CHECK(lines_with(said, "offline") == "offline\n");
  rig.unit.close(rig);
  CHECK(rig.pass(0ms) == "");  // told already
}

TEST_CASE("sunspec unit: silence while it is searched tries the next place") {
  TestMap map(0);
  map.common("Maker", "S1");
  map.inverter();
  UnitRig rig(map.end());
  rig.refusals = {silence};  // at 40000
  CHECK(lines_with(rig.pass(1s), "power ") != "");
}

// ---- the worst gateways -------------------------------------------------------------------------

TEST_CASE("sunspec unit: where too many registers are refused it asks for fewer, and remembers") {
  UnitRig rig(inverter_map(false, true));
  while (rig.unit.searching()) rig.turn();
  rig.refusals = {3};
  CHECK(lines_with(rig.pass(0ms), "power ") == "power 5000\n");
  const std::string asked = rig.asks(1s);
  CHECK(asked.find("+100 ") == std::string::npos);
  CHECK(asked == rig.asks(1s));
}

TEST_CASE("sunspec unit: one value a request, where a gateway wants it so") {
  UnitSettings settings;
  settings.poll.limits.one_value_per_request = true;
  UnitRig rig = at_work(inverter_map(), settings);
  const std::string asked = rig.asks(1s);
  CHECK(asked.find("40083+1 ") != std::string::npos);  // W
  CHECK(asked.find("40093+2 ") != std::string::npos);  // WH, two registers
  CHECK(lines_with(rig.pass(1s), "energy_produced") == "energy_produced 1.234\n");
}
