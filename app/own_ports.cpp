#include "app/own_ports.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace gridtap::app {
namespace {

struct PortInUse {
  SocketAddress at;
  std::string setting;  // web.listen
};

// One address of the machine, or all of them.
bool meet(const SocketAddress& a, const SocketAddress& b) {
  return a.port == b.port && (a.address == b.address || is_any(a.address) || is_any(b.address));
}

std::optional<std::string> taken_by(const SocketAddress& at, const std::vector<PortInUse>& ports) {
  const auto found = std::find_if(ports.begin(), ports.end(),
                                  [&](const PortInUse& port) { return meet(port.at, at); });
  return found == ports.end() ? std::nullopt : std::optional(found->setting);
}

// It would never hear anything.
bool reads_itself(const DeviceConfig& device) {
  const io::LineAddress& line = device.line;
  const SocketAddress& listen = device.serve->listen;
  if (line.kind != io::LineAddress::Kind::tcp || line.port != listen.port) return false;
  if (line.host == "localhost" || line.host == to_text(listen.address)) return true;
  return line.host == "127.0.0.1" && is_any(listen.address);
}

}  // namespace

void check_own_ports(Section devices, const HouseConfig& house) {
  std::vector<PortInUse> ports;
  if (house.web) ports.push_back({house.web->listen, "web.listen"});
  for (const DeviceConfig& device : house.devices) {
    if (!device.serve || device.serve->listen.port == 0) continue;
    Section section = devices.section(device.id);
    if (const auto taken = taken_by(device.serve->listen, ports)) {
      section.problem("serve", "this port is that of `" + *taken + "` already: give each its own");
    }
    if (reads_itself(device)) {
      section.problem("serve",
                      "this port is the line that the device itself reads: choose another one");
    }
    ports.push_back({device.serve->listen, "devices." + device.id + ".serve"});
  }
}

}  // namespace gridtap::app
