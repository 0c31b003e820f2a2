#pragma once
// A serial port as a line. An adapter that is pulled out shows as a hang-up; opening again is the
// session's business.

#include <memory>
#include <string>

#include "core/ports.hpp"
#include "io/loop.hpp"
#include "io/make_line.hpp"

namespace gridtap::io {

class SerialLine final : public Line {
 public:
  SerialLine(Loop& loop, std::string path, ControlLines controls);
  ~SerialLine() override;

  void open(SerialSettings settings, LineEvents& events) override;
  void write(ByteView bytes) override;
  void close() override;
  std::uint64_t errors() const override;

 private:
  struct State;

  Loop& loop_;
  std::string path_;
  ControlLines controls_;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
