#include "io/own_networks.hpp"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <optional>

namespace gridtap::io {
namespace {

constexpr unsigned least_bits_4 = 96 + 8, least_bits_6 = 32;

// Of either version; a structure of the kernel's is copied out, never cast.
std::optional<IpAddress> address_of(const sockaddr* from) {
  if (from == nullptr) return {};
  IpAddress address;
  if (from->sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, from, sizeof six);
    std::memcpy(address.bytes.data(), &six.sin6_addr, address.bytes.size());
    return address;
  }
  if (from->sa_family != AF_INET) return {};
  sockaddr_in four{};
  std::memcpy(&four, from, sizeof four);
  address.bytes[10] = address.bytes[11] = 0xFF;
  std::memcpy(address.bytes.data() + 12, &four.sin_addr, 4);
  return address;
}

unsigned bits_of(const IpAddress& mask) {
  int bits = 0;
  const std::size_t first = is_version_4(mask) ? 12 : 0;
  for (std::size_t n = first; n < mask.bytes.size(); ++n) bits += std::popcount(mask.bytes[n]);
  return static_cast<unsigned>(bits) + static_cast<unsigned>(8 * first);
}

}  // namespace

std::vector<Network> own_networks() {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(all, &::freeifaddrs);
  std::vector<Network> networks;
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    const auto address = address_of(each->ifa_addr), mask = address_of(each->ifa_netmask);
    if (!address || !mask) continue;
    const Network network{*address, bits_of(*mask)};
    const unsigned least = is_version_4(*address) ? least_bits_4 : least_bits_6;
    if (network.bits >= least) networks.push_back(network);
  }
  return networks;
}

bool is_in(const std::vector<Network>& networks, const IpAddress& address) {
  return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
    return same_prefix(network.address, address, network.bits);
  });
}

}  // namespace gridtap::io
