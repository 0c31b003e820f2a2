#pragma once
// The listener of a line that is open all the time (a terminal or port of our own): open() and
// close() only begin and end the listening. Only lib/io includes this.

#include <memory>

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class Listener {
 public:
  // on_open() comes from the loop, unless closed before.
  void open(Loop& loop, LineEvents& events) {
    close();
    events_ = &events;
    loop.post([&events, era = era_] {
      if (*era) events.on_open();
    });
  }
  void close() {
    *era_ = false;
    era_ = std::make_shared<bool>(true);
    events_ = nullptr;
  }
  void bytes(ByteView bytes) {
    if (events_ != nullptr) events_->on_bytes(bytes);
  }
  void closed(const Error& why) {
    if (events_ != nullptr) events_->on_closed(why);
  }

 private:
  LineEvents* events_ = nullptr;
  std::shared_ptr<bool> era_ = std::make_shared<bool>(true);
};

}  // namespace gridtap::io
