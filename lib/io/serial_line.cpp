#include "io/serial_line.hpp"

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
  void start(asio::io_context& context, int descriptor) {
    errors_before = serial_port_errors(descriptor);
    stream.start(Descriptor(context, descriptor));
  }
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

// The outcome is reported from the loop, never from inside this call.
void SerialLine::open(SerialSettings settings, LineEvents& events) {
  close();
  state_ = std::make_shared<State>(loop_.context(), events);
  const auto descriptor = open_serial_port(path_, settings, controls_);
  loop_.post([&events, alive = state_->alive, descriptor] {
    if (!*alive) return;
    if (descriptor) {
      events.on_open();
    } else {
      events.on_closed(descriptor.error());
    }
  });
  // Behind the post: nothing is read before on_open().
  if (descriptor) state_->start(loop_.context(), *descriptor);
}

// A port that accepts nothing more is lost; this, too, is reported from the loop.
void SerialLine::write(ByteView bytes) {
  if (!state_ || !state_->stream.is_open() || state_->stream.write(bytes)) return;
  state_->end();
  state_->alive = std::make_shared<bool>(true);
  const Error why{Fault::io, path_ + " accepts no more bytes: is the far end switched on?"};
  loop_.post([state = state_, alive = state_->alive, why] {
    if (*alive) state->events.on_closed(why);
  });
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
