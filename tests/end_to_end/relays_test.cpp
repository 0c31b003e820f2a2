// Relays on the simulated chip, whose lines are files that these tests watch: from a command on the
// broker to the line, and what stays on the line whatever happens to broker and program.

#include <doctest/doctest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <utility>

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
  explicit House(BrokerOptions broker = {}) : world(std::move(broker)) {
    fs::create_directory(world.directory() / "lines");
  }

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

  const auto config = json::parse(house.world.topic("homeassistant/device/gridtap_gridtap/config"));
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

namespace {

// A client that sends ON and OFF in turn, `a_second` of them for ten seconds, and then `last`.
struct Flood {
  Flood(const World& world, const std::string& relay, int a_second, const std::string& last)
      : client_(::popen(("mosquitto_pub -l -t gridtap/gateway/" + relay + "/set -h 127.0.0.1 -p " +
                         std::to_string(world.port()))
                            .c_str(),
                        "w")),
        thread_([this, a_second, last] { send(a_second / 100, last); }) {}
  ~Flood() {
    thread_.join();
    ::pclose(client_);
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  bool sent() const { return sent_; }

 private:
  void send(int a_round, const std::string& last) {
    auto next = std::chrono::steady_clock::now();
    for (int round = 0; round < 1000; ++round) {
      for (int n = 0; n < a_round; n += 2) std::fputs("ON\nOFF\n", client_);
      std::fflush(client_);
      std::this_thread::sleep_until(next += 10ms);
    }
    std::fputs(last.c_str(), client_);
    std::fflush(client_);
    sent_ = true;
  }

  std::FILE* client_;
  std::atomic<bool> sent_ = false;
  std::thread thread_;
};

// How often the file of a simulated line was written since; moves that follow within microseconds
// may count as one.
class Moves {
 public:
  explicit Moves(const fs::path& line)
      : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
        watch_(::inotify_add_watch(fd_, line.c_str(), IN_MODIFY)) {}
  ~Moves() { ::close(fd_); }
  Moves(const Moves&) = delete;
  Moves& operator=(const Moves&) = delete;

  int count() {
    inotify_event events[64];
    for (ssize_t size = 0; (size = ::read(fd_, events, sizeof events)) > 0;) {
      count_ += static_cast<int>(static_cast<std::size_t>(size) / sizeof *events);
    }
    return watch_ < 0 ? -1 : count_;
  }

 private:
  int fd_, watch_, count_ = 0;
};

}  // namespace

TEST_CASE("relays: 10,000 commands a second end as the last valid one says, and disturb nobody") {
  House house({.patient = true});  // of a thousand that wait mosquitto drops the newest
  World& world = house.world;
  world.start_broker();
  const std::string tty = world.plug("tty", "dsmr5");
  house.start(
      house.relay("boiler") + house.relay("pump", "rate: 6") + house.relay("valve", "min_off: 2s"),
      "  meter: {adapter: p1, interval: 0s, line: " + tty + "}\n");
  world.subscribe();
  REQUIRE(eventually([&] { return house.shows("OFF"); }));
  const Process listener({"sh", "-c",
                          "exec mosquitto_sub -t gridtap/meter/meter_time -h 127.0.0.1 -p " +
                              std::to_string(world.port())},
                         world.directory() / "heard");
  const auto telegrams = [&] {
    std::ifstream file(world.directory() / "heard");
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  };
  REQUIRE(eventually([&] { return telegrams() > 1; }));
  const std::size_t memory = world.resident_kilobytes();
  std::size_t most = memory;
  Moves of_pump(house.line("pump")), of_valve(house.line("valve"));
  const auto before = telegrams();
  const auto began = std::chrono::steady_clock::now();
  {
    constexpr int few = sanitized ? 200 : 1'000;  // what waits at the broker must come through
    const Flood boiler(world, "relay_boiler", 10 * few, "ON\non\n");  // the last one is not valid
    const Flood pump(world, "relay_pump", few, "ON\n");
    const Flood valve(world, "relay_valve", few, "");
    CHECK(eventually(
        [&] {
          most = std::max(most, world.resident_kilobytes());
          of_pump.count(), of_valve.count();  // equal events that wait to be read would be one
          return boiler.sent() && pump.sent() && valve.sent();
        },
        60s));
  }
  CHECK(eventually([&] { return house.level("boiler") == "ON" && house.shows("ON"); }, 60s));
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - began;
  const auto meter_heard = telegrams();
  const int pump_moved = of_pump.count(), valve_moved = of_valve.count();
  // Its six ONs of the minute were followed by an OFF each; the last ON was refused.
  CHECK(house.level("pump") == "OFF");
  CHECK(world.topic("gridtap/gateway/relay_pump/rejected").find("rate") != std::string::npos);
  CHECK(pump_moved >= 1);
  CHECK(pump_moved <= 2 * 6 * (1 + static_cast<int>(lasted.count() / 60)));
  CHECK(house.level("valve") == "OFF");
  CHECK(world.topic("gridtap/gateway/relay_valve/rejected").find("min_off") != std::string::npos);
  CHECK(valve_moved >= 1);
  CHECK(valve_moved <= 2 * (1 + static_cast<int>(lasted.count() / 2)));
  if (!sanitized) CHECK(most < memory + 4096);
  CHECK(meter_heard > before);
  CHECK(eventually([&] { return telegrams() > meter_heard; }));
  CHECK(world.topic("gridtap/meter/status") == "online");
  MESSAGE("the commands and what followed took ", lasted.count(), " s, memory ", memory,
          " kB before and ", most, " kB at most, telegrams ", meter_heard - before,
          ", moves: pump ", pump_moved, ", valve ", valve_moved);
}
