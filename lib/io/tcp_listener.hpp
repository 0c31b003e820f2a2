#pragma once
// A TCP port of this machine that hands on each client that connects. Only lib/io includes this.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

#include <asio.hpp>

#include "io/endpoints.hpp"

namespace gridtap::io {

class TcpListener {
 public:
  using Socket = asio::ip::tcp::socket;
  using OnClient = std::function<void(Socket)>;
  // Without a descriptor left, the client that waits would be refused again at once, and again.
  static constexpr std::chrono::seconds accept_rest{1};

  TcpListener(asio::io_context& context, OnClient on_client)
      : acceptor_(context), rest_(context), on_client_(std::move(on_client)) {}
  ~TcpListener() { close(); }
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  // Clients come from the loop from now on, unless it failed. Port 0: a free one.
  std::error_code listen(const SocketAddress& at) {
    close();
    std::error_code error;
    const auto endpoint = endpoint_of<asio::ip::tcp>(at);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      close();
    } else {
      accept();
    }
    return error;
  }

  // No client comes after this.
  void close() {
    *era_ = false;
    era_ = std::make_shared<bool>(true);
    rest_.cancel();
    std::error_code ignored;
    if (acceptor_.is_open()) acceptor_.close(ignored);
  }

  std::uint16_t port() const {  // 0: it does not listen
    std::error_code error;
    const auto endpoint = acceptor_.local_endpoint(error);
    return error ? std::uint16_t{0} : endpoint.port();
  }

 private:
  void accept() {
    acceptor_.async_accept([this, era = era_](std::error_code error, Socket socket) {
      if (!*era) return;
      if (error) return accept_later();
      on_client_(std::move(socket));
      if (*era) accept();
    });
  }

  void accept_later() {
    rest_.expires_after(accept_rest);
    rest_.async_wait([this, era = era_](std::error_code cancelled) {
      if (*era && !cancelled) accept();
    });
  }

  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer rest_;
  OnClient on_client_;
  std::shared_ptr<bool> era_ = std::make_shared<bool>(true);
};

}  // namespace gridtap::io
