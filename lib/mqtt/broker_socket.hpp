#pragma once
// The sockets of this process to its broker, for what Paho does not hand out: it writes a message
// in a call of its own, which without TCP_NODELAY waits 40 ms for the one before it, and with it
// makes each a packet of its own.

#include <array>
#include <cstddef>
#include <cstdint>

namespace gridtap::mqtt {

class BrokerSocket {
 public:
  static constexpr std::size_t max_sockets = 4;

  // Finds the sockets to that port, lets them send at once,  and has the kernel drop a peer that
  // acknowledges nothing for 15 s (tcp(7), TCP_USER_TIMEOUT). Returns how many it found.
  std::size_t find(std::uint16_t port);

  // Between the two, from any thread, the kernel gathers what is written into whole packets, for at
  // most 200 ms (tcp(7), TCP_CORK). A descriptor that meanwhile is something else takes no harm.
  void hold() const;
  void release() const;

 private:
  std::array<int, max_sockets> found_{};
  std::size_t count_ = 0;
};

}  // namespace gridtap::mqtt
