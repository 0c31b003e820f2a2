#pragma once
// The site of a played house, asked as a browser on the home network asks.

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "history_rig.hpp"
#include "web_rig.hpp"

namespace gridtap::web_test {

using namespace gridtap::web;

inline constexpr PageFile page_files[] = {
    {"index.html", "text/html; charset=utf-8", "packed page", "a1"},
    {"app.js", "text/javascript", "packed script", "b2"}};

inline std::string field(const WebReply& reply, std::string_view name) {
  for (const WebField& each : reply.fields) {
    if (each.name == name) return each.value;
  }
  return {};
}

struct SiteRig : House {
  static SiteOptions usual() {
    SiteOptions options;
    options.guard.has_password = true;
    options.metrics = MetricLabels{{"site", "home"}};
    return options;
  }

  enum class With : std::uint8_t { usual, history };
  explicit SiteRig(SiteOptions options = usual(), With with = With::usual)
      : logins({[](std::string_view text) {
                  return std::to_string(std::hash<std::string_view>{}(text));
                },
                [this] { return "random" + std::to_string(++randoms); }, "correct horse",
                "script token"}) {
    options.version = "1.2.3";
    options.language = "nb";
    relay("relay_boiler");
    declare("meter", *find_spec("hour_limit"));
    say("meter", Reading{"", "hour_limit", "rule", Decimal{5000, 0}});
    site = std::make_unique<Site>(std::move(options), *model, server, logins, clock, log,
                                  page_files, calls(with));
    site->start();
  }

  SiteCalls calls(With with) {
    SiteCalls all{
        [this](std::string_view device, const Command& command) { take(device, command); },
        [this] { return illness; }, [] { return ProcessFigures{}; }, [this] { ++saved; }};
    if (with == With::usual) return all;
    history::Kept kept{[this] { return series; },
                       [this](std::string_view name, SlotTime begin, SlotTime end) {
                         return history::slots_of(pending, name, begin, end);
                       }};
    all.history.emplace(HistoryDoor{journal, std::move(kept), *Zone::named("Europe/Oslo")});
    return all;
  }
  void take(std::string_view device, const Command& command) {
    commands.push_back(std::string(device) + ' ' + std::string(command.key) + ' ' +
                       to_text(command.value));
    if (!refuse.empty()) {
      say(device, Rejected{command.channel, command.key, command.text, {Fault::refused, refuse}});
    } else if (obeys) {
      say(device, Reading{command.channel, command.key, "relay", command.value});
    }
  }

  // Sends it, with the cookie; the answer may come later.
  std::uint64_t send(std::string_view method, std::string_view path, std::string_view body,
                     std::vector<WebField> more, std::string_view query = {}) {
    more.insert(more.begin(), {"host", host});
    if (!cookie.empty()) more.push_back({"cookie", cookie});
    server.face->on_request(++number, {method, path, query, body, more, address, from_loopback});
    return number;
  }
  WebReply answer() {
    REQUIRE(server.answers.count(number) == 1);
    return server.answers.at(number);
  }
  WebReply ask(std::string_view method, std::string_view path, std::string_view body = {},
               std::vector<WebField> more = {}) {
    send(method, path, body, std::move(more));
    return answer();
  }
  WebReply get(std::string_view path, std::string_view query = {}, std::vector<WebField> more = {},
               bool answered = true) {
    send("GET", path, {}, std::move(more), query);
    return answered ? answer() : WebReply{};
  }
  std::uint64_t post_later(std::string_view path, std::string_view body,
                           std::vector<WebField> more = {}) {
    more.push_back({"content-type", "application/json"});
    return send("POST", path, body, std::move(more));
  }
  WebReply post(std::string_view path, std::string_view body, std::vector<WebField> more = {}) {
    post_later(path, body, std::move(more));
    return answer();
  }
  std::uint64_t order_later(const std::string& device, const std::string& key,
                            const std::string& value) {
    return post_later("/api/set", json{{"device", device}, {"key", key}, {"value", value}}.dump());
  }
  WebReply order(const std::string& device, const std::string& key, const std::string& value) {
    order_later(device, key, value);
    return answer();
  }
  void log_in() {
    const std::string set =
        field(post("/api/login", R"({"password":"correct horse"})"), "Set-Cookie");
    cookie = set.substr(0, set.find(';'));
  }

  PlayedJournal journal;
  std::vector<SeriesHead> series;
  history::KeptSlots pending;
  int randoms = 0, saved = 0;
  Logins logins;
  PlayedServer server;
  std::string host = "192.168.1.5:8470", address = "192.168.1.9", cookie, refuse;
  bool from_loopback = false, obeys = false;
  std::optional<std::string> illness;
  model::Lines commands;
  std::uint64_t number = 0;
  std::unique_ptr<Site> site;  // goes before the model
};

}  // namespace gridtap::web_test
