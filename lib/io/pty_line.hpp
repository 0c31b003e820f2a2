#pragma once
// The far end of a pseudo-terminal as a line: a simulator writes here what a reader finds at LINK
// as if it came from a serial port. A reader that stops reading misses bytes, as on a wire.

#include <memory>
#include <string>

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class PtyLine final : public Line {
 public:
  // Makes the terminal and the symbolic link to it, which goes with the line. Only a link that
  // leads nowhere or to another pseudo-terminal is replaced; nothing else that bears its name.
  static Result<std::unique_ptr<PtyLine>> make(Loop& loop, const std::string& link);
  ~PtyLine() override;

  const std::string& terminal() const;

  void open(SerialSettings settings, LineEvents& events) override;
  void write(ByteView bytes) override;
  void close() override;

 private:
  struct State;
  PtyLine(Loop& loop, std::shared_ptr<State> state);

  Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
