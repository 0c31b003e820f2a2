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

TEST_CASE("sunspec unit: one that is busy while it is searched is waited for, and said so once") {
  for (const int code : {5, 6}) {
    CAPTURE(code);
    UnitRig rig(inverter_map());
    rig.refusals = std::deque<int>(7, code);
    std::string asked, rests;
    for (int n = 0; n < 7; ++n) {
      rig.turn();
      asked += rig.asked + ' ';
      rests += rig.rest() + ' ';
      rig.now.mono = rig.unit.due();
    }
    CHECK(asked == "40000+2 40000+2 40000+2 40000+2 40000+2 40000+2 40000+2 ");
    CHECK(rests == "2000 4000 8000 16000 32000 60000 60000 ");
    CHECK(rig.said == "dropped refused: unit 1: it is busy, and is asked again\n");
    CHECK(lines_with(rig.pass(0ms), "power ") == "power 5000\n");
  }
}

TEST_CASE("sunspec unit: one that is busy in the middle of the search goes on where it was") {
  UnitRig rig(inverter_map(true));
  rig.refusals = {0, 6, 6};
  const std::string asked = rig.asks(6s);
  CHECK(asked.starts_with("40000+2 40002+125 40002+125 40002+125 "));
  CHECK(rig.unit.introduced());
  CHECK_FALSE(rig.unit.offline());
}

TEST_CASE("sunspec unit: one that is busy after a reconnect has lost nothing") {
  UnitRig rig = at_work(inverter_map());
  rig.unit.open(rig.now.mono);
  rig.refusals = {6};
  const std::string said = rig.pass(3s);
  CHECK(lines_with(said, "dropped") == "");
  CHECK(lines_with(said, "identified") == "");
  CHECK(lines_with(said, "power ") != "");
}

TEST_CASE("sunspec unit: what was learned of refusals outlives a reconnect") {
  TestMap map = inverter_map();
  map.image.erase(40069 + 33);  // TmpCab
  UnitRig rig = at_work(map);
  const std::string before = rig.asks(1s);
  rig.unit.open(rig.now.mono);
  const std::string asked = rig.asks(0ms);
  CHECK(asked.starts_with("40000+2 "));
  CHECK(asked.ends_with(before));
  CHECK(lines_with(rig.pass(1s), "notice") == "");
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

TEST_CASE("sunspec unit: a refused request is split by models, and the others are read") {
  UnitRig rig = at_work(inverter_map(false, true));
  rig.image.erase(40160);  // inside the trackers
  CHECK(rig.asks(1s).starts_with("40071+100 40071+50 40123+48 "));
  CHECK(lines_with(rig.pass(1s), "power ") == "power 5000\n");
}

TEST_CASE("sunspec unit: one register that cannot be read costs its point, which is named") {
  TestMap map = inverter_map();
  map.image.erase(40069 + 33);  // TmpCab
  UnitRig rig(map);
  const std::string said = rig.pass(0ms);
  CHECK(lines_with(said, "power ") == "power 5000\n");
  CHECK(lines_with(said, "energy_produced") == "energy_produced 1.234\n");
  CHECK(lines_with(said, "temperature ") == "");
  CHECK(lines_with(said, "notice model 103: 1 point cannot be read (TmpCab)") != "");
  const std::string asked = rig.asks(1s);  // what was learned stays
  CHECK(asked == rig.asks(1s));
  CHECK(lines_with(rig.pass(1s), "notice") == "");
}

TEST_CASE("sunspec unit: a factor that cannot be read costs the points that it scales") {
  TestMap map = inverter_map();
  map.image.erase(40069 + 15);  // W_SF
  UnitRig rig(map);
  const std::string said = rig.pass(0ms);
  CHECK(lines_with(said, "power ") == "");
  CHECK(lines_with(said, "voltage_l1 ") == "voltage_l1 230\n");
}

TEST_CASE(
    "sunspec unit: long reads that are refused with 2 are halved until they are short enough") {
  UnitRig rig(inverter_map());
  rig.longest = 10;
  CHECK(lines_with(rig.pass(0ms), "power ") == "power 5000\n");
  CHECK(lines_with(rig.pass(1s), "power ") == "power 5000\n");
  const int before = rig.requests;
  rig.pass(1s);
  CHECK(rig.requests - before < 12);
}

TEST_CASE("sunspec unit: an answer that is shorter than asked is never used, and asked for again") {
  UnitRig rig(inverter_map());
  rig.shortens = true;  // a slice over the end of the map
  CHECK(lines_with(rig.pass(0ms), "power ") == "power 5000\n");
}

TEST_CASE("sunspec unit: any exception behind the map means that nothing is there") {
  for (const int code : {2, 3, 4, 8, 77}) {
    CAPTURE(code);
    UnitRig rig(inverter_map());
    rig.outside = code;
    CHECK(lines_with(rig.pass(0ms), "power ") == "power 5000\n");
  }
}

TEST_CASE("sunspec unit: a block that fails three times rests alone, and is named") {
  UnitRig rig = at_work(inverter_map(true));
  rig.fails_at = 40125;
  const std::string said = rig.pass(5min);
  CHECK(lines_with(said, "offline") == "");
  CHECK(lines_with(said, "power ").size() > 250 * std::string("power 5000\n").size());
  CHECK(lines_with(said, "notice unit 1: model 123 is left out for ten minutes") != "");
}

TEST_CASE("sunspec unit: a unit that was never there is told to be perhaps the wrong one") {
  UnitRig rig(inverter_map());
  rig.refusals = std::deque<int>(50, 11);
  CHECK(rig.pass(10s).find("is the unit right? (SMA 126") != std::string::npos);
  UnitRig silent(TestMap{});
  silent.image.clear();
  CHECK(silent.pass(10s).find("and the unit right?") != std::string::npos);
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
