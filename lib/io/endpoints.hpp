#pragma once
// Addresses as Asio has them, and as the rest of the program does. Only lib/io includes this.

#include <asio.hpp>

#include "core/ip_address.hpp"

namespace gridtap::io {

// `Protocol` is asio::ip::tcp or asio::ip::udp.
template <class Protocol>
typename Protocol::endpoint endpoint_of(const SocketAddress& address) {
  const asio::ip::address_v6 six(address.address.bytes, address.address.scope);
  if (!is_version_4(address.address)) return {six, address.port};
  return {asio::ip::make_address_v4(asio::ip::v4_mapped, six), address.port};
}

template <class Endpoint>
SocketAddress address_of(const Endpoint& endpoint) {
  const asio::ip::address address = endpoint.address();
  const asio::ip::address_v6 six =
      address.is_v6() ? address.to_v6()
                      : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4());
  SocketAddress out;
  out.address.bytes = six.to_bytes();
  out.address.scope = static_cast<std::uint32_t>(six.scope_id());
  out.port = endpoint.port();
  return out;
}

}  // namespace gridtap::io
