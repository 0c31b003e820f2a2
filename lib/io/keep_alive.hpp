#pragma once
// How soon a TCP connection notices that the far end is gone. Only lib/io includes this.

#include <netinet/tcp.h>

#include <system_error>

#include <asio.hpp>

namespace gridtap::io {

// Keep-alive after 30 s of silence, every 10 s, three times; unanswered bytes are given up as soon.
inline void keep_alive(asio::ip::tcp::socket& socket) {
  std::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
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

}  // namespace gridtap::io
