// The text of HTTP: what a browser, a script, a scraper and an attacker send.
#include "io/http_message.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace gridtap;
using namespace gridtap::io;

namespace {

using Step = HttpReader::Step;

// "200" for a request that is whole, its status where it is refused, "more" where it is not whole.
std::string verdict(std::string_view text) {
  HttpReader reader;
  reader.read(as_bytes(text));
  if (reader.step() == Step::more) return "more";
  return reader.step() == Step::whole ? "200" : std::to_string(reader.refusal().status);
}

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string post(const std::string& fields, const std::string& body) {
  return "POST /api/set HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

const std::string whole =
    "POST /api/set?a=1&b=%20 HTTP/1.1\r\nHost: gridtap.local\r\nContent-TYPE: application/json\r\n"
    "Content-Length: 13\r\n\r\n{\"key\":\"a b\"}";

void check_whole(const HttpReader& reader) {
  REQUIRE(reader.step() == Step::whole);
  const HttpRequest& request = reader.request();
  CHECK(request.method == "POST");
  CHECK(request.path == "/api/set");
  CHECK(request.query == "a=1&b=%20");
  CHECK(request.body == "{\"key\":\"a b\"}");
  CHECK(request.keeps_alive);
  REQUIRE(request.fields.size() == 3);
  CHECK(request.fields[1].name == "content-type");
  CHECK(request.fields[1].value == "application/json");
}

}  // namespace

TEST_CASE("http: a request is read whole") {
  HttpReader reader;
  CHECK(reader.read(as_bytes(whole)).empty());
  check_whole(reader);
}

TEST_CASE("http: a request is read byte by byte") {
  HttpReader reader;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    REQUIRE(reader.step() == Step::more);
    CHECK(reader.begun() == (n > 0));
    reader.read(as_bytes(std::string_view(whole).substr(n, 1)));
  }
  check_whole(reader);
}

TEST_CASE("http: a request that is cut anywhere waits for the rest") {
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CHECK(verdict(std::string_view(whole).substr(0, n)) == "more");
  }
}

TEST_CASE("http: glued requests are read one after the other") {
  const std::string both = whole + "\r\n" + get("/second");
  HttpReader reader;
  const ByteView rest = reader.read(as_bytes(both));
  check_whole(reader);
  reader.next();
  CHECK(reader.read(rest).empty());
  REQUIRE(reader.step() == Step::whole);
  CHECK(reader.request().path == "/second");
  CHECK(reader.request().fields.size() == 1);
}

TEST_CASE("http: a flipped byte gives a refusal or a request, never a crash") {
  for (std::size_t n = 0; n < whole.size(); ++n) {
    for (const int bit : {0x01, 0x20, 0x80}) {
      std::string flipped = whole;
      flipped[n] = static_cast<char>(flipped[n] ^ bit);
      verdict(flipped);
      verdict(flipped.substr(n) + flipped);
    }
  }
  CHECK(verdict(whole) == "200");
}

TEST_CASE("http: what is malformed is refused with its status") {
  const std::vector<std::pair<std::string, const char*>> rows{
      {"\x16\x03\x01\x02\x01\x01\r\n\r\n", "400"},  // a TLS hello at a plain port
      {"GET /\r\n\r\n", "400"},                     // HTTP/0.9
      {"GET / HTTP/2.0\r\n\r\n", "505"},
      {"GET / HTTP/1.1\nHost: x\n\r\n\r\n", "400"},  // bare LF
      {"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", "400"},
      {std::string("GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", 29), "400"},
      {"GET / HTTP/1.1\r\n folded: x\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nno colon\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nbad name: x\r\n\r\n", "400"},
      {get("relative"), "400"},
      {get("http://x/absolute"), "400"},
      {get("/a/../b"), "400"},
      {get("/a/%2e%2E/b"), "400"},
      {get("/.."), "400"},
      {get("/..\\b"), "400"},
      {get("/a%00b"), "400"},
      {get("/a%0Ab"), "400"},
      {get("/a%4"), "400"},
      {get("/a%zz"), "400"},
      {post("", ""), "411"},
      {post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), "400"},
      {post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "{}"), "400"},
      {post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400"},
      {post("Content-Length: +2\r\n", "{}"), "400"},
      {post("Content-Length: 2x\r\n", "{}"), "400"},
      {post("Content-Length: -1\r\n", "{}"), "400"},
      {post("Content-Length:\r\n", "{}"), "400"},
      {post("Content-Length: 4097\r\n", ""), "413"},
      {post("Content-Length: 99999999999999999999999\r\n", ""), "400"},
  };
  for (const auto& [text, status] : rows) {
    CAPTURE(text);
    CHECK(verdict(text) == status);
  }
}

TEST_CASE("http: what is too long is refused before it is kept") {
  CHECK(verdict(get('/' + std::string(2047, 'a'))) == "200");
  CHECK(verdict(get('/' + std::string(2048, 'a'))) == "414");
  CHECK(verdict("GET /" + std::string(3000, 'a')) == "414");  // it has no end yet
  const std::string start = "GET / HTTP/1.1\r\nX: ";
  CHECK(verdict(start + std::string(8000, 'a') + "\r\n\r\n") == "200");
  CHECK(verdict(start + std::string(8192, 'a') + "\r\n\r\n") == "431");
  CHECK(verdict(start + std::string(1 << 20, 'a')) == "431");
  CHECK(verdict(post("Content-Length: 4096\r\n", std::string(4096, 'a'))) == "200");
}

TEST_CASE("http: names and addresses that are unusual and right are taken") {
  CHECK(verdict(get("/a..b")) == "200");
  CHECK(verdict(get("/...")) == "200");
  CHECK(verdict(get("/?q=../..")) == "200");
  CHECK(verdict(post("Content-Length: 0\r\n", "")) == "200");
  HttpReader reader;
  reader.read(as_bytes("GET /m%C3%A5ler/a%20b HTTP/1.0\r\n\r\n"));
  REQUIRE(reader.step() == Step::whole);
  CHECK(reader.request().path == "/m\xC3\xA5ler/a b");
  CHECK_FALSE(reader.request().keeps_alive);
}

TEST_CASE("http: a connection goes on as the request wants it") {
  HttpReader reader;
  reader.read(as_bytes("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
  CHECK_FALSE(reader.request().keeps_alive);
}

TEST_CASE("http: a reply is written") {
  CHECK(http_text({200, "text/plain", "ok\n"}, true, true) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n");
  CHECK(http_text({200, "text/plain", "ok\n"}, false, false) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n"
        "\r\n");
  WebReply unchanged{304, {}, {}, {}, {{"ETag", "\"x\""}}};
  CHECK(http_text(unchanged, true, true) == "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
  CHECK(http_text({200, "a/b", {}, "fixed"}, true, true).ends_with("\r\n\r\nfixed"));
  CHECK(http_stream_head({200, "text/event-stream"}) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
  CHECK(refusal_reply(400, "a \"b\"").body == "{\"reason\":\"a \\\"b\\\"\"}");
}
