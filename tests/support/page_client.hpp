#pragma once
// Asks the page of a running gridtap, as a browser or a script does: one connection a request.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "support/http_client.hpp"

namespace gridtap {

struct PageAnswer {
  int status = 0;  // 0: none came
  std::string head, body;

  // The value of the first field of that name, which is written as the server writes it.
  std::string field(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == head.npos) return {};
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class PageClient {
 public:
  explicit PageClient(std::uint16_t port) : port_(port) {}

  // Further fields of every request, each with its line end: a cookie, a token.
  std::string fields;
  std::string host = "127.0.0.1";

  PageAnswer get(std::string_view path) const { return ask("GET", path, ""); }
  PageAnswer post(std::string_view path, const std::string& body) const {
    return ask("POST", path, body);
  }
  // A stream that goes on: came() has what was sent so far.
  HttpClient events() const {
    HttpClient client(port_);
    client.send("GET /api/events HTTP/1.1\r\nHost: " + place() + "\r\n" + fields + "\r\n");
    return client;
  }

 private:
  std::string place() const { return host + ':' + std::to_string(port_); }

  PageAnswer ask(std::string_view method, std::string_view path, const std::string& body) const {
    std::string text(method);
    ((text += ' ') += path) +=
        " HTTP/1.1\r\nHost: " + place() + "\r\nConnection: close\r\n" + fields;
    if (method == "POST") {
      text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n";
    }
    HttpClient client(port_);
    client.send(text + "\r\n" + body);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!client.ended() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return parsed(client.came());
  }

  static PageAnswer parsed(const std::string& came) {
    const std::size_t end = came.find("\r\n\r\n");
    if (end == came.npos || !came.starts_with("HTTP/1.")) return {};
    return {std::atoi(came.c_str() + 9), came.substr(0, end + 2), came.substr(end + 4)};
  }

  std::uint16_t port_;
};

}  // namespace gridtap
