#include "io/line_address.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using io::LineAddress;

TEST_CASE("line address: a device file is named by its whole path") {
  const auto address = io::parse_line_address("/dev/serial/by-id/usb-FTDI_A10K1234-if00-port0");
  REQUIRE(address);
  CHECK(address->kind == LineAddress::Kind::serial);
  CHECK(address->path == "/dev/serial/by-id/usb-FTDI_A10K1234-if00-port0");
}

TEST_CASE("line address: a TCP line has host and port") {
  struct Case {
    std::string_view text, host;
    std::uint16_t port;
  };
  for (const auto& [text, host, port] : {Case{"tcp://meter.local:23", "meter.local", 23},
                                         Case{"tcp://192.168.1.20:2000", "192.168.1.20", 2000},
                                         Case{"tcp://[::1]:65535", "::1", 65535}}) {
    CAPTURE(text);
    const auto address = io::parse_line_address(text);
    REQUIRE(address);
    CHECK(address->kind == LineAddress::Kind::tcp);
    CHECK(address->host == host);
    CHECK(address->port == port);
  }
}

TEST_CASE("line address: errors are reported with the remedy") {
  struct Case {
    std::string_view text, remedy;
  };
  for (const auto& [text, remedy] :
       {Case{"", "whole path"}, Case{"ttyUSB0", "whole path"}, Case{"dev/ttyUSB0", "whole path"},
        Case{"tcp://meter", "needs its port"}, Case{"tcp://:23", "no host"},
        Case{"tcp://meter:", "1 to 65535"}, Case{"tcp://meter:0", "1 to 65535"},
        Case{"tcp://meter:65536", "1 to 65535"}, Case{"tcp://meter:23x", "1 to 65535"},
        Case{"tcp://::1:23", "brackets"}, Case{"tcp://[::1]23", "needs its port"},
        Case{"udp://meter:23", "whole path"}, Case{"/dev/tty USB0", "a space in the path"},
        Case{"/dev/tty\n", "control characters"}, Case{"/dev/ttyUSB0# x", "in front of its #"}}) {
    CAPTURE(text);
    const auto address = io::parse_line_address(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().detail.find(remedy) != std::string::npos);
  }
  CHECK_FALSE(io::parse_line_address(std::string(5000, '/')));
}
