// Addresses and fields of requests as they come, bent and straight.
#include "web/routes.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap::web;

namespace {

constexpr PageFile files[] = {{"index.html", "text/html", "packed", "a1"},
                              {"app.js", "text/javascript", "packed", "b2"}};

std::string file_of(std::string_view path) {
  const auto place = find_place(path, files);
  return place && place->file != nullptr ? std::string(place->file->path) : "";
}

}  // namespace

TEST_CASE("routes: what is no address of ours has none") {
  for (const std::string_view path :
       {"", "index.html", "//", "/api", "/api/", "/api/stat", "/api/state/", "/API/STATE",
        "/../index.html", "/./app.js", "/app.js/", "/api/history/", "/api/history.CSV",
        "/api/history.json", "/api/prices", "/api/peaks", "/favicon.ico", "/.well-known/x",
        "/index.html\n"}) {
    CAPTURE(path);
    CHECK_FALSE(find_place(path, files));
  }
}

TEST_CASE("routes: every address is its own") {
  CHECK(file_of("/") == "index.html");
  CHECK(file_of("/app.js") == "app.js");
  CHECK(find_place("/api/state", files)->route == Route::state);
  CHECK(find_place("/api/set", files)->route == Route::set);
  CHECK(find_place("/api/history", files)->route == Route::history);
  CHECK(find_place("/api/history.csv", files)->route == Route::history_csv);
  CHECK(find_place("/health", files)->route == Route::health);
  CHECK_FALSE(find_place("/", {}));
}

TEST_CASE("routes: what changes something is posted, what is read is got") {
  for (const Route each : {Route::set, Route::login, Route::logout}) {
    CHECK(allows(each, "POST"));
    for (const char* other : {"GET", "HEAD", "PUT", "DELETE", "", "post"}) {
      CHECK_FALSE(allows(each, other));
    }
  }
  for (const Route each : {Route::file, Route::state, Route::recent, Route::metrics, Route::history,
                           Route::history_csv}) {
    CHECK(allows(each, "GET"));
    CHECK(allows(each, "HEAD"));
    CHECK_FALSE(allows(each, "POST"));
    CHECK_FALSE(allows(each, "GET, HEAD"));
  }
  CHECK(allows(Route::events, "GET"));
  CHECK_FALSE(allows(Route::events, "HEAD"));
}

TEST_CASE("routes: only what shows nothing of the house needs no login") {
  for (const Route each : {Route::file, Route::health, Route::login})
    CHECK_FALSE(needs_login(each));
  for (const Route each : {Route::metrics, Route::state, Route::events, Route::recent, Route::set,
                           Route::logout, Route::history, Route::history_csv}) {
    CHECK(needs_login(each));
  }
}

TEST_CASE("routes: gzip is for who takes it") {
  for (const char* yes :
       {"", "gzip", "gzip, deflate, br", "br;q=1, GZIP;q=0.5", " gzip ;q=1", "*", "br, *;q=0.1"}) {
    CAPTURE(yes);
    CHECK(takes_gzip(yes));
  }
  for (const char* no : {"br", "identity", "gzip;q=0", "gzip; q=0.000", "gzip;q=x", "xgzip", ",,;;",
                         "*;q=0", "gzip;q=0, *"}) {
    CAPTURE(no);
    CHECK_FALSE(takes_gzip(no));
  }
}

TEST_CASE("routes: a tag is known by its letters") {
  for (const char* yes : {"\"a1\"", "W/\"a1\"", "\"x\", W/\"a1\"", "*"}) {
    CAPTURE(yes);
    CHECK(names_tag(yes, "a1"));
  }
  for (const char* no : {"", "a1", "\"a\"", "\"a12\"", "W/", "\"", "w/\"a1\"", "\"a1"}) {
    CAPTURE(no);
    CHECK_FALSE(names_tag(no, "a1"));
  }
}

TEST_CASE("routes: a parameter is found by its whole name") {
  CHECK(parameter("device=meter", "device") == "meter");
  CHECK(parameter("x=1&device=meter&device=other", "device") == "meter");
  CHECK(parameter("device", "device") == "");
  CHECK(parameter("device=a=b", "device") == "a=b");
  CHECK_FALSE(parameter("", "device"));
  CHECK_FALSE(parameter("devices=meter&xdevice=meter", "device"));
}
