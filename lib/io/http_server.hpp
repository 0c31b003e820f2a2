#pragma once
// Serves HTTP/1.1 on the loop, plain or by TLS, to one face (RFC 9112). It protects itself by
// limits: of connections, streams, sizes and times; what is beyond is refused in plain words and
// closed. A port that is taken is tried again, and the rest of the program works meanwhile.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/ports.hpp"
#include "io/http_limits.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

struct HttpTls {
  std::string certificate_file, key_file;
};

// Why these files are no certificate with its key; nothing where they are.
std::optional<std::string> tls_problem(const HttpTls& tls);

struct HttpServerOptions {
  SocketAddress at = loopback(0);  // port 0: a free one
  std::optional<HttpTls> tls = {};
  std::string trusted_address = {};  // of a proxy that many people come by
  HttpPatience patience = {};
};

class HttpServer final : public WebServer {
 public:
  // Reads certificate and key. An error names the file that is wrong.
  static Result<std::unique_ptr<HttpServer>> make(Loop& loop, HttpServerOptions options, Log& log);
  ~HttpServer() override;

  void start(WebFace& face) override;
  void answer(std::uint64_t number, WebReply reply) override;
  bool stream(std::uint64_t number, WebReply head) override;
  void send(std::uint64_t number, std::shared_ptr<const std::string> text) override;
  std::size_t unread(std::uint64_t number) const override;
  void end(std::uint64_t number) override;

  std::uint16_t port() const;  // 0: it does not listen yet

 private:
  class State;
  HttpServer(Loop& loop, std::shared_ptr<State> state);

  Loop& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace gridtap::io
