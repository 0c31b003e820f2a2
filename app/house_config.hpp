#pragma once
// The configuration of a house as values: who is on which line, where the broker is, what Home
// Assistant shall see. Reading it finds every problem in one pass; product.md 8 lists the keys, and
// config.example.yaml shows them all.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/history_setting.hpp"
#include "app/relay_setting.hpp"
#include "app/serve_setting.hpp"
#include "app/web_setting.hpp"
#include "core/ip_address.hpp"
#include "core/part.hpp"
#include "core/ports.hpp"
#include "core/section.hpp"
#include "io/line_address.hpp"
#include "mqtt/bridge.hpp"
#include "mqtt/paho_broker.hpp"
#include "rules/hours.hpp"

namespace gridtap::app {

struct DeviceConfig {
  std::string id;
  std::vector<std::string> ids;  // of it and of the devices that it becomes on a shared line
  const AdapterKind* kind = nullptr;
  io::LineAddress line;
  std::vector<SerialSettings> serial;  // the configured one, or all of the adapter's
  bool search = false;
  bool rts = true, dtr = true;
  std::chrono::milliseconds offline_after{0};  // 0: as the adapter says
  std::chrono::milliseconds dwell{2000};       // between two moves of one of its switches
  std::chrono::seconds energy_period{0};       // of energies that come seldom; 0: with every frame
  std::optional<HoursOptions> hours;           // what is made of its import; nothing: no rule
  std::optional<Zone> days;  // whose midnights divide what it counts; nothing: it counts no house
  std::optional<ServeConfig> serve;  // other programs may use its line too
  mqtt::DeviceOptions shown;         // its name, intervals and entities
  std::unique_ptr<Adapter> adapter;
};

struct HouseConfig {
  std::string state_dir;
  std::string time_zone;  // of the house; empty: the host's
  Level log_level = Level::info;
  mqtt::BridgeOptions bridge;  // without the devices
  mqtt::PahoOptions broker;
  bool has_broker = true;                  // false: only other faces show the house
  std::optional<SocketAddress> questions;  // the UDP port where they are answered
  std::optional<WebConfig> web;            // the page; nothing: none is served
  std::optional<HistoryConfig> history;    // nothing: none is kept
  std::string update_url;                  // of the newest release; empty: nothing is asked
  std::vector<DeviceConfig> devices;
  std::vector<RelayConfig> relays;
};

// What was wrong; the house is fit for use only where nothing was, and only then there are
// warnings.
struct LoadedHouse {
  HouseConfig house;
  Problems problems;
  bool lacks_only_devices = false;  // the one problem is that there are none, and no relays
  Problems secret_warnings, place_warnings;
};
LoadedHouse load_house(const std::string& file);
// Prints each problem as `FILE:LINE:COLUMN: key: what is wrong`.
void print(const Problems& problems, const std::string& file);

// Splits `KEY=VALUE` texts of --set into a map; a text without `=` is a problem.
Setting settings_of(const std::vector<std::string>& sets, Problems& problems);

// Reads a small file for a Section.
const ReadFile& file_reader();

}  // namespace gridtap::app
