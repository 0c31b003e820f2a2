// Addresses in numbers: what they are, and where they belong.
#include "core/ip_address.hpp"

#include <doctest/doctest.h>

using namespace gridtap;

namespace {

IpAddress address(const std::string& text) {
  const bool six = text.find(':') != text.npos;
  const auto parsed = parse_socket_address((six ? '[' + text + ']' : text) + ":1");
  REQUIRE(parsed);
  return parsed->address;
}

}  // namespace

TEST_CASE("address: both versions are read with their port, and written the same") {
  for (const char* text : {"127.0.0.1:2002", "0.0.0.0:1", "192.168.1.5:65535", "[::1]:2002",
                           "[fe80::1]:7", "[::]:2002"}) {
    CAPTURE(text);
    const auto parsed = parse_socket_address(text);
    REQUIRE(parsed);
    CHECK(to_text(*parsed) == text);
  }
  CHECK(is_version_4(address("10.0.0.1")));
  CHECK(is_version_4(address("::ffff:10.0.0.1")));
  CHECK_FALSE(is_version_4(address("::1")));
}

TEST_CASE("address: what is no address with a port is refused with what to write") {
  const std::pair<const char*, const char*> wrong[] = {{"", "write an address"},
                                                       {"2002", "write an address"},
                                                       {"[::1]", "write an address"},
                                                       {"[::1]x:2", "write an address"},
                                                       {"[::1:2002", "write an address"},
                                                       {"localhost:2002", "no name"},
                                                       {"::1:2002", "no name"},
                                                       {"1.2.3:2002", "no name"},
                                                       {"1.2.3.256:2002", "no name"},
                                                       {"[127.0.0.1]:2002", "no name"},
                                                       {":2002", "no name"},
                                                       {"127.0.0.1:", "no port from 1"},
                                                       {"127.0.0.1:0", "no port from 1"},
                                                       {"127.0.0.1:65536", "no port from 1"},
                                                       {"127.0.0.1:+1", "no port from 1"},
                                                       {"127.0.0.1:20 ", "no port from 1"}};
  for (const auto& [text, why] : wrong) {
    CAPTURE(text);
    const auto parsed = parse_socket_address(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().detail.find(why) != std::string::npos);
  }
}

TEST_CASE("address: this machine, private networks and the internet are told apart") {
  for (const char* text : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"}) {
    CAPTURE(text);
    CHECK(is_loopback(address(text)));
    CHECK_FALSE(is_private(address(text)));
  }
  for (const char* text : {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.5", "169.254.3.4",
                           "fd12::1", "fe80::1", "febf::1"}) {
    CAPTURE(text);
    CHECK(is_private(address(text)));
    CHECK_FALSE(is_loopback(address(text)));
  }
  for (const char* text : {"8.8.8.8", "172.32.0.1", "172.15.0.1", "192.169.0.1", "11.0.0.1",
                           "100.64.0.1", "2001:db8::1", "fec0::1", "::2", "::"}) {
    CAPTURE(text);
    CHECK_FALSE(is_private(address(text)));
    CHECK_FALSE(is_loopback(address(text)));
  }
}

TEST_CASE("address: a prefix is compared bit by bit") {
  CHECK(same_prefix(address("1.2.3.4"), address("1.2.3.7"), 96 + 30));
  CHECK_FALSE(same_prefix(address("1.2.3.4"), address("1.2.3.8"), 96 + 30));
  CHECK(same_prefix(address("2001:db8::1"), address("2001:db8::ffff"), 64));
  CHECK_FALSE(same_prefix(address("2001:db8::1"), address("2001:db8:0:1::1"), 64));
  CHECK(same_prefix(address("::1"), address("8.8.8.8"), 0));
  CHECK_FALSE(same_prefix(address("::1"), address("::2"), 1000));
  CHECK(same_prefix(address("::1"), address("::1"), 128));
}

TEST_CASE("ip address: the one of all addresses, in both versions") {
  CHECK(is_any(parse_socket_address("0.0.0.0:1")->address));
  CHECK(is_any(parse_socket_address("[::]:1")->address));
  CHECK_FALSE(is_any(parse_socket_address("0.0.0.1:1")->address));
  CHECK_FALSE(is_any(parse_socket_address("[::1]:1")->address));
}
