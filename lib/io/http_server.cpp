#include "io/http_server.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "io/endpoints.hpp"
#include "io/http_connection.hpp"
#include "io/tcp_listener.hpp"

namespace gridtap::io {

using asio::ip::tcp;

namespace {

Result<std::shared_ptr<asio::ssl::context>> context_of(const HttpTls& tls) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  std::error_code error;
  const auto wrong = [&](const std::string& file) {
    return failed(Fault::config, "cannot use " + file + ": " + error.message());
  };
  context->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  context->use_certificate_chain_file(tls.certificate_file, error);
  if (error) return wrong(tls.certificate_file);
  context->use_private_key_file(tls.key_file, asio::ssl::context::pem, error);
  if (error) return wrong(tls.key_file);
  return context;
}

}  // namespace

std::optional<std::string> tls_problem(const HttpTls& tls) {
  const auto context = context_of(tls);
  return context ? std::nullopt : std::optional(context.error().detail);
}

class HttpServer::State final : public std::enable_shared_from_this<State>, HttpConnectionEvents {
 public:
  State(asio::io_context& context, HttpServerOptions options, Log& log)
      : options_(std::move(options)),
        log_(log),
        listener_(context, [this](tcp::socket socket) { admit(std::move(socket)); }),
        again_(context),
        ticks_(context) {}

  Result<bool> prepare() {
    if (!options_.tls) return true;
    auto made = context_of(*options_.tls);
    if (!made) return tl::unexpected(made.error());
    tls_ = std::move(*made);
    return true;
  }

  void start(WebFace& face) {
    face_ = &face;
    listen();
  }

  void end() {
    face_ = nullptr;
    listener_.close();
    again_.cancel();
    ticks_.cancel();
    for (const auto& each : connections_) each->close();
    connections_.clear();
    asked_.clear();
  }

  void answer(std::uint64_t number, const WebReply& reply) {
    if (const auto connection = take(number)) connection->answer(reply);
  }

  bool stream(std::uint64_t number, const WebReply& head) {
    const auto found = asked_.find(number);
    if (found == asked_.end()) return true;
    const auto streams = std::count_if(connections_.begin(), connections_.end(),
                                       [](const auto& each) { return each->streams(); });
    if (static_cast<std::size_t>(streams) >= max_streams) {
      take(number)->refuse(503, "there are 32 streams already");
      return false;
    }
    found->second->stream(head);
    return true;
  }

  void send(std::uint64_t number, std::shared_ptr<const std::string> text) {
    const auto found = asked_.find(number);
    if (found != asked_.end()) found->second->send(std::move(text));
  }

  std::size_t unread(std::uint64_t number) const {
    const auto found = asked_.find(number);
    return found == asked_.end() ? 0 : found->second->unread();
  }

  void end(std::uint64_t number) {
    if (const auto connection = take(number)) connection->end();
  }

  std::uint16_t port() const { return listener_.port(); }

 private:
  using Shared = std::shared_ptr<HttpConnection>;

  // ---- listening

  void listen() {
    const std::error_code error = listener_.listen(options_.at);
    if (!error) {
      if (std::exchange(told_, false))
        log_.write(Level::info, "gateway", "web: listens on " + to_text(options_.at));
      return;
    }
    if (!std::exchange(told_, true)) {
      log_.write(Level::warning, "gateway",
                 "web: cannot listen on " + to_text(options_.at) + ": " + error.message() +
                     "; it is tried again and again");
    }
    wait_ = std::min(wait_ == std::chrono::seconds{0} ? listen_first : wait_ * 2, listen_longest);
    again_.expires_after(wait_);
    again_.async_wait([self = shared_from_this()](std::error_code cancelled) {
      if (!cancelled && self->face_ != nullptr) self->listen();
    });
  }

  // ---- connections

  void admit(tcp::socket socket) {
    std::error_code error;
    const SocketAddress peer = address_of(socket.remote_endpoint(error));
    if (error || connections_.size() >= max_connections + max_refusals) return;
    socket.set_option(tcp::no_delay(true), error);
    HttpConnectionEvents& events = *this;
    const Shared made = std::make_shared<HttpConnection>(wire_of(std::move(socket)), peer.address,
                                                         options_.patience, events);
    const char* const refusal = refusal_of(*made);
    if (refusal != nullptr && tls_) return;  // it would take a handshake to say why
    connections_.insert(made);
    if (connections_.size() == 1) tick_on();
    if (refusal != nullptr) return made->refuse(503, refusal);
    made->start();
  }

  HttpConnection::Wire wire_of(tcp::socket socket) {
    if (!tls_) return HttpConnection::Wire(std::in_place_type<tcp::socket>, std::move(socket));
    return HttpConnection::Wire(std::in_place_type<asio::ssl::stream<tcp::socket>>,
                                std::move(socket), *tls_);
  }

  const char* refusal_of(const HttpConnection& made) const {
    if (connections_.size() >= max_connections) return "there are 64 connections already";
    const bool is_trusted = made.from_loopback() || made.address() == options_.trusted_address;
    const auto same =
        std::count_if(connections_.begin(), connections_.end(),
                      [&](const auto& each) { return each->address() == made.address(); });
    const bool too_many = !is_trusted && static_cast<std::size_t>(same) >= max_from_one_address;
    return too_many ? "there are 8 connections from your address already" : nullptr;
  }

  // While there are connections.
  void tick_on() {
    ticks_.expires_after(options_.patience.tick);
    ticks_.async_wait([self = shared_from_this()](std::error_code cancelled) {
      if (cancelled || self->face_ == nullptr) return;
      const auto now = std::chrono::steady_clock::now();
      const std::vector<Shared> all(self->connections_.begin(), self->connections_.end());
      for (const Shared& each : all) each->tick(now);
      if (!self->connections_.empty()) self->tick_on();
    });
  }

  void on_request(HttpConnection& connection, const HttpRequest& request) override {
    connection.number = ++numbers_;
    asked_.emplace(connection.number, connection.shared_from_this());
    face_->on_request(connection.number,
                      {request.method, request.path, request.query, request.body, request.fields,
                       connection.address(), connection.from_loopback(), connection.encrypted()});
  }

  void on_closed(HttpConnection& connection) override {
    const Shared stays = connection.shared_from_this();
    connections_.erase(stays);
    if (take(connection.number) && face_ != nullptr) face_->on_gone(connection.number);
  }

  // The connection that waits for this answer; null where it has gone. It is not asked again.
  Shared take(std::uint64_t number) {
    const auto found = asked_.find(number);
    if (found == asked_.end()) return nullptr;
    Shared out = std::move(found->second);
    asked_.erase(found);
    return out;
  }

  HttpServerOptions options_;
  Log& log_;
  std::shared_ptr<asio::ssl::context> tls_;
  TcpListener listener_;
  asio::steady_timer again_, ticks_;
  WebFace* face_ = nullptr;
  std::unordered_set<Shared> connections_;
  std::unordered_map<std::uint64_t, Shared> asked_;
  std::uint64_t numbers_ = 0;
  std::chrono::seconds wait_{0};
  bool told_ = false;
};

Result<std::unique_ptr<HttpServer>> HttpServer::make(Loop& loop, HttpServerOptions options,
                                                     Log& log) {
  auto state = std::make_shared<State>(loop.context(), std::move(options), log);
  if (const auto ready = state->prepare(); !ready) return tl::unexpected(ready.error());
  return std::unique_ptr<HttpServer>(new HttpServer(loop, std::move(state)));
}

HttpServer::HttpServer(Loop& loop, std::shared_ptr<State> state)
    : loop_(loop), state_(std::move(state)) {}

HttpServer::~HttpServer() {
  state_->end();
  loop_.post([ended = std::move(state_)] {});
}

void HttpServer::start(WebFace& face) { state_->start(face); }
void HttpServer::answer(std::uint64_t number, WebReply reply) { state_->answer(number, reply); }
bool HttpServer::stream(std::uint64_t number, WebReply head) {
  return state_->stream(number, head);
}
void HttpServer::send(std::uint64_t number, std::shared_ptr<const std::string> text) {
  state_->send(number, std::move(text));
}
std::size_t HttpServer::unread(std::uint64_t number) const { return state_->unread(number); }
void HttpServer::end(std::uint64_t number) { state_->end(number); }
std::uint16_t HttpServer::port() const { return state_->port(); }

}  // namespace gridtap::io
