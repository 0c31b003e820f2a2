#pragma once
// One connection of the HTTP server, plain or TLS: a request is read, answered, then the next.
// While one is answered nothing is read: a client that asks faster waits. A stream takes what it is
// sent until one side ends it. Only lib/io includes this.

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <asio.hpp>
#include <asio/ssl.hpp>

#include "core/ip_address.hpp"
#include "io/http_limits.hpp"
#include "io/http_message.hpp"

namespace gridtap::io {

inline constexpr std::size_t request_buffer_bytes = 2 * 1024;

class HttpConnection;

struct HttpConnectionEvents {
  virtual void on_request(HttpConnection& connection, const HttpRequest& request) = 0;
  virtual void on_closed(HttpConnection& connection) = 0;  // once, whatever closed it

 protected:
  ~HttpConnectionEvents() = default;
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Socket = asio::ip::tcp::socket;
  using Wire = std::variant<Socket, asio::ssl::stream<Socket>>;
  using Time = std::chrono::steady_clock::time_point;

  // `events` outlives the connection, or it was closed before.
  HttpConnection(Wire wire, const IpAddress& peer, const HttpPatience& patience,
                 HttpConnectionEvents& events);

  void start();
  void answer(const WebReply& reply);
  void refuse(int status, std::string_view reason);  // answers and ends
  void stream(const WebReply& head);
  void send(std::shared_ptr<const std::string> text);
  void end();           // what is queued goes out, then both sides close
  void close();         // at once; no event comes after
  void tick(Time now);  // now and then: closes what takes too long

  const std::string& address() const { return address_; }
  bool from_loopback() const { return from_loopback_; }
  bool encrypted() const { return wire_.index() == 1; }
  std::size_t unread() const { return queued_; }
  bool streams() const { return phase_ == Phase::streaming; }
  std::uint64_t number = 0;  // of the request that waits for its answer

 private:
  enum class Phase : std::uint8_t { shaking_hands, reading, answering, streaming, ending, closed };
  using Text = std::shared_ptr<const std::string>;

  void enter(Phase phase, std::chrono::milliseconds wait);
  void read();
  void take(ByteView bytes);
  void go_on();
  void write(Text text);
  void write_next();
  void written(std::error_code error);
  void shut_down();
  void lose_soon();
  void lost();
  template <class Call>
  void with_wire(Call call);

  Wire wire_;
  const HttpPatience& patience_;
  HttpConnectionEvents& events_;
  std::string address_;
  bool from_loopback_;
  Phase phase_ = Phase::shaking_hands;
  Time due_{}, progress_{};
  HttpReader reader_;
  std::array<std::uint8_t, request_buffer_bytes> buffer_{};
  std::vector<std::uint8_t> ahead_;  // what came with a request and is not of it
  std::deque<Text> queue_;
  std::size_t queued_ = 0, stream_input_ = 0;
  bool keeps_alive_ = true, with_body_ = true, reads_ = false;
};

}  // namespace gridtap::io
