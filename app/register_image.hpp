#pragma once
// What `decode` reads for a device that is asked for registers: a file with an image of them, and
// the line to a server of that image.

#include <string>

#include "core/ports.hpp"
#include "parts/modbus_server.hpp"

namespace gridtap::app {

// A JSON object with `registers`: decimal address on the wire -> word. The rest of it is ignored,
// but `holes`: ranges [first, last] that answer with an exception though they stand there.
Result<RegisterImage> parse_register_image(const std::string& text);

// The device at the other end: what is written here is answered when the line is played.
class ImageLine final : public Line, Effects {
 public:
  explicit ImageLine(RegisterImage image) : server_(std::move(image)) {}

  void open(SerialSettings, LineEvents& events) override { events_ = &events; }
  void write(ByteView bytes) override { asked_ += as_text(bytes); }
  void close() override { closed_ = true; }

  void opened() { events_->on_open(); }
  void ended() { events_->on_closed({Fault::io, "end of input"}); }
  // Answers until nobody asks any more.
  void play(Now now);

 private:
  void operator()(const Effect& effect) override;

  ModbusServer server_;
  LineEvents* events_ = nullptr;
  std::string asked_, answered_;
  bool closed_ = false;
};

}  // namespace gridtap::app
