#include "app/house_config.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <tuple>

#include "adapters/registry.hpp"
#include "app/config_shape.hpp"
#include "app/config_slips.hpp"
#include "app/config_warnings.hpp"
#include "app/entity_keys.hpp"
#include "app/hours_setting.hpp"
#include "app/own_ports.hpp"
#include "app/serial_setting.hpp"
#include "config/yaml_config.hpp"
#include "core/ids.hpp"
#include "io/curl_client.hpp"
#include "io/read_file.hpp"

namespace gridtap::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_interval = 24h, longest_dwell = 1h;

Level level_of(std::string_view word) {
  if (word == "debug") return Level::debug;
  if (word == "warning") return Level::warning;
  return word == "error" ? Level::error : Level::info;
}

void read_tls(Section section, mqtt::PahoOptions& broker) {
  mqtt::TlsOptions tls;
  tls.ca_file = section.text("ca_file");
  tls.certificate_file = section.text("certificate_file");
  tls.key_file = section.text("key_file");
  tls.insecure = section.flag("insecure", false);
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    section.problem(tls.key_file.empty() ? "certificate_file" : "key_file",
                    "certificate_file and key_file go together: give both or none");
  }
  section.finish();
  broker.tls = tls;
}

// `tls: true` of other programs; false where there is no TLS.
bool wants_tls(Section& section) {
  section.accept("tls");
  if (!section.has("tls")) return false;
  const std::vector<std::string> word = section.written("tls");
  if (word.empty()) return true;
  section.problem("tls", word[0] == "false" ? "leave `tls:` out if the broker has none"
                                            : "write `tls: {}`, or `ca_file:` below `tls:`");
  return false;
}

void read_mqtt(Section section, HouseConfig& house) {
  mqtt::PahoOptions& broker = house.broker;
  section.slips(mqtt_slips());
  broker.host = section.text("host", "localhost");
  if (const auto bad = host_problem(broker.host)) section.problem("host", *bad);
  const bool tls = wants_tls(section);
  broker.port = static_cast<std::uint16_t>(section.integer("port", tls ? 8883 : 1883, 1, 65535));
  broker.user = section.text("user");
  house.bridge.user = broker.user;
  broker.password = section.secret("password_file");
  broker.client_id = section.text("client_id");
  if (broker.client_id.empty()) broker.client_id = house.bridge.base;
  if (tls) read_tls(section.section("tls"), broker);
  if (broker.user.empty() && !broker.password.empty()) {
    section.problem("password_file", "a password needs a user: add `user:`");
  }
  section.finish();
  broker.will_topic = house.bridge.base + "/status";
}

void read_home_assistant(Section section, mqtt::BridgeOptions& bridge) {
  using Discovery = mqtt::BridgeOptions::Discovery;
  section.slips(home_assistant_slips());
  const std::string form = section.choice("discovery", {"device", "entity", "off"}, "device");
  bridge.discovery = form == "off"      ? Discovery::off
                     : form == "entity" ? Discovery::entity
                                        : Discovery::device;
  bridge.prefix = section.text("prefix", "homeassistant");
  if (const auto bad = topic_problem(bridge.prefix)) section.problem("prefix", *bad);
  bridge.reactive_energy_class = section.flag("reactive_energy_class", false);
  section.finish();
}

// Nothing is asked of the internet unless it is wanted.
std::string read_updates(Section section) {
  constexpr std::string_view releases = "https://github.com/gridtap/gridtap/releases/latest";
  const bool check = section.flag("check", false);
  const std::string url = section.text("url", releases);
  if (!io::curl_config_of_head(url)) {
    section.problem("url", "write the address of a page: " + std::string(releases));
  }
  section.finish();
  return check ? url : std::string{};
}

std::optional<SocketAddress> read_questions(Section& root) {
  const std::string text = root.text("questions");
  if (!root.has("questions")) return {};
  const auto address = parse_socket_address(text);
  if (address) return *address;
  root.problem("questions", address.error().detail);
  return {};
}

// An adapter that takes own keys takes any, and reads what else is there.
std::vector<model::EntityOverride> read_entities(Section section, const AdapterKind* kind) {
  std::vector<model::EntityOverride> overrides;
  for (const std::string& key : section.names()) {
    Section entity = section.section(key);
    model::EntityOverride found{.key = key, .name = {}, .enabled = {}};
    if (entity.has("name")) found.name = entity.text("name");
    if (entity.has("enabled")) found.enabled = entity.flag("enabled", true);
    overrides.push_back(std::move(found));
    if (kind != nullptr && kind->keys_from == KeysFrom::configuration) continue;
    entity.finish();
    if (find_spec(key) == nullptr) section.name_problem(key, no_such_entity(key, kind));
  }
  return overrides;
}

void read_serial(Section& section, DeviceConfig& device) {
  const AdapterKind& kind = *device.kind;
  const std::string text = section.text("serial", kind.serial.size() > 1 ? "auto" : "");
  device.rts = section.flag("rts", true);
  device.dtr = section.flag("dtr", true);
  if (device.line.kind == io::LineAddress::Kind::tcp) {
    if (section.has("serial")) {
      section.problem("serial", "a TCP line has no serial setting: set it where the port is");
    }
    return;
  }
  device.serial.assign(kind.serial.begin(), kind.serial.end());
  device.search = text == "auto";
  if (text.empty()) device.serial.resize(1);
  if (text.empty() || device.search) return;
  const auto serial = parse_serial(text);
  if (serial) {
    device.serial = {*serial};
  } else {
    section.problem("serial", serial.error().detail);
  }
}

void read_line(Section& section, DeviceConfig& device) {
  const std::string text = section.text("line");
  if (!section.has("line")) {
    if (has_slip_for(section, device_slips(), "line")) return;
    section.problem("", "no `line`: write /dev/serial/by-id/... or tcp://HOST:PORT");
  } else if (auto line = io::parse_line_address(text)) {
    device.line = *line;
    const bool network = device.kind != nullptr && device.kind->serial.empty();
    if (network && line->kind != io::LineAddress::Kind::tcp) {
      section.problem("line",
                      "it is asked over the network: write tcp://HOST:PORT, the port is 502");
    }
  } else {
    section.problem("line", line.error().detail);
  }
}

const AdapterKind* read_kind(Section& section) {
  Words words;
  for (const AdapterKind* kind : kinds()) words.push_back(kind->name);
  if (!section.has("adapter")) {
    section.accept("adapter");
    if (has_slip_for(section, device_slips(), "adapter")) return nullptr;
    section.problem("", "no `adapter`: say what the device is, for example `adapter: p1`");
    return nullptr;
  }
  return find_kind(section.choice("adapter", words, ""));
}

std::uint32_t random_seed() { return std::random_device{}(); }

// A line with several addresses carries a device for each.
void add_ids(const Section& section, DeviceConfig& device) {
  const std::vector<std::string> numbers = section.written(device.kind->many_by);
  if (numbers.size() < 2) return;
  for (const std::string& number : numbers) device.ids.push_back(device.id + '_' + number);
}

// A machine that knows no time zone has the days of UTC.
std::optional<Zone> days_zone(std::string_view name) {
  const auto zone = Zone::named(name);
  return zone ? zone : Zone::named("UTC");
}

DeviceConfig read_device(Section section, std::string id, const HouseConfig& house) {
  DeviceConfig device;
  device.id = std::move(id);
  device.ids = {device.id};
  if (!section.usable()) return device;
  section.slips(device_slips());
  mqtt::DeviceOptions& shown = device.shown;
  shown.id = device.id;
  shown.name = section.text("name");
  shown.area = section.text("area");
  shown.interval = section.duration("interval", 10s, 0s, longest_interval);
  const auto slow = section.duration("slow_interval", 60s, 0s, longest_interval);
  if (section.has("slow_interval")) shown.slow_interval = slow;
  shown.heartbeat = section.duration("heartbeat", 60s, 1s, longest_interval);
  device.kind = read_kind(section);
  device.offline_after = section.duration("stale", 0s, 1s, longest_interval);
  shown.stale = std::chrono::ceil<model::ShortSeconds>(device.offline_after);
  device.dwell = section.duration("dwell", device.dwell, 0s, longest_dwell);
  if (section.has("entities")) {
    shown.entities = read_entities(section.section("entities"), device.kind);
  }
  if (device.kind != nullptr && device.kind->keys_from == KeysFrom::configuration)
    shown.announce_unknown_keys = section.flag("auto_discover", false);
  read_line(section, device);
  if (device.kind == nullptr) {  // which keys belong to it is not known: only slips are named
    section.finish_slips();
    return device;
  }
  shown.identity_wait = device.kind->identity_wait;
  device.energy_period = device.kind->energy_period;
  const std::vector<std::string> own_zone = section.written("time_zone");
  const std::string zone = own_zone.empty() ? house.time_zone : own_zone.front();
  device.hours = read_hours(section, *device.kind, zone);
  if (counts_house(*device.kind)) device.days = days_zone(zone);
  add_ids(section, device);
  read_serial(section, device);
  device.serve = read_serve(section, *device.kind);
  device.adapter = device.kind->make(section, random_seed());
  section.finish();
  return device;
}

// One device has one line, and a line one device.
void find_shared_lines(Section& devices, const std::vector<DeviceConfig>& found) {
  std::map<std::string, std::string> owners;
  for (const DeviceConfig& device : found) {
    if (device.line.text.empty()) continue;
    const auto [owner, fresh] = owners.emplace(device.line.text, device.id);
    if (fresh) continue;
    devices.section(device.id).problem(
        "line", "this line already belongs to `" + owner->second + "`: one line, one device");
  }
}

// Two devices of one id would write the same topics.
void find_shared_ids(Section& devices, const std::vector<DeviceConfig>& found) {
  std::map<std::string, const DeviceConfig*> owners;
  for (const DeviceConfig& device : found) {
    for (const std::string& id : device.ids) {
      const auto [owner, fresh] = owners.emplace(id, &device);
      if (fresh || owner->second == &device) continue;
      const DeviceConfig& many = id == device.id ? *owner->second : device;
      devices.name_problem(device.id,
                           "`" + many.id + "` becomes `" + id + "` by its list `" +
                               std::string(many.kind->many_by) +
                               ":`, and so there are two of this id: " + "choose another one");
    }
  }
}

void read_devices(Section section, HouseConfig& house) {
  if (!section.usable()) return;
  for (const std::string& id : section.names()) {
    if (const auto bad = device_id_problem(id)) section.name_problem(id, *bad);
    house.devices.push_back(read_device(section.section(id), id, house));
  }
  find_shared_lines(section, house.devices);
  find_shared_ids(section, house.devices);
}

void read_relays(const Section& section, HouseConfig& house) {
  std::vector<AlarmSource> devices;
  for (const DeviceConfig& device : house.devices) {
    devices.push_back({device.id, device.hours && device.hours->limit_wh});
  }
  house.relays = app::read_relays(section, devices);
}

// Reports a problem where there is nothing to do.
bool is_empty(Section& root, const HouseConfig& house) {
  Section devices = root.section("devices");
  if (!house.devices.empty() || !house.relays.empty() || !devices.usable()) return false;
  devices.problem("", "no devices: add one below `devices:`");
  return true;
}

// Without `mqtt:` there is a broker on this machine, unless another face shows the house.
void read_faces(Section& root, HouseConfig& house) {
  BesideWeb beside{{}, house.questions};
  for (const DeviceConfig& device : house.devices) {
    beside.devices.insert(beside.devices.end(), device.ids.begin(), device.ids.end());
  }
  house.web = read_web(root, beside);
  house.history = read_history(root, {house.state_dir, beside.devices});
  const bool serves =
      std::any_of(house.devices.begin(), house.devices.end(),
                  [](const DeviceConfig& device) { return device.serve.has_value(); });
  house.has_broker = root.has("mqtt") || !(house.web || house.questions || house.history || serves);
  check_own_ports(root.section("devices"), house);
}

// Returns whether it is empty.
bool read_house(Section root, HouseConfig& house) {
  house.bridge.version = GRIDTAP_VERSION;
  house.bridge.base = root.text("base", "gridtap");
  if (const auto bad = topic_level_problem(house.bridge.base)) root.problem("base", *bad);
  house.state_dir = root.text("state_dir", "/var/lib/gridtap");
  house.time_zone = root.text("time_zone");
  if (!house.time_zone.empty() && !Zone::named(house.time_zone)) {
    root.problem("time_zone", "no such time zone: write one as Europe/Oslo");
  }
  Section log = root.section("log");
  house.log_level = level_of(log.choice("level", {"debug", "info", "warning", "error"}, "info"));
  log.finish();
  read_mqtt(root.section("mqtt"), house);
  read_home_assistant(root.section("home_assistant"), house.bridge);
  house.update_url = read_updates(root.section("updates"));
  house.questions = read_questions(root);
  read_devices(root.section("devices"), house);
  read_faces(root, house);
  read_relays(root.section("relays"), house);
  const bool empty = is_empty(root, house);
  root.finish();
  return empty;
}

}  // namespace

LoadedHouse load_house(const std::string& file) {
  LoadedHouse loaded;
  auto setting = config::load_yaml(file, loaded.problems);
  if (!setting) return loaded;
  repair_shape(*setting, loaded.problems);
  const bool empty =
      read_house(Section(*setting, "", loaded.problems, file_reader()), loaded.house);
  loaded.lacks_only_devices = empty && loaded.problems.size() == 1;
  std::stable_sort(
      loaded.problems.begin(), loaded.problems.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
      });
  if (!loaded.problems.empty()) return loaded;
  loaded.secret_warnings = secret_warnings(*setting);
  loaded.place_warnings = place_warnings(*setting, loaded.house);
  warn_of_relays(Section(*setting, "", loaded.place_warnings, file_reader()).section("relays"),
                 loaded.house.relays);
  return loaded;
}

void print(const Problems& problems, const std::string& file) {
  for (const Problem& problem : problems) std::cerr << to_text(problem, file) << '\n';
}

Setting settings_of(const std::vector<std::string>& sets, Problems& problems) {
  Setting map;
  map.kind = Setting::Kind::map;
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == set.npos || equals == 0) {
      problems.push_back({{}, set, "write KEY=VALUE"});
      continue;
    }
    Setting value;
    value.kind = Setting::Kind::scalar;
    value.text = set.substr(equals + 1);
    map.members.emplace_back(set.substr(0, equals), std::move(value));
    map.key_places.push_back({});
  }
  return map;
}

const ReadFile& file_reader() {
  static const ReadFile reader = [](const std::string& path) { return io::read_file(path); };
  return reader;
}

}  // namespace gridtap::app
