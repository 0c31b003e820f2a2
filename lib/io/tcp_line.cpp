#include "io/tcp_line.hpp"

#include <netinet/tcp.h>

#include "io/stream.hpp"

namespace gridtap::io {
namespace {

using asio::ip::tcp;

// Keep-alive after 30 s of silence, every 10 s, three times; unanswered bytes are given up as soon.
void keep_alive(tcp::socket& socket) {
  std::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  using Seconds = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using Every = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using Times = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  using Timeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
  socket.set_option(Seconds(30), ignored);
  socket.set_option(Every(10), ignored);
  socket.set_option(Times(3), ignored);
  socket.set_option(Timeout(60'000), ignored);
}

std::string reason(std::error_code error) {
  if (error == asio::error::connection_refused) return "nothing listens there";
  if (error == asio::error::host_not_found || error == asio::error::host_not_found_try_again) {
    return "no such host";
  }
  return error.message();
}

}  // namespace

// One attempt, from the name to the end of the connection. It keeps itself alive while handlers are
// on their way, and is silent once ended.
struct TcpLine::State : std::enable_shared_from_this<State> {
  State(asio::io_context& context, LineEvents& listener, std::string target)
      : events(listener),
        where(std::move(target)),
        resolver(context),
        socket(context),
        timer(context),
        stream(
            context, [this](ByteView bytes) { received(bytes); },
            [this](const Error& why) { lost(why.detail); }) {}

  void start(const std::string& host, std::uint16_t port) {
    resolver.async_resolve(
        host, std::to_string(port),
        [self = shared_from_this()](std::error_code error, tcp::resolver::results_type found) {
          if (self->ended) return;
          if (error) return self->lost("unreachable: " + self->where + ": " + reason(error));
          self->addresses = std::move(found);
          self->next = self->addresses.begin();
          self->try_next(asio::error::host_not_found);
        });
  }

  void try_next(std::error_code last) {
    if (next == addresses.end()) return lost("unreachable: " + where + ": " + reason(last));
    std::error_code ignored;
    socket.close(ignored);
    const tcp::endpoint endpoint = (next++)->endpoint();
    const int attempt = ++attempts;
    timer.expires_after(address_patience);
    timer.async_wait([self = shared_from_this(), attempt](std::error_code cancelled) {
      if (self->ended || cancelled || attempt != self->attempts) return;
      ++self->attempts;
      self->try_next(asio::error::timed_out);
    });
    socket.async_connect(endpoint, [self = shared_from_this(), attempt](std::error_code error) {
      if (self->ended || attempt != self->attempts) return;
      ++self->attempts;
      self->timer.cancel();
      if (error) return self->try_next(error);
      self->connected();
    });
  }

  void connected() {
    keep_alive(socket);
    stream.start(std::move(socket));
    heard = std::chrono::steady_clock::now();
    watch_silence();
    events.on_open();
  }

  void received(ByteView bytes) {
    heard = std::chrono::steady_clock::now();
    events.on_bytes(bytes);
  }

  // One timer a minute, not one for each arrival.
  void watch_silence() {
    timer.expires_at(heard + silence);
    timer.async_wait([self = shared_from_this()](std::error_code cancelled) {
      if (self->ended || cancelled) return;
      if (std::chrono::steady_clock::now() < self->heard + silence) return self->watch_silence();
      self->lost("silent for 60 s: " + self->where + ": connected, but nothing comes");
    });
  }

  void lost(const std::string& why) {
    if (ended) return;
    end();
    events.on_closed({Fault::io, why});
  }

  void end() {
    ended = true;
    std::error_code ignored;
    resolver.cancel();
    timer.cancel();
    socket.close(ignored);
    stream.close();
  }

  LineEvents& events;
  std::string where;
  tcp::resolver resolver;
  tcp::socket socket;
  asio::steady_timer timer;
  Stream<tcp::socket> stream;
  tcp::resolver::results_type addresses;
  tcp::resolver::results_type::iterator next;
  std::chrono::steady_clock::time_point heard;
  int attempts = 0;
  bool ended = false;
};

TcpLine::TcpLine(Loop& loop, std::string host, std::uint16_t port)
    : loop_(loop), host_(std::move(host)), port_(port) {}

TcpLine::~TcpLine() { close(); }

void TcpLine::open(SerialSettings, LineEvents& events) {
  close();
  state_ =
      std::make_shared<State>(loop_.context(), events, host_ + " port " + std::to_string(port_));
  state_->start(host_, port_);
}

void TcpLine::write(ByteView bytes) {
  if (state_) static_cast<void>(state_->stream.write(bytes));
}

// The call may come out of a callback of the state itself: it goes when that is over.
void TcpLine::close() {
  if (!state_) return;
  state_->end();
  loop_.post([ended = std::move(state_)] {});
}

}  // namespace gridtap::io
