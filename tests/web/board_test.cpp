// What open pages hear of the house, and what they do not cost.
#include "web/board.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "web_rig.hpp"

using namespace gridtap;
using namespace gridtap::web;
using namespace gridtap::web_test;

namespace {

struct Wall : House {
  explicit Wall(const std::vector<std::string>& hide = {})
      : shown(hide), board(*model, shown, server, clock) {
    model->add(board);
  }
  ~Wall() { model->remove(board); }

  // A page that has everything, and waits.
  void open(std::uint64_t stream) {
    board.add(stream);
    clock.advance(3s);
    server.take(stream);
  }
  void power(std::int64_t watts) { read("meter", "power_import", Decimal{watts, 0}); }
  std::vector<Event> take(std::uint64_t stream = 1) { return events_of(server.take(stream)); }
  // The data of the one event that came.
  json change(std::uint64_t stream = 1) {
    const auto events = take(stream);
    REQUIRE(events.size() == 1);
    CHECK(events[0].name == "change");
    return events[0].data;
  }
  static std::vector<std::string> names(const std::vector<Event>& events) {
    std::vector<std::string> all;
    for (const Event& each : events) {
      all.push_back(each.name == "device" ? each.data["id"].get<std::string>() : each.name);
    }
    return all;
  }

  Shown shown;
  PlayedServer server;
  Board board;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("board: who does not read is sent nothing, and later all of it in one piece") {
  Wall wall;
  wall.open(1);
  wall.server.sleeping.insert(1);
  for (int n = 0; n < 100; ++n) {
    wall.power(n);
    wall.clock.advance(1s);
  }
  CHECK(wall.server.take(1).empty());
  wall.server.sleeping.clear();
  wall.clock.advance(1s);
  CHECK(wall.change()["values"] == json{{"meter/power_import", "99"}});
}

TEST_CASE("board: who does not read at the begin is not filled up") {
  Wall wall;
  wall.server.sleeping.insert(1);
  wall.board.add(1);
  wall.clock.advance(1min);
  CHECK(wall.server.take(1) == ": gridtap\nretry: 3000\n\n");
  wall.server.sleeping.clear();
  wall.clock.advance(100ms);
  CHECK(Wall::names(wall.take()) == Names{"gateway", "meter", "meter_gas", "solar", "ready"});
}

TEST_CASE("board: a large house comes piece by piece, and whole") {
  Wall wall;
  for (int n = 0; n < 400; ++n) {
    wall.read("meter", "own_key_" + std::to_string(n), Decimal{n, 0});
    wall.read("solar", "own_key_" + std::to_string(n), Decimal{n, 0});
  }
  wall.board.add(1);
  wall.clock.advance(1ms);
  const auto first = wall.take();
  CHECK(Wall::names(first) == Names{"gateway", "meter"});  // one is enough at a time
  wall.clock.advance(100ms);
  CHECK(Wall::names(wall.take()) == Names{"meter_gas", "solar", "ready"});
  CHECK(first[1].data["entities"].size() == 401);
}

TEST_CASE("board: 20 streams share one text") {
  Wall wall;
  for (std::uint64_t n = 1; n <= 20; ++n) wall.open(n);
  wall.clock.advance(1min);
  for (std::uint64_t n = 1; n <= 20; ++n) wall.server.take(n);
  wall.power(1);
  wall.clock.advance(1s);
  const auto text = wall.server.texts[1].back();
  for (std::uint64_t n = 1; n <= 20; ++n) {
    REQUIRE(wall.server.texts[n].size() == 1);
    CHECK(wall.server.texts[n][0] == text);
  }
}

TEST_CASE("board: while no page is open nothing is done") {
  Wall wall;
  wall.power(1);
  wall.clock.advance(1h);
  CHECK(wall.server.texts.empty());
  wall.open(1);
  wall.board.remove(1);
  wall.board.remove(1);
  wall.power(2);
  wall.clock.advance(1h);
  CHECK(wall.server.take(1).empty());
  CHECK(wall.board.streams() == 0);
}

TEST_CASE("board: what is hidden is not told") {
  Wall wall({"solar", "meter/voltage_l1"});
  wall.board.add(1);
  wall.clock.advance(3s);
  CHECK(Wall::names(wall.take()) == Names{"gateway", "meter", "meter_gas", "ready"});
  wall.read("solar", "power", Decimal{1, 0});
  wall.read("meter", "voltage_l1", Decimal{2301, -1});
  wall.say("solar", Alive{"", 30s});
  wall.clock.advance(3s);
  for (const Event& event : wall.take()) {  // the meter again: it has one entity more
    CHECK(event.data.dump().find("solar") == std::string::npos);
    CHECK(event.data.dump().find("voltage_l1") == std::string::npos);
  }
}

TEST_CASE("board: a stream begins with its comment, every device and `ready`") {
  Wall wall;
  wall.board.add(1);
  CHECK(wall.server.take(1) == ": gridtap\nretry: 3000\n\n");
  wall.clock.advance(100ms);
  const auto events = wall.take();
  CHECK(Wall::names(events) == Names{"gateway", "meter", "meter_gas", "solar", "ready"});
  CHECK(events[1].data["entities"][0]["value"] == "244");
  wall.clock.advance(10s);
  CHECK(wall.take().empty());
}

TEST_CASE("board: what changes while a stream begins follows when it is ready") {
  Wall wall;
  wall.board.add(1);
  wall.server.sleeping.insert(1);
  wall.power(5);
  wall.say("solar", Alive{"", 30s});
  wall.clock.advance(3s);
  wall.server.sleeping.clear();
  wall.power(6);
  wall.clock.advance(3s);
  const auto events = wall.take();
  CHECK(events.back().name == "change");
  CHECK(events.back().data["values"]["meter/power_import"] == "6");
  CHECK(events.back().data["status"]["solar"] == "online");
}

TEST_CASE("board: values change at most once a second, with the newest") {
  Wall wall;
  wall.open(1);
  wall.power(1);
  wall.clock.advance(1ms);
  CHECK(wall.change() == json{{"t", "2026-11-20T00:00:03Z"},
                              {"values", {{"meter/power_import", "1"}}},
                              {"heard", {{"meter", "2026-11-20T00:00:03Z"}}}});
  for (int n = 0; n < 10; ++n) {
    wall.power(n);
    wall.clock.advance(50ms);
  }
  CHECK(wall.take().empty());
  wall.clock.advance(500ms);
  CHECK(wall.change()["values"] == json{{"meter/power_import", "9"}});
}

TEST_CASE("board: that a device was heard is told, though nothing has changed") {
  Wall wall;
  wall.open(1);
  wall.power(244);
  wall.clock.advance(1s);
  const json change = wall.change();
  CHECK_FALSE(change.contains("values"));
  CHECK(change["heard"]["meter"] == "2026-11-20T00:00:03Z");
  wall.say("meter", Reading{"", "hour_energy", "rule", Decimal{1, 0}});
  wall.clock.advance(2s);
  wall.take();
  wall.say("meter", Reading{"", "hour_energy", "rule", Decimal{1, 0}});
  wall.clock.advance(2s);
  CHECK(wall.take().empty());
}

TEST_CASE("board: switches, alarms and status come at once") {
  Wall wall;
  wall.relay("relay_boiler");
  wall.say("gateway", Reading{"", "relay_boiler", "relay", false, {}, R"({"why":"start"})"});
  wall.read("meter", "hour_limit_exceeded", false);
  wall.open(1);
  wall.power(1);
  wall.clock.advance(1ms);
  wall.take();
  wall.clock.advance(100ms);
  wall.say("gateway", Reading{"", "relay_boiler", "relay", true, {}, R"({"why":"command"})"});
  wall.clock.advance(1ms);
  json change = wall.change();
  CHECK(change["values"] == json{{"gateway/relay_boiler", "ON"}});
  CHECK(change["attributes"] == json{{"gateway/relay_boiler", {{"why", "command"}}}});
  wall.clock.advance(100ms);
  wall.read("meter", "hour_limit_exceeded", true);
  wall.clock.advance(1ms);
  CHECK(wall.change()["values"] == json{{"meter/hour_limit_exceeded", "ON"}});
  wall.clock.advance(100ms);
  wall.say("meter", Alive{"", 0s});
  wall.clock.advance(1ms);
  change = wall.change();
  CHECK(change["status"] == json{{"meter", "offline"}, {"meter_gas", "offline"}});
}

TEST_CASE("board: a switch that flutters does not flood") {
  Wall wall;
  wall.relay("relay_boiler");
  wall.open(1);
  for (int n = 0; n < 1000; ++n) {
    wall.say("gateway", Reading{"", "relay_boiler", "relay", n % 2 == 0});
    wall.clock.advance(1ms);
  }
  CHECK(wall.take().size() <= 21);
}

TEST_CASE("board: what is new, gone or renamed is told by the whole device") {
  Wall wall;
  wall.open(1);
  wall.read("meter", "voltage_l1", Decimal{2301, -1});
  wall.clock.advance(1s);
  auto events = wall.take();
  CHECK(Wall::names(events) == Names{"meter"});  // its values are in it
  CHECK(events[0].data["entities"].size() == 2);
  wall.identify("meter", "E2");  // another meter: what the old one had is gone
  wall.clock.advance(1s);
  events = wall.take();
  REQUIRE(Wall::names(events) == Names{"meter"});
  CHECK(events[0].data["serial"] == "E2");
  CHECK(events[0].data["entities"].empty());
  wall.identify_child("solar", "1", "battery", "B1");
  wall.clock.advance(1s);
  CHECK(Wall::names(wall.take()).back() == "solar_battery");
}

TEST_CASE("board: a comment every 15 s keeps a quiet stream open") {
  Wall wall;
  wall.open(1);
  wall.clock.advance(11s);
  CHECK(wall.server.take(1).empty());
  wall.clock.advance(2s);
  CHECK(wall.server.take(1) == ":\n\n");
  wall.clock.advance(30s);
  CHECK(wall.server.take(1) == ":\n\n:\n\n");
}

TEST_CASE("board: a mirror made of the events is the house") {
  Wall wall;
  wall.relay("relay_boiler");
  wall.board.add(1);
  std::map<std::string, std::map<std::string, std::string>> mirror;
  const auto look = [&] {
    for (const Event& event : wall.take()) {
      if (event.name == "device") {
        auto& device = mirror[event.data["id"]];
        device.clear();
        for (const json& each : event.data["entities"]) {
          if (each.contains("value")) device[each["key"]] = each["value"];
        }
      }
      const json values = event.data.value("values", json::object());
      for (const auto& [name, value] : values.items()) {
        const std::size_t slash = name.find('/');
        mirror[name.substr(0, slash)][name.substr(slash + 1)] = value;
      }
    }
  };
  std::minstd_rand random(7);
  const auto dice = [&](std::uint32_t sides) { return random() % sides; };
  for (int n = 0; n < 3000; ++n) {
    const std::string key = "own_" + std::to_string(dice(30));
    wall.read(dice(2) == 0 ? "meter" : "solar", key, Decimal{n, 0});
    if (n % 500 == 499) wall.identify("meter", "E" + std::to_string(n));
    if (n % 7 == 0) wall.say("gateway", Reading{"", "relay_boiler", "relay", n % 2 == 0});
    if (n % 90 == 10) wall.server.sleeping.insert(1);
    if (n % 90 == 40) wall.server.sleeping.clear();
    wall.clock.advance(std::chrono::milliseconds(dice(300)));
    look();
  }
  wall.server.sleeping.clear();
  wall.clock.advance(3s);
  look();
  for (const auto& device : wall.model->all()) {
    CAPTURE(device->handle);
    std::map<std::string, std::string> now;
    device->each([&](const model::Entity& entity) {
      if (entity.has_value()) now[std::string(entity.level())] = to_text(entity.value());
    });
    CHECK(mirror[device->handle] == now);
  }
}
