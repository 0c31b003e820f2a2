#pragma once
// A line that also tells another listener what arrives, before the device gets it.

#include <memory>
#include <utility>

#include "core/ports.hpp"

namespace gridtap::serve {

struct LineTap {
  virtual void on_line_open() = 0;
  virtual void on_line_bytes(ByteView bytes) = 0;

 protected:
  ~LineTap() = default;
};

class TappedLine final : public Line, private LineEvents {
 public:
  // The tap is told nothing after close().
  TappedLine(std::unique_ptr<Line> line, LineTap& tap) : line_(std::move(line)), tap_(tap) {}

  void open(SerialSettings settings, LineEvents& events) override {
    events_ = &events;
    line_->open(settings, *this);
  }
  void write(ByteView bytes) override { line_->write(bytes); }
  void close() override { line_->close(); }
  std::uint64_t errors() const override { return line_->errors(); }

 private:
  void on_open() override {
    tap_.on_line_open();
    events_->on_open();
  }
  void on_bytes(ByteView bytes) override {
    tap_.on_line_bytes(bytes);
    events_->on_bytes(bytes);
  }
  void on_closed(const Error& why) override { events_->on_closed(why); }

  std::unique_ptr<Line> line_;
  LineTap& tap_;
  LineEvents* events_ = nullptr;  // of the open() in force
};

}  // namespace gridtap::serve
