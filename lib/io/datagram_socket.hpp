#pragma once
// A UDP port of this machine on the loop. A flood does not keep the loop busy: after `burst`
// datagrams the socket rests until `burst_span` is over, and the kernel drops what comes meanwhile.

#include <chrono>
#include <cstddef>
#include <memory>

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class DatagramSocket final : public DatagramPort {
 public:
  static constexpr std::size_t max_datagram = 2048;  // bytes; the rest of a longer one is cut off
  static constexpr std::size_t burst = 64;           // datagrams in each `burst_span`
  static constexpr std::chrono::milliseconds burst_span{100};
  // How long what was read of the networks of this machine holds.
  static constexpr std::chrono::seconds links_span{60};

  // The loop outlives it. Port 0: a free one.
  DatagramSocket(Loop& loop, const SocketAddress& at);
  ~DatagramSocket() override;

  void open(DatagramEvents& events) override;
  void send(const SocketAddress& to, ByteView bytes) override;
  void close() override;

  std::uint16_t port() const;  // 0: it is not open

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
