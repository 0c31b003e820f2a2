#include "mqtt/broker_socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>

namespace gridtap::mqtt {
namespace {

constexpr int unacknowledged_ms = 15'000;

// The port at the other end; 0 where the descriptor is no connected TCP socket.
std::uint16_t peer_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return 0;
}

void set(int descriptor, int option, int value) {
  setsockopt(descriptor, IPPROTO_TCP, option, &value, sizeof value);
}

}  // namespace

std::size_t BrokerSocket::find(std::uint16_t port) {
  count_ = 0;
  std::error_code error;
  std::filesystem::directory_iterator at("/proc/self/fd", error);
  for (; !error && at != std::filesystem::directory_iterator{}; at.increment(error)) {
    const std::string name = at->path().filename().string();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    if (peer_port(descriptor) != port || count_ == max_sockets) continue;
    set(descriptor, TCP_NODELAY, 1);
    set(descriptor, TCP_USER_TIMEOUT, unacknowledged_ms);
    found_[count_++] = descriptor;
  }
  return count_;
}

void BrokerSocket::hold() const {
  for (std::size_t n = 0; n < count_; ++n) set(found_[n], TCP_CORK, 1);
}

void BrokerSocket::release() const {
  for (std::size_t n = 0; n < count_; ++n) set(found_[n], TCP_CORK, 0);
}

}  // namespace gridtap::mqtt
