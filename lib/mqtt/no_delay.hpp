#pragma once
// The one socket option that Paho does not hand out.

#include <cstdint>

namespace gridtap::mqtt {

// Sets TCP_NODELAY on this process's sockets to that port: Paho writes a packet in pieces, which
// costs 40 ms each time without it, and hands out neither its socket nor this option. Returns how
// many it found.
int set_no_delay(std::uint16_t port);

}  // namespace gridtap::mqtt
