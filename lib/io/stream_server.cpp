#include "io/stream_server.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "io/keep_alive.hpp"
#include "io/stream.hpp"
#include "io/tcp_listener.hpp"

namespace gridtap::io {

using asio::ip::tcp;

namespace {

// A client that goes and comes again at once is one, not two.
constexpr std::chrono::milliseconds no_rest{0};

}  // namespace

class StreamServer::State : public std::enable_shared_from_this<State> {
 public:
  State(Loop& loop, const SocketAddress& at)
      : loop_(loop),
        at_(at),
        listener_(loop.context(), [this](tcp::socket socket) { admit(std::move(socket)); }) {}

  void open(StreamEvents& events) {
    close();
    events_ = &events;
    const std::error_code error = listener_.listen(at_);
    loop_.post([self = shared_from_this(), era = era_, error] {
      if (!*era) return;
      if (!error) return self->events_->on_open();
      self->close();
      self->events_->on_closed(
          {Fault::io, "cannot listen on " + to_text(self->at_) + ": " + error.message()});
    });
  }

  void close() {
    *era_ = false;
    era_ = std::make_shared<bool>(true);
    listener_.close();
    for (auto& [number, client] : clients_) let_go(std::move(client));
    clients_.clear();
  }

  void send(std::uint64_t client, ByteView bytes) {
    const auto found = clients_.find(client);
    if (found == clients_.end() || found->second->write(bytes)) return;
    loop_.post([self = shared_from_this(), client, era = era_] {
      if (*era) self->lost(client);
    });
  }

  std::size_t unread(std::uint64_t client) const {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return 0;
    int in_kernel = 0;
    ::ioctl(found->second->handle().native_handle(), SIOCOUTQ, &in_kernel);
    return found->second->pending() + static_cast<std::size_t>(std::max(in_kernel, 0));
  }

  void drop(std::uint64_t client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return;
    let_go(std::move(found->second));
    clients_.erase(found);
  }

  std::uint16_t port() const { return listener_.port(); }
  Loop& loop() const { return loop_; }

 private:
  using Client = Stream<tcp::socket>;

  void admit(tcp::socket socket) {
    std::error_code error;
    const SocketAddress from = address_of(socket.remote_endpoint(error));
    if (error) return;  // it has gone already
    keep_alive(socket);
    const std::uint64_t number = ++numbers_;
    const auto client = std::make_shared<Client>(
        loop_.context(), [this, number](ByteView bytes) { events_->on_bytes(number, bytes); },
        [this, number](const Error&) { lost(number); }, no_rest);
    clients_.emplace(number, client);
    client->start(std::move(socket));
    events_->on_client(number, from);
  }

  void lost(std::uint64_t client) {
    if (clients_.count(client) == 0) return;
    drop(client);
    events_->on_gone(client);
  }

  // The call may come out of a callback of the client itself: it goes when that is over.
  void let_go(std::shared_ptr<Client> client) {
    client->close();
    loop_.post([gone = std::move(client)] {});
  }

  Loop& loop_;
  SocketAddress at_;
  TcpListener listener_;
  StreamEvents* events_ = nullptr;
  std::unordered_map<std::uint64_t, std::shared_ptr<Client>> clients_;
  std::uint64_t numbers_ = 0;
  std::shared_ptr<bool> era_ = std::make_shared<bool>(true);
};

StreamServer::StreamServer(Loop& loop, const SocketAddress& at)
    : state_(std::make_shared<State>(loop, at)) {}

// What is still on the loop ends there.
StreamServer::~StreamServer() {
  state_->close();
  state_->loop().post([ended = std::move(state_)] {});
}

void StreamServer::open(StreamEvents& events) { state_->open(events); }
void StreamServer::send(std::uint64_t client, ByteView bytes) { state_->send(client, bytes); }
std::size_t StreamServer::unread(std::uint64_t client) const { return state_->unread(client); }
void StreamServer::drop(std::uint64_t client) { state_->drop(client); }
void StreamServer::close() { state_->close(); }
std::uint16_t StreamServer::port() const { return state_->port(); }

}  // namespace gridtap::io
