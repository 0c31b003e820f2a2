#pragma once
// The networks that this machine is in, by the addresses of its interfaces.

#include <vector>

#include "core/ip_address.hpp"

namespace gridtap::io {

struct Network {
  IpAddress address;  // of this machine
  unsigned bits = 0;  // of the prefix, of 128
};

// Without those that are as good as everything: a prefix of less than 8 bits of IPv4, 32 of IPv6.
std::vector<Network> own_networks();
bool is_in(const std::vector<Network>& networks, const IpAddress& address);

}  // namespace gridtap::io
