#include "core/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace gridtap {
namespace {

constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::string_view wanted = "write an address of this machine and a port: 127.0.0.1:2002";

IpAddress version_4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  std::copy(mapped.begin(), mapped.end(), address.bytes.begin());
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin() + mapped.size());
  return address;
}

struct Range {
  IpAddress first;
  unsigned bits;
};

bool is_within(const IpAddress& address, const Range& range) {
  return same_prefix(address, range.first, range.bits);
}

std::optional<IpAddress> parse_address(const std::string& text, bool bracketed) {
  if (bracketed) {
    IpAddress address;
    if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
    return {};
  }
  std::array<std::uint8_t, 4> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return version_4(bytes);
  return {};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return {};
  return port;
}

}  // namespace

bool is_version_4(const IpAddress& address) {
  return std::equal(mapped.begin(), mapped.end(), address.bytes.begin());
}

bool is_loopback(const IpAddress& address) {
  IpAddress loopback;
  loopback.bytes.back() = 1;
  return is_within(address, {version_4({127, 0, 0, 0}), 104}) || address.bytes == loopback.bytes;
}

bool is_any(const IpAddress& address) {
  const auto begin = address.bytes.begin() + (is_version_4(address) ? mapped.size() : 0);
  return std::all_of(begin, address.bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool is_private(const IpAddress& address) {
  IpAddress unique_local, link_local;
  unique_local.bytes[0] = 0xFC;
  link_local.bytes[0] = 0xFE;
  link_local.bytes[1] = 0x80;
  const Range ranges[] = {{version_4({10, 0, 0, 0}), 104},
                          {version_4({172, 16, 0, 0}), 108},
                          {version_4({192, 168, 0, 0}), 112},
                          {version_4({169, 254, 0, 0}), 112},
                          {unique_local, 7},
                          {link_local, 10}};
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) { return is_within(address, range); });
}

bool same_prefix(const IpAddress& a, const IpAddress& b, unsigned bits) {
  bits = std::min(bits, 128U);
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto n = static_cast<std::size_t>(whole);
  return (a.bytes[n] ^ b.bytes[n]) >> (8 - bits % 8) == 0;
}

SocketAddress loopback(std::uint16_t port) { return {version_4({127, 0, 0, 1}), port}; }

std::string to_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool four = is_version_4(address);
  ::inet_ntop(four ? AF_INET : AF_INET6, address.bytes.data() + (four ? mapped.size() : 0),
              text.data(), text.size());
  return text.data();
}

Result<SocketAddress> parse_socket_address(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t colon = text.rfind(':');
  const std::size_t end = bracketed ? text.find(']') : colon;
  if (colon == text.npos || end == text.npos || (bracketed && colon != end + 1)) {
    return failed(Fault::config, std::string(wanted));
  }
  const std::string host(text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0)));
  const auto address = parse_address(host, bracketed);
  if (!address) {
    return failed(Fault::config, "the address in numbers, no name: 127.0.0.1:2002 or [::1]:2002");
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return failed(Fault::config, "no port from 1 to 65535 behind the address");
  return SocketAddress{*address, *port};
}

std::string to_text(const SocketAddress& address) {
  const std::string host = to_text(address.address);
  const bool four = is_version_4(address.address);
  return (four ? host : '[' + host + ']') + ':' + std::to_string(address.port);
}

}  // namespace gridtap
