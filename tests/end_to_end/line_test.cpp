#include <doctest/doctest.h>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

std::string device(const std::string& id, const std::string& line, const std::string& more = "") {
  return "  " + id + ":\n    adapter: p1\n    line: " + line + "\n    interval: 0s\n" + more;
}

bool online(const World& world, const std::string& id) {
  return world.topic("gridtap/" + id + "/status") == "online";
}
bool offline(const World& world, const std::string& id) {
  return world.topic("gridtap/" + id + "/status") == "offline";
}

}  // namespace

TEST_CASE("line: an unplugged adapter is offline at once, its cause is reported, others go on") {
  World world;
  world.start_broker();
  const std::string first = world.plug("tty1", "dsmr5"), second = world.plug("tty2", "belgium");
  world.start_gridtap(device("one", first) + device("two", second));
  world.subscribe();
  REQUIRE(eventually([&] { return online(world, "one") && online(world, "two"); }));

  world.pull("tty1");
  CHECK(eventually([&] { return offline(world, "one"); }, 2s));
  CHECK(offline(world, "one_gas"));
  CHECK(eventually([&] { return world.topic("gridtap/one/cause") == "unreachable"; }, 2s));
  CHECK(world.topic("gridtap/one/connected") == "OFF");
  CHECK(online(world, "two"));

  world.plug("tty1", "dsmr5");
  CHECK(eventually([&] { return online(world, "one"); }, 10s));
  CHECK(eventually([&] { return world.topic("gridtap/one/cause") == "none"; }, 5s));
}

TEST_CASE("line: an adapter that is absent at the start is waited for") {
  World world;
  world.start_broker();
  world.start_gridtap(device("one", world.directory() / "tty1"));
  world.subscribe();
  REQUIRE(eventually([&] { return world.log().find("no such device") != std::string::npos; }));
  world.plug("tty1", "dsmr5");
  CHECK(eventually([&] { return online(world, "one"); }, 10s));
}

TEST_CASE("line: every kind of meter is read, encrypted and seven-bit ones too, over TCP as well") {
  World world;
  world.start_broker();
  const std::string key = world.file("key", "000102030405060708090A0B0C0D0E0F\n");
  world.start_gridtap(
      device("old", world.plug("tty1", "dsmr22")) + device("be", world.serve("port2", "belgium")) +
      device("lu", world.serve("port3", "luxembourg"), "    key_file: " + key + "\n") +
      device("se", world.plug("tty4", "sweden")));
  world.subscribe();
  CHECK(eventually([&] { return online(world, "be") && online(world, "se"); }));
  CHECK(eventually([&] { return online(world, "old") && online(world, "lu"); }, 30s));
  CHECK_FALSE(world.topic("gridtap/be_gas/gas").empty());
  CHECK_FALSE(world.topic("gridtap/be/demand_import_month_peak").empty());
  CHECK_FALSE(world.topic("gridtap/old/energy_import_t1").empty());
  CHECK_FALSE(world.topic("gridtap/lu/energy_import").empty());
}

TEST_CASE("line: for an encrypted meter without a key the log shows what to ask for") {
  World world;
  world.start_broker();
  world.start_gridtap(device("lu", world.serve("port", "luxembourg")));
  world.subscribe();
  CHECK(eventually([&] { return world.topic("gridtap/lu/cause") == "encrypted"; }, 30s));
  CHECK(eventually([&] { return world.log().find("P1 key") != std::string::npos; }, 30s));
}

TEST_CASE("line: a port where nothing listens is asked again and again") {
  World world;
  world.start_broker();
  world.start_gridtap(device("gone", "tcp://127.0.0.1:9"));
  CHECK(eventually([&] { return world.log().find("nothing listens there") != std::string::npos; }));
  CHECK_FALSE(eventually([&] { return !world.gridtap().running(); }, 3s));
}

TEST_CASE("line: watch prints JSON lines without a broker") {
  World world;
  const std::string config =
      world.file("watch.yaml", "devices:\n" + device("one", world.plug("tty1", "dsmr5")));
  Process watch({GRIDTAP_BINARY, "watch", "--config", config, "--for", "4"},
                world.directory() / "lines");
  CHECK(watch.wait(15s) == 0);
}
