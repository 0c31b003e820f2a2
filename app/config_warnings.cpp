#include "app/config_warnings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include "app/history_warnings.hpp"
#include "app/house_config.hpp"
#include "io/read_file.hpp"
#include "io/serial_ports.hpp"

namespace gridtap::app {
namespace {

constexpr std::array<std::string_view, 5> secret_files = {
    "password_file", "key_file", "authentication_key_file", "mac_key_file", "token_file"};

bool is_secret_file(std::string_view key) {
  return std::find(secret_files.begin(), secret_files.end(), key) != secret_files.end();
}

void look_at_secrets(const Setting& map, const std::string& path, Problems& warnings) {
  for (const auto& [key, setting] : map.members) {
    const std::string name = path.empty() ? key : path + '.' + key;
    look_at_secrets(setting, name, warnings);
    // A name that is no path may be the secret itself.
    if (!is_secret_file(key) || !setting.text.starts_with('/')) continue;
    if (io::readable_by_all(setting.text)) {
      warnings.push_back({setting.place, name, "others can read it: chmod 640 " + setting.text});
    }
  }
}

const Setting* find(const Setting* map, std::string_view key) {
  if (map == nullptr) return nullptr;
  for (const auto& [name, setting] : map->members) {
    if (name == key) return &setting;
  }
  return nullptr;
}

Place place_of(const Setting* setting) { return setting != nullptr ? setting->place : Place{}; }

std::string ports_that_are_there() {
  const std::vector<std::string> ports = io::serial_ports();
  if (ports.empty()) return "there is no serial port at all: is the adapter plugged in?";
  std::string text = "there is";
  for (const std::string& port : ports) text += ' ' + port;
  return text;
}

// As the user that asks, with its groups.
bool writable(const std::string& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

std::string state_warning(const std::string& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) {
    return writable(directory) ? ""
                               : "this user cannot write there: run it as the user of the "
                                 "directory, or: sudo chown gridtap " +
                                     directory;
  }
  if (std::filesystem::exists(directory, error)) return "a file, and no directory";
  const std::string parent = std::filesystem::path(directory).parent_path();
  // The daemon makes the last level itself.
  return writable(parent.empty() ? "." : parent)
             ? ""
             : "no such directory: sudo install -d -o gridtap -g gridtap " + directory;
}

void warn_of_devices(const Setting& root, const HouseConfig& house, Problems& warnings) {
  for (const DeviceConfig& device : house.devices) {
    const Setting* settings = find(find(&root, "devices"), device.id);
    const Setting* checksum = find(settings, "checksum");
    if (checksum != nullptr && checksum->text == "none") {
      warnings.push_back({checksum->place, "devices." + device.id + ".checksum",
                          "a damaged telegram is not noticed, and its values are published: only "
                          "where nothing else helps"});
    }
    std::error_code error;
    if (device.line.path.empty() || std::filesystem::exists(device.line.path, error)) continue;
    warnings.push_back({place_of(find(settings, "line")), "devices." + device.id + ".line",
                        device.line.path + " is not there now; " + ports_that_are_there()});
  }
}

// Of who reaches the port of a line that is served.
std::string reach_warning(const ServeConfig& serve) {
  const std::string reach =
      "every machine that reaches this address can read what this household "
      "does all day";
  return reach + (serve.writes ? ", and write to the device: no password is asked for" : "") +
         "; 127.0.0.1 is for this machine alone";
}

void warn_of_served(const Setting& root, const HouseConfig& house, Problems& warnings) {
  for (const DeviceConfig& device : house.devices) {
    if (!device.serve || is_loopback(device.serve->listen.address)) continue;
    const Setting* const serve = find(find(find(&root, "devices"), device.id), "serve");
    warnings.push_back(
        {place_of(serve), "devices." + device.id + ".serve", reach_warning(*device.serve)});
  }
}

// Other faces may do without a broker; relays that count on its loss cannot.
void warn_of_broker_loss(const Setting& root, const HouseConfig& house, Problems& warnings) {
  if (house.has_broker) return;
  for (const RelayConfig& relay : house.relays) {
    const std::string& name = relay.options.rules.name;
    if (relay.options.rules.on_broker_loss == OnBrokerLoss::hold) continue;
    warnings.push_back({place_of(find(find(find(&root, "relays"), name), "on_broker_loss")),
                        "relays." + name + ".on_broker_loss",
                        "there is no `mqtt:` section, so no broker is ever lost: this never acts"});
  }
}

}  // namespace

Problems secret_warnings(const Setting& root) {
  Problems warnings;
  look_at_secrets(root, "", warnings);
  return warnings;
}

Problems place_warnings(const Setting& root, const HouseConfig& house) {
  Problems warnings;
  warn_of_devices(root, house, warnings);
  warn_of_served(root, house, warnings);
  warn_of_broker_loss(root, house, warnings);
  warn_of_history(root, house, warnings);
  if (house.questions && !is_loopback(house.questions->address)) {
    warnings.push_back({place_of(find(&root, "questions")), "questions",
                        "every machine that reaches this address can read (and not change) what "
                        "this household does all day; 127.0.0.1 is for this machine alone"});
  }
  if (house.web && !is_loopback(house.web->listen.address) && !house.web->ingress) {
    warnings.push_back({place_of(find(find(&root, "web"), "listen")), "web.listen",
                        std::string("every machine that reaches this address is asked for the "
                                    "password") +
                            (house.web->tls ? ""
                                            : ", and who listens on the network can read it: "
                                              "`tls:`, or a proxy in front, encrypts it")});
  }
  if (const std::string text = state_warning(house.state_dir); !text.empty()) {
    warnings.push_back(
        {place_of(find(&root, "state_dir")), "state_dir", house.state_dir + ": " + text});
  }
  return warnings;
}

}  // namespace gridtap::app
