#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

std::string meter_on(const std::string& line, const std::string& more = "") {
  return "  meter:\n    adapter: p1\n    line: " + line + "\n    interval: 0s\n" + more;
}

bool reads(const World& world) {
  return world.topic("gridtap/meter/status") == "online" &&
         !world.topic("gridtap/meter/power_import").empty();
}

}  // namespace

TEST_CASE("broker: a meter on a terminal becomes topics, retained and complete") {
  World world;
  world.start_broker();
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")));
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }));
  CHECK(world.topic("gridtap/status") == "online");
  CHECK(world.topic("gridtap/meter/energy_import_t1").find('.') != std::string::npos);
  REQUIRE(eventually([&] { return !world.topic("gridtap/meter_gas/gas").empty(); }));
  CHECK(world.topic("gridtap/meter_gas/status") == "online");
  CHECK(world.config("meter").starts_with("{"));

  // A subscriber that comes late sees the whole house at once.
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }, 5s));
  CHECK(world.messages().front().starts_with("1 "));
}

TEST_CASE("broker: one that is killed is found again, and everything is published anew") {
  World world;
  world.start_broker();
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")));
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }));
  world.kill_broker();
  REQUIRE(eventually([&] { return world.log().find("WARNING gateway") != std::string::npos; }));
  world.start_broker();  // without what it retained
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }, 10s));
  CHECK(world.config("meter").starts_with("{"));
  CHECK(world.topic("homeassistant/device/gridtap_gridtap/config").starts_with("{"));
  CHECK(world.gridtap().running());
}

TEST_CASE("broker: one that is absent at the start is waited for") {
  World world;
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")));
  REQUIRE(eventually([&] { return world.log().find("meter: online") != std::string::npos; }));
  world.start_broker();
  world.subscribe();
  CHECK(eventually([&] { return reads(world); }, 10s));
}

TEST_CASE("broker: a slow one costs no memory, and gets the newest values afterwards") {
  World world;
  world.start_broker();
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5", 20)));
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }));
  const std::size_t before = world.resident_kilobytes();
  world.signal_broker(SIGSTOP);
  CHECK_FALSE(eventually([&] { return !world.gridtap().running(); }, 8s));
  if (!sanitized) CHECK(world.resident_kilobytes() < before + 4096);
  world.signal_broker(SIGCONT);
  world.subscribe();
  CHECK(eventually([&] { return reads(world); }));
}

TEST_CASE("broker: a wrong password is named, not repeated, and never shown") {
  World world({.password = true});
  world.start_broker();
  const std::string secret = world.file("password", "wrong-password-7\n");
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")), "",
                      "  user: gridtap\n  password_file: " + secret + "\n");
  REQUIRE(eventually([&] { return world.log().find("gateway: ") != std::string::npos; }));
  CHECK_FALSE(eventually([&] { return !world.gridtap().running(); }, 4s));
  const std::string log = world.log();
  CHECK(log.find("password") != std::string::npos);
  CHECK(log.find("wrong-password-7") == std::string::npos);
  std::size_t lines = 0;
  for (std::size_t at = log.find("gateway: "); at != log.npos; at = log.find("gateway: ", at + 1))
    ++lines;
  CHECK(lines <= 4);
}

TEST_CASE("broker: the right password opens") {
  World world({.password = true});
  world.start_broker();
  const std::string secret = world.file("password", "secret-1\n");
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")), "",
                      "  user: gridtap\n  password_file: " + secret + "\n");
  world.subscribe();
  CHECK(eventually([&] { return reads(world); }));
  CHECK(world.log().find("secret-1") == std::string::npos);
}

TEST_CASE("broker: TLS with the right authority works, with another it is refused by name") {
  World world({.tls = true});
  world.start_broker();
  const std::string line = world.plug("tty", "dsmr5");
  const std::string at = world.directory().string();
  SUBCASE("right") {
    world.start_gridtap(meter_on(line), "", "  tls:\n    ca_file: " + at + "/ca.crt\n");
    world.subscribe();
    CHECK(eventually([&] { return reads(world); }));
  }
  SUBCASE("another") {
    world.start_gridtap(meter_on(line), "", "  tls:\n    ca_file: " + at + "/other.crt\n");
    REQUIRE(eventually([&] { return world.log().find("certificate") != std::string::npos; }));
    world.subscribe();
    CHECK_FALSE(eventually([&] { return reads(world); }, 3s));
  }
  SUBCASE("unverified, and loudly so") {
    world.start_gridtap(meter_on(line), "", "  tls:\n    insecure: true\n");
    world.subscribe();
    CHECK(eventually([&] { return reads(world); }));
    CHECK(world.log().find("insecure") != std::string::npos);
  }
}

TEST_CASE("broker: two gateways with one client id do not fight for ever") {
  World world;
  world.start_broker();
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")), "", "  client_id: twin\n");
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }));
  const std::string other = world.file(
      "other.yaml", "base: other\nstate_dir: " + (world.directory() / "state2").string() +
                        "\nmqtt: {host: 127.0.0.1, port: " + std::to_string(world.port()) +
                        ", client_id: twin}\ndevices:\n" + meter_on(world.plug("tty2", "dsmr42")));
  Process twin({GRIDTAP_BINARY, "run", "--config", other}, world.directory() / "twin.log");
  REQUIRE(eventually([&] { return world.log().find("client id") != std::string::npos; }));
  world.subscribe();
  CHECK(eventually([&] { return reads(world); }));
  CHECK(twin.running());
}

TEST_CASE("broker: at the end everything is offline, within two seconds") {
  World world;
  world.start_broker();
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")));
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }));
  const std::size_t before = world.log().size();
  world.gridtap().signal(SIGTERM);
  const int status = world.gridtap().wait(2s);
  CAPTURE(world.log());
  CHECK(status == 0);
  CHECK(eventually([&] { return world.topic("gridtap/status") == "offline"; }, 2s));
  CHECK(eventually([&] { return world.topic("gridtap/meter/status") == "offline"; }, 2s));
  CHECK(world.topic("gridtap/meter/cause") == "none");
  CHECK(world.log().substr(before) == "");  // an orderly end is no trouble
}

// A default mosquitto takes 20 messages of QoS 1 before it has answered the first.
TEST_CASE(
    "broker: with more devices than the broker takes at once the gateway still ends offline") {
  World world;
  world.start_broker();
  std::string devices;
  for (int n = 0; n < 24; ++n) {
    const std::string name = "m" + std::to_string(n);
    devices += "  " + name + ": {adapter: p1, line: \"" + world.plug(name, "dsmr5") + "\"}\n";
  }
  world.start_gridtap(devices);
  world.subscribe();
  const auto online = [&] {
    const auto topics = world.topics();
    return std::count_if(topics.begin(), topics.end(), [](const auto& each) {
      return each.first.ends_with("/status") && each.second == "online";
    });
  };
  REQUIRE(eventually([&] { return online() >= 25; }, 30s));
  world.gridtap().signal(SIGTERM);
  CHECK(world.gridtap().wait(2s) == 0);
  CHECK(eventually([&] { return world.topic("gridtap/status") == "offline"; }, 2s));
}

TEST_CASE("broker: the cause that the run before left there is gone at the start") {
  World world;
  world.start_broker();
  world.publish("gridtap/meter/cause", "inverted", true);
  world.subscribe();
  REQUIRE(eventually([&] { return world.topic("gridtap/meter/cause") == "inverted"; }));
  // A line that opens and stays silent: the broker itself, which waits for a greeting.
  world.start_gridtap(
      "  meter: {adapter: p1, line: \"tcp://127.0.0.1:" + std::to_string(world.port()) + "\"}\n");
  CHECK(eventually([&] { return world.topic("gridtap/meter/cause") == "none"; }, 10s));
}

TEST_CASE("broker: the last will is published for a gateway that was killed") {
  World world;
  world.start_broker();
  world.start_gridtap(meter_on(world.plug("tty", "dsmr5")));
  world.subscribe();
  REQUIRE(eventually([&] { return reads(world); }));
  world.gridtap().signal(SIGKILL);
  CHECK(eventually([&] { return world.topic("gridtap/status") == "offline"; }));
}
