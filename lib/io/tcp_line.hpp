#pragma once
// A TCP client as a line: ser2net, esp-link, meter dongles. Every address of the host is tried in
// turn; a far end that is gone without a word is found by keep-alive and by silence.

#include <chrono>
#include <memory>
#include <string>

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class TcpLine final : public Line {
 public:
  static constexpr std::chrono::seconds address_patience{5};  // for each address of the host
  static constexpr std::chrono::seconds silence{60};          // then the connection is given up

  TcpLine(Loop& loop, std::string host, std::uint16_t port);
  ~TcpLine() override;

  void open(SerialSettings settings, LineEvents& events) override;
  void write(ByteView bytes) override;
  void close() override;

 private:
  struct State;

  Loop& loop_;
  std::string host_;
  std::uint16_t port_;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
