#include "io/listen_line.hpp"

#include <list>

#include "io/listener.hpp"
#include "io/stream.hpp"

namespace gridtap::io {

using asio::ip::tcp;

namespace {
constexpr std::chrono::seconds accept_rest{1};
}

struct ListenLine::State : std::enable_shared_from_this<State> {
  struct Client {
    std::unique_ptr<Stream<tcp::socket>> stream;
    bool gone = false;
  };

  explicit State(asio::io_context& io) : context(io), acceptor(io), rest(io) {}

  Result<bool> listen(std::uint16_t port) {
    std::error_code error;
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return true;
    return failed(Fault::io,
                  "cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + error.message());
  }

  void accept() {
    acceptor.async_accept([self = shared_from_this()](std::error_code error, tcp::socket socket) {
      if (!self->acceptor.is_open()) return;
      if (error) return self->accept_later();
      self->take(std::move(socket));
      self->accept();
    });
  }

  // Without a descriptor left, the client that waits would be refused again at once, and again.
  void accept_later() {
    rest.expires_after(accept_rest);
    rest.async_wait([self = shared_from_this()](std::error_code cancelled) {
      if (!cancelled && self->acceptor.is_open()) self->accept();
    });
  }

  void end() {
    std::error_code ignored;
    acceptor.close(ignored);
    rest.cancel();
    for (Client& client : clients) client.stream->close();
  }

  void take(tcp::socket socket) {
    sweep();
    if (clients.size() >= max_clients) {  // it is closed by going out of scope
      if (turned_away) turned_away();
      return;
    }
    std::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    clients.emplace_back();
    Client& client = clients.back();
    client.stream = std::make_unique<Stream<tcp::socket>>(
        context, [this](ByteView bytes) { told.bytes(bytes); },
        [&client](const Error&) { client.gone = true; });
    client.stream->start(std::move(socket));
  }

  void write(ByteView bytes) {
    for (Client& client : clients) {
      if (client.gone || client.stream->write(bytes)) continue;
      client.stream->close();
      client.gone = true;
    }
  }

  // Not from a client's own callback: it would take away what is running.
  void sweep() {
    clients.remove_if([](const Client& client) { return client.gone; });
  }

  asio::io_context& context;
  tcp::acceptor acceptor;
  std::list<Client> clients;
  asio::steady_timer rest;
  Listener told;
  std::function<void()> turned_away;
};

Result<std::unique_ptr<ListenLine>> ListenLine::make(Loop& loop, std::uint16_t port,
                                                     std::function<void()> turned_away) {
  auto state = std::make_shared<State>(loop.context());
  if (const auto listening = state->listen(port); !listening) {
    return tl::unexpected(listening.error());
  }
  state->turned_away = std::move(turned_away);
  state->accept();
  return std::unique_ptr<ListenLine>(new ListenLine(loop, std::move(state)));
}

ListenLine::ListenLine(Loop& loop, std::shared_ptr<State> state)
    : loop_(loop), state_(std::move(state)) {}

ListenLine::~ListenLine() {
  close();
  state_->end();
  loop_.post([ended = std::move(state_)] {});
}

std::uint16_t ListenLine::port() const {
  std::error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

void ListenLine::open(SerialSettings, LineEvents& events) { state_->told.open(loop_, events); }

void ListenLine::write(ByteView bytes) { state_->write(bytes); }

void ListenLine::close() { state_->told.close(); }

}  // namespace gridtap::io
