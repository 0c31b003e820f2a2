#pragma once
// The HTTP server with a face that answers, as its tests play it: clients are plain sockets, and
// the loop runs until what they wait for is true.

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/http_server.hpp"
#include "io/loop.hpp"
#include "io/system_clock.hpp"
#include "support/fakes.hpp"
#include "support/http_client.hpp"

namespace gridtap::http_test {

using namespace gridtap::io;
using namespace std::chrono_literals;

inline constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

inline HttpServerOptions hurried() {
  HttpServerOptions options;
  options.patience = {30ms, 30ms, 30ms, 30ms, 30ms, 5ms};
  return options;
}

// Answers "/hello" at once, makes a stream of "/stream", and lets all others wait.
struct Face final : WebFace {
  explicit Face(WebServer& its_server) : server(its_server) {}
  void on_request(std::uint64_t number, const WebRequest& request) override {
    asked.push_back(std::string(request.method) + ' ' + std::string(request.path) + ' ' +
                    std::string(request.address) + ' ' + std::string(request.body));
    encrypted = request.encrypted;
    last = number;
    if (request.path == "/hello") server.answer(number, {200, "text/plain", "hello"});
    if (request.path != "/stream") return;
    if (server.stream(number, {200, "text/event-stream"})) streams.push_back(number);
  }
  void on_gone(std::uint64_t number) override { gone.push_back(number); }

  WebServer& server;
  std::vector<std::string> asked;
  std::vector<std::uint64_t> streams, gone;
  std::uint64_t last = 0;
  bool encrypted = false;
};

struct World {
  explicit World(HttpServerOptions options = {}) {
    auto made = HttpServer::make(loop, std::move(options), log);
    REQUIRE(made);
    server = std::move(*made);
    face = std::make_unique<Face>(*server);
    server->start(*face);
  }
  // Whether it becomes true while the loop runs.
  bool until(const std::function<bool()>& is_true, std::chrono::milliseconds patience = 5s) {
    const Mono end = clock.now().mono + patience;
    std::unique_ptr<Timer> look;
    look = clock.timer([&] {
      if (is_true() || clock.now().mono > end) return loop.stop();
      look->set(clock.now().mono + 1ms);
    });
    look->set(clock.now().mono);
    loop.run();
    return is_true();
  }
  bool gets(HttpClient& client, const std::string& text) {
    return until([&] { return client.came().find(text) != std::string::npos; });
  }
  HttpClient client() const { return HttpClient(server->port()); }
  HttpClient stream() {
    HttpClient out = client();
    out.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(gets(out, "\r\n\r\n"));
    return out;
  }
  std::string status_of(std::string_view text) {
    HttpClient out = client();
    out.send(text);
    until([&] { return out.came().size() > 12; });
    return out.came().substr(9, 3);
  }

  Loop loop;
  SystemClock clock{loop};
  MemoryLog log;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<Face> face;
};

}  // namespace gridtap::http_test
