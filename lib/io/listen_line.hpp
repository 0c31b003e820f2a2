#pragma once
// A TCP port on 127.0.0.1 as a line: what is written goes to every client, and bytes of any client
// arrive. A client that does not read is let go. Only this machine reaches it.

#include <functional>
#include <memory>
#include <string>

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class ListenLine final : public Line {
 public:
  static constexpr std::size_t max_clients = 4;  // further ones are turned away

  // Port 0: a free one. `turned_away`: called for each client that was, on the loop.
  static Result<std::unique_ptr<ListenLine>> make(Loop& loop, std::uint16_t port,
                                                  std::function<void()> turned_away = {});
  ~ListenLine() override;

  std::uint16_t port() const;

  void open(SerialSettings settings, LineEvents& events) override;
  void write(ByteView bytes) override;
  void close() override;

 private:
  struct State;
  ListenLine(Loop& loop, std::shared_ptr<State> state);

  Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
