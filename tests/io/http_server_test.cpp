// The HTTP server at real sockets: what clients do to it, plain and by TLS.
#include "io/http_server.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <vector>

#include "io/http_world.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace gridtap::io;
using namespace gridtap::http_test;
using namespace std::chrono_literals;

TEST_CASE("http server: a request is answered, and the connection takes the next") {
  World w;
  HttpClient client = w.client();
  client.send(hello);
  CHECK(w.gets(client, "Content-Length: 5\r\n\r\nhello"));
  client.send(
      "POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(w.face->asked ==
        std::vector<std::string>{"GET /hello 127.0.0.1 ", "POST /hello 127.0.0.1 {}"});
  CHECK_FALSE(w.face->encrypted);
}

TEST_CASE("http server: a hundred requests at once are answered in their order") {
  World w;
  HttpClient client = w.client();
  std::string all;
  for (int n = 0; n < 100; ++n) all += hello;
  client.send(all);
  CHECK(w.until([&] { return w.face->asked.size() == 100; }));
  std::size_t answers = 0;
  w.until([&] {
    answers = 0;
    const std::string& came = client.came();
    for (std::size_t at = came.find("hello"); at != came.npos; at = came.find("hello", at + 1)) {
      ++answers;
    }
    return answers == 100;
  });
  CHECK(answers == 100);
}

TEST_CASE("http server: HEAD has no body") {
  World w;
  HttpClient client = w.client();
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(client.came().ends_with("Content-Length: 5\r\nConnection: close\r\n\r\n"));
}

TEST_CASE("http server: what is malformed gets its reason, and the connection ends") {
  World w;
  HttpClient client = w.client();
  client.send("GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(hello));
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(client.came().starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(client.came().ends_with("{\"reason\":\"the address is malformed\"}"));
  for (const char* field : {"Cache-Control: no-store\r\n", "X-Content-Type-Options: nosniff\r\n",
                            "Content-Security-Policy: default-src 'none'\r\n"}) {
    CHECK(client.came().find(field) != std::string::npos);
  }
  CHECK(w.face->asked.empty());
  CHECK(w.status_of("GET / HTTP/1.1\r\nX: " + std::string(1 << 20, 'a')) == "431");
}

TEST_CASE("http server: an answer may come later, and not to those who have gone") {
  World w;
  HttpClient client = w.client();
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(w.until([&] { return w.face->last == 1; }));
  w.server->answer(1, {200, "text/plain", "late"});
  CHECK(w.gets(client, "late"));
  w.server->answer(1, {200, "text/plain", "twice"});
  w.server->send(7, std::make_shared<const std::string>("nobody"));
  client.send(hello);
  CHECK(w.gets(client, "hello"));
  CHECK(client.came().find("twice") == std::string::npos);
}

TEST_CASE("http server: a stream gets what it is sent, until one side ends it") {
  World w;
  HttpClient first = w.stream(), second = w.stream();
  const auto text = std::make_shared<const std::string>("data: 1\n\n");
  for (const std::uint64_t each : w.face->streams) w.server->send(each, text);
  CHECK(w.gets(first, "data: 1\n\n"));
  CHECK(w.gets(second, "data: 1\n\n"));
  w.server->end(w.face->streams.at(0));
  CHECK(w.until([&] { return first.ended(); }));
  second.close();
  CHECK(w.until([&] { return w.face->gone == std::vector<std::uint64_t>{2}; }));
}

TEST_CASE("http server: a face knows what of a stream is not taken yet") {
  World w;
  HttpClient client = w.stream();
  CHECK(w.until([&] { return w.server->unread(1) == 0; }));
  w.server->send(1, std::make_shared<const std::string>("data: 1\n\n"));
  CHECK(w.server->unread(1) == 9);
  CHECK(w.gets(client, "data: 1\n\n"));
  CHECK(w.until([&] { return w.server->unread(1) == 0; }));
  CHECK(w.server->unread(2) == 0);  // there is none
}

TEST_CASE("http server: a text of any length goes to a stream that has taken what came before") {
  World w;
  HttpClient client = w.stream();
  REQUIRE(w.until([&] { return w.server->unread(1) == 0; }));
  std::string large(1'000'000, 'x');
  w.server->send(1, std::make_shared<const std::string>(large + "end"));
  CHECK(w.gets(client, "xend"));
  CHECK(w.face->gone.empty());
  REQUIRE(w.until([&] { return w.server->unread(1) == 0; }));
  w.server->send(1, std::make_shared<const std::string>(large));
  w.server->send(1, std::make_shared<const std::string>("one too many\n"));
  CHECK(w.until([&] { return w.face->gone == std::vector<std::uint64_t>{1}; }));
}

TEST_CASE("http server: a large answer comes whole to who reads slowly") {
  World w;
  HttpClient client = w.client();
  client.send("GET /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  REQUIRE(w.until([&] { return w.face->last == 1; }));
  std::string large;
  large.resize(10'000'000, 'x');
  w.server->answer(1, {200, "text/plain", large + "end"});
  w.until([] { return false; }, 50ms);
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(client.came().ends_with("xend"));
  CHECK(client.came().size() > 10'000'000);
}

TEST_CASE("http server: an answer is not lost to what was sent behind the request") {
  World w;
  for (int n = 0; n < 20; ++n) {
    HttpClient client = w.client();
    client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    client.send(std::string(50'000, 'x'));
    CHECK(w.until([&] { return client.ended(); }));
    CHECK(client.came().ends_with("hello"));
    CHECK(w.face->asked.size() == static_cast<std::size_t>(n + 1));
  }
}

TEST_CASE("http server: a stream that is ended takes what was sent to it along") {
  World w;
  HttpClient client = w.stream();
  w.server->send(1, std::make_shared<const std::string>("data: last\n\n"));
  w.server->end(1);
  w.server->end(1);
  w.server->send(1, std::make_shared<const std::string>("data: later\n\n"));
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(client.came().ends_with("data: last\n\n"));
  CHECK(w.face->gone.empty());
}

TEST_CASE("http server: who has nothing more to send gets the answer all the same") {
  World w;
  HttpClient client = w.client();
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  client.end_sending();
  REQUIRE(w.until([&] { return w.face->last == 1; }));
  w.server->answer(1, {200, "text/plain", "late"});
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(client.came().ends_with("late"));
}

TEST_CASE("http server: the second request of a connection waits for the answer to the first") {
  World w;
  HttpClient client = w.client(), other = w.client();
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(w.until([&] { return w.face->last == 1; }));
  client.send(hello);
  other.send(hello);
  CHECK(w.gets(other, "hello"));
  CHECK(client.came() == "");
  w.server->answer(1, {200, "text/plain", "late"});
  CHECK(w.gets(client, "hello"));
  CHECK(client.came().find("late") < client.came().find("hello"));
}

TEST_CASE("http server: who leaves while it is answered is no fault") {
  World w;
  for (int n = 0; n < 20; ++n) {
    HttpClient client = w.client();
    client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::uint64_t before = w.face->last;
    REQUIRE(w.until([&] { return w.face->last > before; }));
    client.close();
    w.server->answer(w.face->last, {200, "text/plain", "nobody reads this"});
  }
  CHECK(w.status_of(hello) == "200");
}

TEST_CASE("http server: it listens on every address where that is wanted") {
  HttpServerOptions options;
  const auto every = parse_socket_address("0.0.0.0:1");
  REQUIRE(every);
  options.at = {every->address, 0};
  World w(options);
  CHECK(w.status_of(hello) == "200");
  CHECK(w.face->asked.size() == 1);
}

TEST_CASE("http server: a port that is taken is tried again, and said once") {
  World first;
  HttpServerOptions same;
  same.at.port = first.server->port();
  World second(same);
  CHECK(second.server->port() == 0);
  REQUIRE(second.log.lines.size() == 1);
  CHECK(second.log.lines[0].find("web: cannot listen on 127.0.0.1:") != std::string::npos);
  first.server.reset();
  CHECK(second.until([&] { return second.server->port() == same.at.port; }));
  CHECK(second.status_of(hello) == "200");
  CHECK(second.log.lines.size() == 2);
}

TEST_CASE("http server: a certificate that cannot be used is named") {
  Loop loop;
  MemoryLog log;
  HttpServerOptions options;
  options.tls = HttpTls{"/no/such.crt", "/no/such.key"};
  const auto made = HttpServer::make(loop, options, log);
  REQUIRE_FALSE(made);
  CHECK(made.error().detail.find("/no/such.crt") != std::string::npos);
}

TEST_CASE("http server: by TLS, and a plain request there is no request") {
  const Scratch directory;
  const std::string key = directory / "key", certificate = directory / "crt";
  const std::string made =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
      "-days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 "
      "-keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  REQUIRE(std::system(made.c_str()) == 0);
  HttpServerOptions options;
  options.tls = HttpTls{certificate, key};
  World w(options);
  const std::string out = directory / "out";
  const std::string asked = "(curl --silent --max-time 5 --cacert " + certificate +
                            " https://127.0.0.1:" + std::to_string(w.server->port()) + "/hello >" +
                            out + " 2>&1; echo \" status $?\" >>" + out + ") &";
  REQUIRE(std::system(asked.c_str()) == 0);
  std::string text;
  CHECK(w.until([&] {
    std::ifstream file(out);
    text.assign(std::istreambuf_iterator<char>(file), {});
    return text.find("status") != text.npos;
  }));
  CHECK(text == "hello status 0\n");
  CHECK(w.face->encrypted);
  HttpClient plain = w.client();
  plain.send(hello);
  CHECK(w.until([&] { return plain.ended(); }));
  CHECK(w.face->asked.size() == 1);
}

TEST_CASE("http server: after its end nothing is called") {
  World w;
  HttpClient client = w.stream();
  w.server.reset();
  CHECK(w.until([&] { return client.ended(); }));
  CHECK(w.face->gone.empty());
}
