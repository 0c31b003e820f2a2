// The site behind the real web server, asked by real sockets: what neither can show alone.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "io/http_world.hpp"
#include "model/model_rig.hpp"
#include "web/site.hpp"

using namespace gridtap;
using namespace gridtap::http_test;

namespace {

constexpr web::PageFile files[] = {{"index.html", "text/html", "packed", "a1"}};

// A house of five devices with 400 entities each: an event of one alone is longer than a slow
// reader may leave unread.
struct LargeHouse {
  LargeHouse() {
    auto made = HttpServer::make(loop, {}, log);
    REQUIRE(made);
    server = std::move(*made);
    site = std::make_unique<web::Site>(options(), model, *server, logins, clock, log, files,
                                       web::SiteCalls{[](std::string_view, const Command&) {}});
    site->start();
    for (int n = 0; n < 400; ++n) {
      for (const char* id : ids) read(id, "a_key_of_the_wire_" + std::to_string(n), n);
    }
  }
  static model::Options house() {
    model::Options options;
    for (const char* id : ids) options.devices.push_back({id, ""});
    return options;
  }
  static web::SiteOptions options() { return {}; }
  void read(std::string_view id, std::string_view key, std::int64_t value) {
    model.on_effect(id, Reading{"", key, "1-0:1.7.0", Decimal{value, 0}}, clock.now());
  }
  bool until(const std::function<bool()>& is_true, std::chrono::milliseconds patience = 10s) {
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
  HttpClient ask(const std::string& path) {
    HttpClient client(server->port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return client;
  }
  bool gets(HttpClient& client, const std::string& text) {
    return until([&] { return client.came().find(text) != std::string::npos; });
  }

  static constexpr const char* ids[] = {"a", "b", "c", "d", "e"};
  Loop loop;
  SystemClock clock{loop};
  MemoryLog log;
  model::PlayedMemory none;
  model::Model model{house(), clock, none, log};
  web::Logins logins{{[](std::string_view text) { return std::string(text); },
                      [] { return std::string("random"); }, "", ""}};
  std::unique_ptr<web::Site> site;
  std::unique_ptr<HttpServer> server;  // ends before the site
};

}  // namespace

TEST_CASE("site on a server: a large house comes whole to a stream, and what changes after it") {
  LargeHouse house;
  HttpClient client = house.ask("/api/events");
  REQUIRE(house.gets(client, "event: ready\ndata: {}\n\n"));
  const std::string begin = client.came();
  CHECK(begin.find("HTTP/1.1 200 OK\r\n") == 0);
  CHECK(begin.find("Content-Security-Policy: default-src 'self'; frame-ancestors 'self'\r\n") !=
        std::string::npos);
  CHECK(begin.size() > 200'000);
  for (const char* id : LargeHouse::ids) {
    CHECK(begin.find("event: device\ndata: {\"id\":\"" + std::string(id)) != std::string::npos);
  }
  house.read("c", "a_key_of_the_wire_7", 4711);
  CHECK(house.gets(client, "\"values\":{\"c/a_key_of_the_wire_7\":\"4711\"}"));
  CHECK(house.site->clients() == 1);
  client.close();
  CHECK(house.until([&] { return house.site->clients() == 0; }));
}

TEST_CASE("site on a server: who sleeps costs the others nothing, and gets the newest when awake") {
  LargeHouse house;
  HttpClient awake = house.ask("/api/events"), asleep = house.ask("/api/events");
  REQUIRE(house.gets(awake, "event: ready"));
  for (int n = 0; n < 3; ++n) {
    house.read("a", "a_key_of_the_wire_0", 5000 + n);
    CHECK(house.gets(awake, "\"a/a_key_of_the_wire_0\":\"" + std::to_string(5000 + n)));
  }
  CHECK(house.gets(asleep, "event: ready"));
  house.read("a", "a_key_of_the_wire_0", 6000);
  CHECK(house.gets(asleep, "\"a/a_key_of_the_wire_0\":\"6000\""));
  CHECK(house.site->clients() == 2);
}

TEST_CASE("site on a server: files, states and refusals are answers of one connection") {
  LargeHouse house;
  HttpClient client = house.ask("/");
  CHECK(house.gets(client, "packed"));
  client.send("HEAD /api/state HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.send("GET /api/prices HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(house.gets(client, R"({"reason":"there is no such address"})"));
  CHECK(client.came().find("\"devices\"") == std::string::npos);
  client.send("GET /api/state HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  CHECK(house.gets(client, "HTTP/1.1 421 "));
}
