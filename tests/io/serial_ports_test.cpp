#include "io/serial_ports.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/scratch.hpp"

using namespace gridtap;

TEST_CASE("serial ports: the names that stay the same are listed, or else the adapters") {
  const Scratch dev;
  const auto make = [&](const std::string& name) { std::ofstream(dev / name) << ""; };
  CHECK(io::serial_ports(dev / "").empty());
  CHECK(io::serial_ports(dev / "nowhere").empty());
  for (const char* name : {"ttyUSB1", "ttyAMA0", "ttyUSB0", "ttyACM0", "tty1", "null"}) make(name);
  CHECK(io::serial_ports(dev / "") == std::vector<std::string>{dev / "ttyACM0", dev / "ttyAMA0",
                                                               dev / "ttyUSB0", dev / "ttyUSB1"});
  std::filesystem::create_directories(dev / "serial/by-id");
  make("serial/by-id/usb-b");
  make("serial/by-id/usb-a");
  CHECK(io::serial_ports(dev / "") ==
        std::vector<std::string>{dev / "serial/by-id/usb-a", dev / "serial/by-id/usb-b"});
}
