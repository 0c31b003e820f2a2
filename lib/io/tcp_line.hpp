#pragma once
// A TCP client as a line: ser2net, esp-link, meter dongles, Modbus. Every address of the host is
// tried in turn; a far end that is gone without a word is found by keep-alive and by silence.

#include <chrono>
#include <memory>
#include <string>

#include "core/ports.hpp"
#include "io/loop.hpp"
#include "io/make_line.hpp"

namespace gridtap::io {

class TcpLine final : public Line {
 public:
  static constexpr std::size_t max_addresses = 8;  // of one host; further ones are not tried

  TcpLine(Loop& loop, std::string host, std::uint16_t port, TcpPatience patience = {});
  ~TcpLine() override;

  void open(SerialSettings settings, LineEvents& events) override;
  void write(ByteView bytes) override;
  void close() override;

 private:
  class State;
  void let_go();

  Loop& loop_;
  std::string host_;
  std::uint16_t port_;
  TcpPatience patience_;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
