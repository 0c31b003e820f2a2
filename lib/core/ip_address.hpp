#pragma once
// Addresses of the internet protocol in numbers, of both versions, and where they belong: to this
// machine, to a private network, to anywhere.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace gridtap {

// IPv4 is mapped into IPv6: ::ffff:192.168.1.5. `scope`: the link of a link-local one (fe80::),
// where it is known.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::uint32_t scope = 0;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

bool is_version_4(const IpAddress& address);
bool is_loopback(const IpAddress& address);
bool is_any(const IpAddress& address);  // 0.0.0.0, [::]: to listen there is to listen everywhere
// RFC 1918, unique local (fc00::/7) and link-local: what no router of the internet passes on.
bool is_private(const IpAddress& address);
// Whether both have the same first `bits` bits, of 128: an IPv4 prefix is 96 longer.
bool same_prefix(const IpAddress& a, const IpAddress& b, unsigned bits);
std::string to_text(const IpAddress& address);  // 192.168.1.5, fe80::1

struct SocketAddress {
  IpAddress address;
  std::uint16_t port = 0;
  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

// 127.0.0.1: what only this machine reaches.
SocketAddress loopback(std::uint16_t port);
// Reads 127.0.0.1:2002 and [::1]:2002, port 1 to 65535. An error says what to write instead.
Result<SocketAddress> parse_socket_address(std::string_view text);
std::string to_text(const SocketAddress& address);

}  // namespace gridtap
