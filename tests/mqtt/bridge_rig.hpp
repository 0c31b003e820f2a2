#pragma once
// A bridge between a clock turned by hand, a broker in memory, and devices played by the test.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/manual_clock.hpp"
#include "mqtt/bridge.hpp"
#include "support/fake_broker.hpp"
#include "support/fakes.hpp"

namespace gridtap::mqtt {

using namespace std::chrono_literals;

inline DeviceOptions device_options(std::string id) {
  DeviceOptions options;
  options.id = std::move(id);
  return options;
}

inline BridgeOptions bridge_options(std::vector<DeviceOptions> devices = {
                                        device_options("meter")}) {
  BridgeOptions options;
  options.version = "1.2.3";
  options.devices = std::move(devices);
  return options;
}

// The same devices, as the model is told of them.
inline model::Options model_options(const BridgeOptions& options) {
  model::Options known;
  known.base = options.base;
  known.devices.assign(options.devices.begin(), options.devices.end());
  return known;
}

class BridgeRig {
 public:
  explicit BridgeRig(BridgeOptions options = bridge_options()) : options_(std::move(options)) {
    run();
  }

  // Another run of the program, with the same store and broker.
  void restart(BridgeOptions options) {
    options_ = std::move(options);
    bridge.reset();
    known.reset();
    broker.connected = false;
    broker.clear();
    run();
  }
  void restart() { restart(options_); }

  void connect() {
    broker.connect();
    turn(0ms);
  }
  void turn(std::chrono::milliseconds by) {
    static constexpr std::chrono::milliseconds step = 5s;  // a broker does not keep us waiting
    broker.echo();
    for (; by > step; by -= step) {
      clock.advance(step);
      broker.echo();
    }
    clock.advance(by);
    broker.echo();
  }

  void say(std::string_view device, const Effect& effect) {
    known->on_effect(device, effect, clock.now());
  }
  void identify(std::string_view device, std::string_view serial) {
    say(device, Identified{"", {"", serial, serial, "Maker", "M1", "1.0"}});
  }
  void identify_child(std::string_view device, std::string_view channel, std::string_view suffix,
                      std::string_view serial) {
    say(device, Identified{channel, {suffix, serial, serial, "", "", ""}});
  }
  void read(std::string_view device, std::string_view key, Value value,
            std::string_view attributes = {}) {
    say(device, Reading{"", key, "1-0:1.7.0", value, {}, attributes});
  }
  void read_child(std::string_view device, std::string_view channel, std::string_view key,
                  Value value) {
    say(device, Reading{channel, key, "0-1:24.2.1", value});
  }
  void end_frame(std::string_view device) {
    say(device, Frame{100});
    say(device, Alive{"", 30s});
    turn(0ms);
  }
  // One telegram of a meter: who it is, and a power.
  void telegram(std::int64_t power, std::string_view serial = "E1") {
    identify("meter", serial);
    read("meter", "power_import", Decimal{power, 0});
    end_frame("meter");
  }

  // The gateway's own device, with one relay.
  void start_gateway() {
    EntitySpec relay = *find_spec("relay_boiler");
    relay.key = "relay_boiler";
    say("gateway", Identified{"", {"", "", "gridtap", "gridtap", "MQTT gateway", "1.2.3"}});
    say("gateway", Entity{"", &relay});
    say("gateway", Entity{"", find_spec("announce_again")});
    read("gateway", "version", std::string_view("1.2.3"));
    read("gateway", "relay_boiler", false);
    say("gateway", Frame{0});
    turn(0ms);
  }

  // Of a device that has an identity.
  std::string config_topic(std::string_view device) const {
    const model::Device* const known_device = known->find_handle(device);
    const std::string identity = known_device == nullptr ? "" : known_device->identity;
    return "homeassistant/device/gridtap_" + identity + "/config";
  }
  nlohmann::json config(std::string_view device) const {
    return nlohmann::json::parse(broker.held(config_topic(device)), nullptr, false);
  }
  nlohmann::json component(std::string_view device, std::string_view key) const {
    const auto all = config(device);
    if (all.is_discarded() || !all["cmps"].contains(key)) return {};
    return all["cmps"][std::string(key)];
  }

  io::ManualClock clock{Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}}};
  FakeBroker broker;
  MemoryStore store;
  MemoryLog log;
  struct Obeyed {
    std::string device, channel, key, value, text;
    std::optional<Mono> expires;
  };
  std::vector<Obeyed> commands;
  std::vector<bool> broker_seen;
  AnnouncementStore announcements{store};
  std::unique_ptr<model::Model> known;
  std::unique_ptr<Bridge> bridge;

 private:
  void run() {
    known = std::make_unique<model::Model>(model_options(options_), clock, announcements, log);
    bridge = std::make_unique<Bridge>(
        options_, *known, clock, broker, announcements, log, 1,
        [this](std::string_view device, const Command& command) {
          commands.push_back({std::string(device), std::string(command.channel),
                              std::string(command.key), to_text(command.value),
                              std::string(command.text), command.expires});
        },
        [this](bool connected) { broker_seen.push_back(connected); });
    known->start();
    bridge->start();
  }

  BridgeOptions options_;
};

}  // namespace gridtap::mqtt
