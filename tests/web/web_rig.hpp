#pragma once
// A house with faces for the web, and a web server that is none: it keeps what it is given.

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/model_rig.hpp"
#include "web/site.hpp"

namespace gridtap::web_test {

using namespace std::chrono_literals;
using nlohmann::json;

struct PlayedServer final : WebServer {
  void start(WebFace& its_face) override { face = &its_face; }
  void answer(std::uint64_t number, WebReply reply) override {
    CHECK(answers.count(number) == 0);  // one request, one answer
    answers.emplace(number, std::move(reply));
  }
  bool stream(std::uint64_t number, WebReply head) override {
    if (full) return false;
    answers.emplace(number, std::move(head));
    return true;
  }
  void send(std::uint64_t number, std::shared_ptr<const std::string> text) override {
    texts[number].push_back(std::move(text));
  }
  std::size_t unread(std::uint64_t number) const override { return sleeping.count(number); }
  void end(std::uint64_t number) override { ended.insert(number); }

  // All of a stream since the last call.
  std::string take(std::uint64_t number) {
    std::string all;
    for (const auto& text : texts[number]) all += *text;
    texts[number].clear();
    return all;
  }

  WebFace* face = nullptr;
  bool full = false;
  std::map<std::uint64_t, WebReply> answers;
  std::map<std::uint64_t, std::vector<std::shared_ptr<const std::string>>> texts;
  std::set<std::uint64_t> sleeping, ended;  // sleeping: they do not read
};

// One event of a stream, its data parsed.
struct Event {
  std::string name;
  json data;
};

// Everything must be an event or a comment, and every event JSON on one line.
inline std::vector<Event> events_of(const std::string& text) {
  std::vector<Event> events;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find("\n\n", at);
    REQUIRE(end != text.npos);
    const std::string piece = text.substr(at, end - at);
    at = end + 2;
    if (piece.starts_with(':')) continue;
    const std::size_t line = piece.find("\ndata: ");
    REQUIRE(piece.starts_with("event: "));
    REQUIRE(line != piece.npos);
    CHECK(piece.find('\n', line + 1) == piece.npos);
    CHECK(piece.find('\r') == piece.npos);
    events.push_back({piece.substr(7, line - 7), json::parse(piece.substr(line + 7))});
  }
  return events;
}

// A meter with gas behind it, an inverter that is silent, and the gateway.
struct House : model::ModelRig {
  House() : ModelRig({"meter", "solar"}) {
    identify("meter", "E1");
    identify_child("meter", "1", "gas", "G1");
    for (const char* channel : {"", "1"}) say("meter", Alive{channel, 30s});
    read("meter", "power_import", Decimal{244, 0});
    read("meter", "gas", Decimal{4871302, -3}, {}, "1");
  }
  void declare(std::string_view device, EntitySpec spec) { say(device, Entity{"", &spec}); }
  void relay(std::string_view key) {
    EntitySpec spec = *find_spec("relay_<name>");
    spec.key = key;
    declare("gateway", spec);
    say("gateway", Reading{"", key, "relay", false});
  }
};

}  // namespace gridtap::web_test
