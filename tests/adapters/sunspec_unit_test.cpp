// One unit and its turns: found, polled, commanded, found again after a reconnect.
#include <doctest/doctest.h>

#include "support/sunspec_unit.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

// ---- found --------------------------------------------------------------------------------------

TEST_CASE("sunspec unit: it is searched, read once, and only then introduced") {
  UnitRig rig(inverter_map());
  CHECK(rig.unit.searching());
  CHECK_FALSE(rig.unit.owns(""));
  while (rig.unit.searching()) rig.turn();
  CHECK(rig.said == "");
  CHECK_FALSE(rig.unit.owns(""));
  const std::string said = rig.pass(0ms);
  CHECK(said.starts_with("identified\n"));
  CHECK(lines_with(said, "power ") == "power 5000\n");
  CHECK(rig.unit.owns(""));
  CHECK_FALSE(rig.unit.owns("1"));
}

TEST_CASE("sunspec unit: if nothing is found this is reported once, and it is tried again") {
  UnitRig rig{TestMap(30000)};
  const std::string said = rig.pass(10s);
  CHECK(lines_with(said, "dropped unsupported: unit 1 has no SunSpec models") == said);
  CHECK(said.find('\n') == said.size() - 1);
  CHECK(rig.unit.offline());
  rig.image = inverter_map().image;
  CHECK(lines_with(rig.pass(60s), "power ") != "");
  CHECK_FALSE(rig.unit.offline());
}

TEST_CASE("sunspec unit: some devices know only function 4, and are asked by it from then on") {
  UnitRig rig(inverter_map());
  rig.refusals = {1};
  rig.turn();
  CHECK(rig.asked == "40000+2");
  rig.turn();
  CHECK(rig.asked == "40000+2 input");
  CHECK(lines_with(rig.pass(0ms), "power ") == "power 5000\n");
  CHECK(rig.asked.ends_with(" input"));
}

TEST_CASE("sunspec unit: unknown models are reported once") {
  TestMap map;
  map.common("Maker", "S1");
  map.add(64777, 10);
  map.add(705, 10);  // known, and never read
  map.inverter();
  UnitRig rig(map.end());
  CHECK(lines_with(rig.pass(5s), "unknown") == "unknown 64777\n");
}

// ---- polled -------------------------------------------------------------------------------------

TEST_CASE(
    "sunspec unit: an inverter and its trackers are read each second, by the fewest requests") {
  UnitRig rig = at_work(inverter_map(false, true));
  CHECK(rig.asks(1s) == "40071+100 ");
  CHECK(rig.asks(3s) == "40071+100 40071+100 40071+100 ");
}

TEST_CASE("sunspec unit: controls are read once a minute, or when they were set") {
  UnitRig rig = at_work(inverter_map(true), with_writes());
  CHECK(rig.asks(59s).find("40123") == std::string::npos);
  CHECK(rig.asks(2s).find("40123") == std::string::npos);  // they share the inverter's request
  rig.command("power_limit", Decimal{50, 0});
  CHECK(lines_with(rig.pass(2s), "power_limit ") == "power_limit 50.00\n");
}

TEST_CASE("sunspec unit: five polls, or half a minute, may be missed") {
  CHECK(UnitRig(inverter_map()).unit.lease() == 30s);
  UnitSettings slow;
  slow.poll.period = 60s;
  CHECK(UnitRig(inverter_map(), slow).unit.lease() == 300s);
}

TEST_CASE("sunspec unit: the chain is walked again after a day, and totals go on") {
  UnitRig rig = at_work(inverter_map());
  rig.asks(24h - 10s);
  CHECK(rig.asks(5s).find("40000+2 ") == std::string::npos);
  rig.all_asked.clear();
  const std::string said = rig.pass(10s);
  CHECK(rig.all_asked.find("40000+2 ") != std::string::npos);
  CHECK(said.find("identified") == std::string::npos);
  CHECK(lines_with(said, "power ") != "");
}

// ---- connections --------------------------------------------------------------------------------

TEST_CASE("sunspec unit: after a reconnect the marker and the last model are looked at") {
  UnitRig rig = at_work(inverter_map());
  rig.unit.close(rig);
  rig.unit.open(rig.now.mono);
  CHECK(rig.asks(0ms) == "40000+2 40069+2 40071+50 ");
}

TEST_CASE(
    "sunspec unit: a check without an answer is repeated, then the unit is asked less often") {
  UnitRig rig = at_work(inverter_map());
  rig.unit.open(rig.now.mono);
  rig.refusals = {0, silence, silence, silence};
  rig.all_asked.clear();
  const std::string said = rig.pass(0ms);
  CHECK(rig.all_asked == "40000+2 40069+2 40000+2 40000+2 ");
  CHECK(lines_with(said, "offline") == "offline\n");
  CHECK(rig.rest() == "2000");
}

TEST_CASE("sunspec unit: a check that is refused becomes a search") {
  UnitRig rig = at_work(inverter_map());
  rig.unit.open(rig.now.mono);
  rig.refusals = {2};
  rig.turn();
  CHECK(rig.unit.searching());
  CHECK(lines_with(rig.pass(0ms), "power ") == "power 5000\n");
}

TEST_CASE("sunspec unit: another device behind the same address is a new one") {
  UnitRig rig = at_work(inverter_map(true), with_writes());
  rig.command("power_limit", Decimal{50, 0});
  TestMap other;
  other.common("Maker", "S2", 66);
  other.inverter();
  rig.image = other.end().image;
  rig.unit.open(rig.now.mono);
  const std::string said = rig.pass(0ms);
  CHECK(lines_with(said, "rejected") == "rejected the device has changed\n");
  CHECK(lines_with(said, "identified") == "identified\n");
}

// ---- commands -----------------------------------------------------------------------------------

TEST_CASE("sunspec unit: a command goes between two polls, never into one") {
  UnitRig rig = at_work(inverter_map(true, true), with_writes());
  rig.now.mono = rig.unit.due();
  rig.turn();  // a poll of two requests has begun
  rig.command("power_limit", Decimal{50, 0});
  rig.all_asked.clear();
  rig.pass(0ms);
  CHECK(rig.all_asked.find("40126+1 write 40126+1 ") != std::string::npos);
}

TEST_CASE("sunspec unit: silence and exceptions during a command fail the command") {
  for (const int answer : {silence, 4}) {
    CAPTURE(answer);
    UnitRig rig = at_work(inverter_map(true), with_writes());
    rig.command("power_limit", Decimal{50, 0});
    rig.refusals = {answer};
    CHECK(lines_with(rig.pass(1s), "rejected") != "");
    CHECK(lines_with(rig.pass(3s), "power ") != "");
  }
}

TEST_CASE("sunspec unit: a device that is busy gets the command again") {
  UnitRig rig = at_work(inverter_map(true), with_writes());
  rig.command("power_limit", Decimal{50, 0});
  rig.refusals = {6, 6};
  const std::string said = rig.pass(2s);
  CHECK(lines_with(said, "rejected") == "");
  CHECK(rig.image[40126] == 5000);
}

TEST_CASE("sunspec unit: a device that acknowledges and does not obey is read three times") {
  UnitRig rig = at_work(inverter_map(true), with_writes());
  rig.obeys = false;
  rig.command("power_limit", Decimal{50, 0});
  rig.all_asked.clear();
  const std::string said = rig.pass(900ms);
  CHECK(rig.all_asked == "40126+1 write 40126+1 40126+1 40126+1 ");
  CHECK(lines_with(said, "rejected") ==
        "rejected the device acknowledged the write but did not change the value\n");
}

TEST_CASE("sunspec unit: a lost connection fails every command that waits") {
  UnitRig rig = at_work(inverter_map(true), with_writes());
  rig.command("power_limit", Decimal{50, 0});
  rig.command("power_limit", Decimal{40, 0});
  rig.unit.close(rig);
  CHECK(rig.said.find("rejected the connection to the device was lost\n"
                      "rejected the connection to the device was lost\n") != std::string::npos);
}

TEST_CASE(
    "sunspec unit: of many commands for one limit the one under way and the newest are left") {
  UnitRig rig = at_work(inverter_map(true), with_writes());
  for (int n = 0; n < 90; ++n) rig.command("power_limit", Decimal{n, 0});
  rig.command("power_limit_enabled", true);
  CHECK(rig.said == "");
  rig.unit.close(rig);
  CHECK(lines_with(rig.said, "rejected") ==
        "rejected the connection to the device was lost\n"
        "rejected the connection to the device was lost\n"
        "rejected the connection to the device was lost\n");
}

TEST_CASE("sunspec unit: a command for no entity of it is refused") {
  UnitRig rig = at_work(inverter_map(true), with_writes());
  rig.command("power_set", Decimal{50, 0});  // model 704 is not there
  CHECK(rig.said == "rejected takes no commands\n");
}

TEST_CASE("sunspec unit: more models than are read are reported once") {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  for (std::size_t n = 0; n < Walker::most_models; ++n) map.add(64777, 1);
  UnitRig rig(map.end());
  const std::string said = rig.pass(25h);
  CHECK(lines_with(said, "notice") ==
        "notice unit 1 has more than 100 SunSpec models: those after them are not read\n");
  CHECK(lines_with(said, "power ").starts_with("power 5000\n"));
}
