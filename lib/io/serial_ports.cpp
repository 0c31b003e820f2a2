#include "io/serial_ports.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kinds = {"ttyACM", "ttyAMA", "ttyUSB"};

std::vector<std::string> entries_of(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_port(const std::string& path) {
  const std::string name = fs::path(path).filename();
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](std::string_view kind) { return name.starts_with(kind); });
}

}  // namespace

std::vector<std::string> serial_ports(const std::string& directory) {
  std::vector<std::string> ports = entries_of(fs::path(directory) / "serial" / "by-id");
  if (!ports.empty()) return ports;
  ports = entries_of(directory);
  std::erase_if(ports, [](const std::string& path) { return !is_port(path); });
  return ports;
}

}  // namespace gridtap::io
