#pragma once
// A TCP port of this machine on the loop, for clients that share a line: bytes go to each as it
// takes them, and what each sends is handed on. Who may stay is decided above.

#include <memory>

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class StreamServer final : public StreamPort {
 public:
  // The loop outlives it. Port 0: a free one.
  StreamServer(Loop& loop, const SocketAddress& at);
  ~StreamServer() override;

  void open(StreamEvents& events) override;
  void send(std::uint64_t client, ByteView bytes) override;
  std::size_t unread(std::uint64_t client) const override;
  void drop(std::uint64_t client) override;
  void close() override;

  std::uint16_t port() const;  // 0: it is not open

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
