// Relays on the simulated chip, whose lines are files that these tests watch: from a command on the
// broker to the line, and what stays on the line whatever happens to broker and program.

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string boiler = "gridtap/gateway/relay_boiler";

// Nothing answers there: the gateway's own device is enough for most of these tests.
const std::string absent_meter = "  meter: {adapter: p1, line: \"tcp://127.0.0.1:9\"}\n";

struct House {
  House() { fs::create_directory(world.directory() / "lines"); }

  fs::path line(const std::string& name) const { return world.directory() / "lines" / name; }
  std::string relay(const std::string& name, const std::string& more = "") const {
    return "  " + name + ": {chip: simulated, line: \"" + line(name).string() + '"' +
           (more.empty() ? "" : ", " + more) + "}\n";
  }
  void start(const std::string& relays, const std::string& devices = absent_meter) {
    world.start_gridtap(devices, "relays:\n" + relays);
  }
  // "ON", "OFF", or nothing where the line was never driven.
  std::string level(const std::string& name) const {
    std::string word;
    std::ifstream(line(name)) >> word;
    return word;
  }
  bool shows(const std::string& level) const { return world.topic(boiler) == level; }
  json attributes() const {
    const std::string text = world.topic(boiler + "/attributes");
    return text.empty() ? json() : json::parse(text);
  }
  void command(const std::string& payload) { world.publish(boiler + "/set", payload); }
  bool turns_on() {
    command("ON");
    return eventually([&] { return shows("ON") && level("boiler") == "ON"; });
  }

  World world;
};

}  // namespace

TEST_CASE("relays: a command moves the line; state and attributes follow, for Home Assistant too") {
  House house;
  house.world.start_broker();
  house.start(house.relay("boiler", "name: Hot water") + house.relay("heater"));
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  CHECK(house.level("boiler") == "OFF");
  CHECK(house.attributes()["why"] == "at_start");
  REQUIRE(house.turns_on());
  CHECK(eventually([&] { return house.attributes()["why"] == "command"; }));
  CHECK(house.attributes()["chip"] == "simulated");
  CHECK(house.attributes()["simulated"] == true);
  CHECK(house.level("heater") == "OFF");
  house.command("OFF");
  CHECK(eventually([&] { return house.level("boiler") == "OFF" && house.shows("OFF"); }));

  const auto config = json::parse(house.world.topic("homeassistant/device/gridtap_gateway/config"));
  CHECK(config["dev"]["mdl"] == "MQTT gateway, simulated relays");
  const json& component = config["cmps"]["relay_boiler"];
  CHECK(component["p"] == "switch");
  CHECK(component["name"] == "Hot water");
  CHECK(component["avty"].size() == 2);
  CHECK(component["qos"] == 1);
  CHECK(config["cmps"]["fault_relay_boiler"]["dev_cla"] == "problem");
  CHECK(house.world.topic("gridtap/gateway/fault_relay_boiler") == "OFF");
  const auto found = house.world.discovery_findings();
  if (found) CHECK(*found == "");
}

TEST_CASE("relays: a command that is refused says why, and changes nothing") {
  House house;
  house.world.start_broker();
  house.start(house.relay("boiler", "min_off: 1h"));
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  REQUIRE(house.turns_on());
  house.command("OFF");
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  house.command("ON");
  const std::string rejected = boiler + "/rejected";
  REQUIRE(eventually([&] { return !house.world.topic(rejected).empty(); }));
  const auto why = json::parse(house.world.topic(rejected));
  CHECK(why["command"] == "ON");
  CHECK(why["reason"].get<std::string>().starts_with("min_off: 3"));
  CHECK(house.level("boiler") == "OFF");
  for (const char* payload : {"on", "1", "", "TOGGLE", "ON "}) {
    house.world.publish(boiler + "/set", payload);
  }
  CHECK(eventually([&] {
    return house.world.topic(rejected).find("a switch takes ON or OFF") != std::string::npos;
  }));
  house.world.publish(boiler + "/set", "ON", true);
  CHECK(eventually([&] {
    return house.world.topic(rejected).find("retain") != std::string::npos ||
           house.world.topic(rejected).find("min_off") != std::string::npos;
  }));
  CHECK(house.level("boiler") == "OFF");
}

TEST_CASE("relays: a line that is lost is unavailable with its reason, and comes back off") {
  House house;
  house.world.start_broker();
  house.start(house.relay("boiler"));
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  REQUIRE(house.turns_on());
  fs::remove_all(house.world.directory() / "lines");
  REQUIRE(eventually([&] { return house.shows("None"); }));
  CHECK(eventually([&] {
    return house.world.topic("gridtap/gateway/fault_relay_boiler") == "ON" &&
           house.attributes()["why"].get<std::string>().find("No such file") != std::string::npos;
  }));
  house.command("ON");
  CHECK(eventually([&] {
    return house.world.topic(boiler + "/rejected").find("the line cannot be driven") !=
           std::string::npos;
  }));
  fs::create_directory(house.world.directory() / "lines");
  CHECK(eventually([&] { return house.shows("OFF") && house.level("boiler") == "OFF"; }));
  CHECK(
      eventually([&] { return house.world.topic("gridtap/gateway/fault_relay_boiler") == "OFF"; }));
  std::size_t warnings = 0;
  std::istringstream log(house.world.log());
  for (std::string text; std::getline(log, text);) {
    warnings += text.find("WARNING gateway: relay_boiler: the line cannot") != text.npos ? 1U : 0U;
  }
  CHECK(warnings == 1);
}

TEST_CASE("relays: at the end at_exit is on the line, within two seconds, also without a broker") {
  for (const int broker_signal : {0, SIGKILL, SIGSTOP}) {
    CAPTURE(broker_signal);
    House house;
    house.world.start_broker();
    house.start(house.relay("boiler") + house.relay("pump", "at_exit: \"on\"") +
                house.relay("light", "at_exit: hold"));
    house.world.subscribe();
    REQUIRE(eventually([&] { return house.shows("OFF"); }));
    REQUIRE(house.turns_on());
    house.world.publish("gridtap/gateway/relay_light/set", "ON");
    REQUIRE(eventually([&] { return house.level("light") == "ON"; }));
    if (broker_signal != 0) house.world.signal_broker(broker_signal);
    const auto began = std::chrono::steady_clock::now();
    CHECK(house.world.stop_gridtap() == 0);
    CHECK(std::chrono::steady_clock::now() - began < 2s);
    CHECK(house.level("boiler") == "OFF");
    CHECK(house.level("pump") == "ON");
    CHECK(house.level("light") == "ON");
    if (broker_signal == SIGSTOP) house.world.signal_broker(SIGCONT);
  }
}

TEST_CASE("relays: after SIGKILL the next start drives at_start first, without any broker") {
  House house;
  house.world.start_broker();
  const std::string relays = house.relay("boiler") + house.relay("light", "at_start: last");
  house.start(relays);
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  REQUIRE(house.turns_on());
  house.world.publish("gridtap/gateway/relay_light/set", "ON");
  REQUIRE(eventually([&] { return house.level("light") == "ON"; }));
  std::this_thread::sleep_for(6s);  // what must be kept is on the disk within seconds
  house.world.gridtap().signal(SIGKILL);
  house.world.gridtap().wait(5s);
  CHECK(house.level("boiler") == "ON");  // nobody has turned it off
  house.world.kill_broker();
  fs::remove(house.line("light"));
  house.start(relays);
  CHECK(eventually([&] { return house.level("boiler") == "OFF"; }));
  CHECK(eventually([&] { return house.level("light") == "ON"; }));
}

TEST_CASE("relays: a lost broker turns off what is set so, and it stays off when it is back") {
  House house;
  house.world.start_broker();
  house.start(house.relay("boiler", "on_broker_loss: \"off\", on_broker_loss_after: 1s") +
              house.relay("light"));
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  REQUIRE(house.turns_on());
  house.world.publish("gridtap/gateway/relay_light/set", "ON");
  REQUIRE(eventually([&] { return house.level("light") == "ON"; }));
  house.world.kill_broker();
  CHECK(eventually([&] { return house.level("boiler") == "OFF"; }));
  CHECK(house.level("light") == "ON");
  house.world.start_broker();
  house.world.subscribe();
  CHECK(eventually([&] { return house.shows("OFF"); }));
  CHECK(eventually([&] { return house.attributes()["why"] == "broker_lost"; }));
  CHECK(house.turns_on());
}

TEST_CASE("relays: a flood of commands ends as the last one says, and disturbs nobody") {
  House house;
  house.world.start_broker();
  const std::string tty = house.world.plug("tty", "dsmr5");
  house.start(house.relay("boiler") + house.relay("pump", "rate: 6"),
              "  meter: {adapter: p1, interval: 0s, line: " + tty + "}\n");
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  const std::string to_broker = " -h 127.0.0.1 -p " + std::to_string(house.world.port());
  const fs::path heard = house.world.directory() / "heard";
  const Process listener({"sh", "-c", "exec mosquitto_sub -t gridtap/meter/meter_time" + to_broker},
                         heard);
  const auto telegrams = [&] {
    std::ifstream file(heard);
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  };
  REQUIRE(eventually([&] { return telegrams() > 1; }));
  const std::size_t memory = house.world.resident_kilobytes();
  const auto before = telegrams();
  // 100 commands each 10 ms, for some seconds; the last says ON. A slower one for a relay that may
  // be turned on six times a minute.
  const auto flood = [&](const std::string& name, const std::string& relay, int a_round) {
    const std::string script =
        house.world.file(name, "for n in $(seq 400); do for m in $(seq " + std::to_string(a_round) +
                                   "); do printf 'ON\\nOFF\\n'; done; sleep 0.01; done\necho ON\n");
    return std::vector<std::string>{
        "sh", "-c",
        "sh " + script + " | mosquitto_pub -l -t gridtap/gateway/" + relay + "/set" + to_broker};
  };
  Process fast(flood("fast", "relay_boiler", 50), house.world.directory() / "published");
  Process slow(flood("slow", "relay_pump", 5), house.world.directory() / "published");
  CHECK(fast.wait(60s) == 0);
  CHECK(slow.wait(60s) == 0);
  CHECK(eventually([&] { return house.level("boiler") == "ON" && house.shows("ON"); }));
  CHECK(house.level("pump") == "OFF");  // six ONs a minute, and each was followed by an OFF
  if (memory_is_its_own) CHECK(house.world.resident_kilobytes() < memory + 4096);
  CHECK(telegrams() >= before + 4);
  CHECK(house.world.topic("gridtap/meter/status") == "online");
}
