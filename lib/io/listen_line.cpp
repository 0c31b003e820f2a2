#include "io/listen_line.hpp"

#include <list>

#include "io/listener.hpp"
#include "io/stream.hpp"
#include "io/tcp_listener.hpp"

namespace gridtap::io {

using asio::ip::tcp;

struct ListenLine::State {
  struct Client {
    std::unique_ptr<Stream<tcp::socket>> stream;
    bool gone = false;
  };

  explicit State(asio::io_context& io)
      : context(io), listener(io, [this](tcp::socket socket) { take(std::move(socket)); }) {}

  Result<bool> listen(std::uint16_t port) {
    const SocketAddress at = loopback(port);
    const std::error_code error = listener.listen(at);
    if (!error) return true;
    return failed(Fault::io, "cannot listen on " + to_text(at) + ": " + error.message());
  }

  void end() {
    listener.close();
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
  TcpListener listener;
  std::list<Client> clients;
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
  return std::unique_ptr<ListenLine>(new ListenLine(loop, std::move(state)));
}

ListenLine::ListenLine(Loop& loop, std::shared_ptr<State> state)
    : loop_(loop), state_(std::move(state)) {}

ListenLine::~ListenLine() {
  close();
  state_->end();
  loop_.post([ended = std::move(state_)] {});
}

std::uint16_t ListenLine::port() const { return state_->listener.port(); }

void ListenLine::open(SerialSettings, LineEvents& events) { state_->told.open(loop_, events); }

void ListenLine::write(ByteView bytes) { state_->write(bytes); }

void ListenLine::close() { state_->told.close(); }

}  // namespace gridtap::io
