// The limits of the HTTP server: who floods it, sleeps or never ends.
#include "io/http_limits.hpp"

#include <doctest/doctest.h>

#include "io/http_world.hpp"

using namespace gridtap;
using namespace gridtap::io;
using namespace gridtap::http_test;
using namespace std::chrono_literals;

TEST_CASE("http server: a stream that is not read is closed, and the others go on") {
  World w;
  HttpClient idle = w.stream(), reader = w.stream();
  const auto text = std::make_shared<const std::string>(std::string(16'000, 'x'));
  std::size_t sent = 0;
  CHECK(w.until([&] {
    for (const std::uint64_t each : w.face->streams) w.server->send(each, text);
    sent += text->size();
    reader.came();
    return !w.face->gone.empty();
  }));
  CHECK(w.face->gone == std::vector<std::uint64_t>{1});
  CHECK(w.until([&] { return reader.came().size() > sent; }));
}

TEST_CASE("http server: a client of a stream that talks is closed") {
  World w;
  HttpClient client = w.stream();
  client.send(std::string(max_stream_input + 1, 'x'));
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(w.face->gone.size() == 1);
}

TEST_CASE("http server: 32 streams, and the next is refused") {
  World w;
  std::vector<HttpClient> all;
  for (std::size_t n = 0; n < max_streams; ++n) all.push_back(w.stream());
  CHECK(w.status_of("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n") == "503");
  CHECK(w.face->streams.size() == max_streams);
  CHECK(w.status_of(hello) == "200");
  all.clear();
  CHECK(w.until([&] { return w.face->gone.size() == max_streams; }));
  CHECK(w.status_of("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n") == "200");
}

TEST_CASE("http server: 200 connections, and the first go on") {
  World w;
  std::vector<HttpClient> all;
  for (int n = 0; n < 200; ++n) all.push_back(w.client());
  all[0].send(hello);
  CHECK(w.gets(all[0], "hello"));
  CHECK(w.until([&] { return all[max_connections].ended(); }));
  CHECK(all[max_connections].came().find("there are 64 connections already") != std::string::npos);
  CHECK(w.until([&] { return all.back().ended(); }));
  all.clear();
  w.until([] { return false; }, 100ms);  // the server hears of it
  CHECK(w.status_of(hello) == "200");
}

TEST_CASE("http server: who sends nothing is closed without a word") {
  World w(hurried());
  HttpClient silent = w.client();
  CHECK(w.until([&] { return silent.ended(); }));
  CHECK(silent.came() == "");
  HttpClient after_one = w.client();
  after_one.send(hello);
  REQUIRE(w.gets(after_one, "hello"));
  CHECK(w.until([&] { return after_one.ended(); }));
}

TEST_CASE("http server: who sends byte by byte without end is told that it took too long") {
  HttpServerOptions options = hurried();
  options.patience.idle = 10s;
  World w(options);
  HttpClient client = w.client();
  std::size_t sent = 0;
  CHECK(w.until([&] {
    if (sent < 60) client.send(hello.substr(0, 1));
    ++sent;
    return client.ended();
  }));
  CHECK(client.came().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  CHECK(w.face->asked.empty());
}

TEST_CASE("http server: a body that does not come is not waited for") {
  World w(hurried());
  HttpClient client = w.client();
  client.send("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(client.came().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("http server: a face that does not answer is not waited for") {
  World w(hurried());
  CHECK(w.status_of("GET /later HTTP/1.1\r\nHost: x\r\n\r\n") == "503");
  CHECK(w.until([&] { return w.face->gone == std::vector<std::uint64_t>{1}; }));
}

TEST_CASE("http server: a stream in which nothing happens stays open") {
  World w(hurried());
  HttpClient client = w.stream();
  w.until([] { return false; }, 200ms);
  CHECK_FALSE(client.ended());
  w.server->send(1, std::make_shared<const std::string>(": \n\n"));
  CHECK(w.gets(client, ": \n\n"));
}
