#include "io/http_connection.hpp"

#include <utility>

namespace gridtap::io {

namespace {

HttpConnection::Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

HttpConnection::HttpConnection(Wire wire, const IpAddress& peer, const HttpPatience& patience,
                               HttpConnectionEvents& events)
    : wire_(std::move(wire)),
      patience_(patience),
      events_(events),
      address_(to_text(peer)),
      from_loopback_(is_loopback(peer)) {}

template <class Call>
void HttpConnection::with_wire(Call call) {
  std::visit(call, wire_);
}

void HttpConnection::start() {
  enter(Phase::shaking_hands, patience_.head);
  auto* const tls = std::get_if<asio::ssl::stream<Socket>>(&wire_);
  if (tls == nullptr) {
    enter(Phase::reading, patience_.idle);
    return read();
  }
  tls->async_handshake(asio::ssl::stream_base::server,
                       [self = shared_from_this()](std::error_code error) {
                         if (self->phase_ != Phase::shaking_hands) return;
                         if (error) return self->lost();
                         self->enter(Phase::reading, self->patience_.idle);
                         self->read();
                       });
}

void HttpConnection::enter(Phase phase, std::chrono::milliseconds wait) {
  phase_ = phase;
  due_ = now() + wait;
}

// ---- reading ------------------------------------------------------------------------------------

void HttpConnection::read() {
  if (std::exchange(reads_, true)) return;
  with_wire([this](auto& wire) {
    wire.async_read_some(asio::buffer(buffer_),
                         [self = shared_from_this()](std::error_code error, std::size_t size) {
                           self->reads_ = false;
                           if (self->phase_ == Phase::closed) return;
                           if (error) return self->lost();
                           self->take({self->buffer_.data(), size});
                         });
  });
}

void HttpConnection::take(ByteView bytes) {
  if (phase_ == Phase::ending) return read();  // until the far end has closed
  if (phase_ == Phase::streaming) {
    stream_input_ += bytes.size();
    return stream_input_ > max_stream_input ? lost() : read();
  }
  if (phase_ != Phase::reading) return;
  if (!reader_.begun()) due_ = now() + patience_.head;
  bytes = reader_.read(bytes);
  if (reader_.step() == HttpReader::Step::more) return read();
  if (reader_.step() == HttpReader::Step::refused) {
    return refuse(reader_.refusal().status, reader_.refusal().reason);
  }
  ahead_.assign(bytes.begin(), bytes.end());
  enter(Phase::answering, patience_.answer);
  keeps_alive_ = reader_.request().keeps_alive;
  with_body_ = reader_.request().method != "HEAD";
  events_.on_request(*this, reader_.request());
}

// From the loop: a client that sends a hundred requests at once does not deepen the stack.
void HttpConnection::go_on() {
  reader_.next();
  enter(Phase::reading, patience_.idle);
  if (ahead_.empty()) return read();
  const std::vector<std::uint8_t> bytes = std::exchange(ahead_, {});
  take(bytes);
}

// ---- writing ------------------------------------------------------------------------------------

void HttpConnection::answer(const WebReply& reply) {
  if (phase_ != Phase::answering) return;
  write(std::make_shared<const std::string>(http_text(reply, keeps_alive_, with_body_)));
  if (!keeps_alive_) end();
}

void HttpConnection::refuse(int status, std::string_view reason) {
  if (phase_ == Phase::closed || phase_ == Phase::ending) return;
  const WebReply reply = refusal_reply(status, reason);
  write(std::make_shared<const std::string>(http_text(reply, false, true)));
  end();
}

void HttpConnection::stream(const WebReply& head) {
  if (phase_ != Phase::answering) return;
  enter(Phase::streaming, patience_.answer);
  ahead_ = {};
  write(std::make_shared<const std::string>(http_stream_head(head)));
  read();
}

void HttpConnection::send(Text text) {
  if (phase_ != Phase::streaming) return;
  const bool fits = queued_ == 0 || queued_ + text->size() <= max_unread_bytes;
  if (fits) return write(std::move(text));
  lose_soon();
}

void HttpConnection::write(Text text) {
  queued_ += text->size();
  queue_.push_back(std::move(text));
  if (queue_.size() > 1) return;
  progress_ = now();
  write_next();
}

void HttpConnection::write_next() {
  with_wire([this](auto& wire) {
    asio::async_write(
        wire, asio::buffer(*queue_.front()),
        [self = shared_from_this()](std::error_code error, std::size_t) { self->written(error); });
  });
}

void HttpConnection::written(std::error_code error) {
  if (phase_ == Phase::closed) return;
  if (error) return lost();
  progress_ = now();
  queued_ -= queue_.front()->size();
  queue_.pop_front();
  if (!queue_.empty()) return write_next();
  if (phase_ == Phase::ending) return shut_down();
  if (phase_ == Phase::answering) go_on();
}

// ---- the end ------------------------------------------------------------------------------------

void HttpConnection::end() {
  if (phase_ == Phase::closed || phase_ == Phase::ending) return;
  enter(Phase::ending, patience_.unread);
  if (queue_.empty()) shut_down();
}

// A socket that is closed with unread bytes in it is reset, and the far end may lose the answer:
// its side is read to its end.
void HttpConnection::shut_down() {
  due_ = now() + patience_.ending;
  if (auto* const tls = std::get_if<asio::ssl::stream<Socket>>(&wire_)) {
    if (reads_) return lose_soon();  // one reads at a time
    tls->async_shutdown([self = shared_from_this()](std::error_code) { self->lost(); });
    return;
  }
  std::error_code ignored;
  std::get<Socket>(wire_).shutdown(Socket::shutdown_send, ignored);
  read();
}

// The events come from the loop, never from inside a call.
void HttpConnection::lose_soon() {
  with_wire([this](auto& wire) {
    asio::post(wire.get_executor(), [self = shared_from_this()] { self->lost(); });
  });
}

void HttpConnection::lost() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  close();
  events_.on_closed(*this);
}

void HttpConnection::close() {
  phase_ = Phase::closed;
  std::error_code ignored;
  with_wire([&](auto& wire) { wire.lowest_layer().close(ignored); });
}

void HttpConnection::tick(Time at) {
  const bool stalled = !queue_.empty() && at > progress_ + patience_.unread;
  if (stalled) return lost();
  if (at < due_ || phase_ == Phase::streaming) return;
  if (phase_ == Phase::reading && reader_.begun()) {
    return refuse(408, "the request took too long to come");
  }
  if (phase_ == Phase::answering && queue_.empty()) {
    return refuse(503, "there was no answer in time");
  }
  if (phase_ != Phase::answering) lost();
}

}  // namespace gridtap::io
