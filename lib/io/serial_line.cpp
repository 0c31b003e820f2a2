#include "io/serial_line.hpp"

#include <unistd.h>

#include "io/serial_port.hpp"
#include "io/stream.hpp"

namespace gridtap::io {

struct SerialLine::State {
  using Descriptor = asio::posix::stream_descriptor;

  State(asio::io_context& context, LineEvents& listener)
      : events(listener),
        stream(
            context, [this](ByteView bytes) { events.on_bytes(bytes); },
            [this](const Error& why) { events.on_closed(why); }) {}
  void end() {
    *alive = false;
    if (stream.is_open()) release_serial_port(stream.handle().native_handle());
    stream.close();
  }

  LineEvents& events;
  Stream<Descriptor> stream;
  std::uint64_t errors_before = 0;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

SerialLine::SerialLine(Loop& loop, std::string path, ControlLines controls)
    : loop_(loop), path_(std::move(path)), controls_(controls) {}

SerialLine::~SerialLine() { close(); }

// What came of it is told from the loop, never from inside this call.
void SerialLine::open(SerialSettings settings, LineEvents& events) {
  close();
  state_ = std::make_shared<State>(loop_.context(), events);
  const auto descriptor = open_serial_port(path_, settings, controls_);
  loop_.post([this, alive = state_->alive, descriptor] {
    if (!*alive) {
      if (descriptor) ::close(*descriptor);
    } else if (descriptor) {
      opened(*descriptor);
    } else {
      state_->events.on_closed(descriptor.error());
    }
  });
}

void SerialLine::opened(int descriptor) {
  const auto alive = state_->alive;
  state_->errors_before = serial_port_errors(descriptor);
  State::Descriptor handle(loop_.context(), descriptor);
  LineEvents& events = state_->events;
  state_->stream.start(std::move(handle));
  events.on_open();
}

void SerialLine::write(ByteView bytes) {
  if (state_) static_cast<void>(state_->stream.write(bytes));
}

// The call may come out of a callback of the state itself: it goes when that is over.
void SerialLine::close() {
  if (!state_) return;
  state_->end();
  loop_.post([ended = std::move(state_)] {});
}

std::uint64_t SerialLine::errors() const {
  if (!state_ || !state_->stream.is_open()) return 0;
  const int descriptor = state_->stream.handle().native_handle();
  return serial_port_errors(descriptor) - state_->errors_before;
}

}  // namespace gridtap::io
