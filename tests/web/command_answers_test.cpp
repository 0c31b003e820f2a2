// What who commands by HTTP is told, and when.
#include "web/command_answers.hpp"

#include <doctest/doctest.h>

#include "web_rig.hpp"

using namespace gridtap;
using namespace gridtap::web;
using namespace gridtap::web_test;

namespace {

struct Desk : House {
  Desk()
      : answers(*model, clock, [this](std::uint64_t request, const CommandAnswers::Outcome& out) {
          told.push_back(std::to_string(request) + (out.refused ? " refused: " : " ") + out.text);
        }) {
    model->add(answers);
    relay("relay_boiler");
    declare("meter", *find_spec("hour_limit"));
    say("meter", Reading{"", "hour_limit", "rule", Decimal{5000, 0}});
    declare("meter", {.key = "tx", .platform = Platform::text});
    declare("meter", *find_spec("battery_full"));
    declare("gateway", *find_spec("announce_again"));
    declare("meter", {.key = "mode", .platform = Platform::select, .options = "a,b"});
  }
  ~Desk() { model->remove(answers); }

  void ask(std::uint64_t request, std::string_view device, std::string_view key,
           std::string_view payload) {
    const model::Device& of = *model->find_handle(device);
    answers.expect(request, of, *of.find(key), payload);
    answers.handed_on(request);
  }
  void reject(std::string_view device, std::string_view key, std::string_view command,
              std::string why) {
    say(device, Rejected{"", key, command, {Fault::refused, std::move(why)}});
  }
  void boiler(Value value) { say("gateway", Reading{"", "relay_boiler", "relay", value}); }
  model::Lines take() { return std::exchange(told, {}); }

  model::Lines told;
  CommandAnswers answers;
};

using model::Lines;

}  // namespace

TEST_CASE("command answers: a refusal is told with its reason, safe to print") {
  Desk desk;
  desk.ask(1, "gateway", "relay_boiler", "ON");
  desk.reject("gateway", "relay_boiler", "ON", "min_off:\n42 s");
  CHECK(desk.take() == Lines{"1 refused: min_off: 42 s"});
  desk.clock.advance(1min);
  CHECK(desk.take().empty());
}

TEST_CASE("command answers: a refusal of another command is not mine") {
  Desk desk;
  desk.ask(1, "gateway", "relay_boiler", "ON");
  desk.reject("gateway", "relay_boiler", "on", "a switch takes ON or OFF");
  desk.reject("meter", "mode", "ON", "not one of a,b");
  CHECK(desk.take().empty());
  desk.ask(2, "gateway", "relay_boiler", "ON");
  desk.reject("gateway", "relay_boiler", "ON", "first");
  desk.reject("gateway", "relay_boiler", "ON", "second");
  desk.reject("gateway", "relay_boiler", "ON", "of nobody");
  CHECK(desk.take() == Lines{"1 refused: first", "2 refused: second"});
}

TEST_CASE("command answers: a device that says nothing is waited for 5 s, then it is as it is") {
  Desk desk;
  desk.ask(1, "gateway", "relay_boiler", "ON");
  desk.boiler(false);  // what it is before it has acted
  desk.clock.advance(4999ms);
  CHECK(desk.take().empty());
  desk.clock.advance(1ms);
  CHECK(desk.take() == Lines{"1 OFF"});
  desk.boiler(Value{});
  desk.ask(2, "gateway", "relay_boiler", "ON");
  desk.clock.advance(5s);
  CHECK(desk.take() == Lines{"2 None"});
}

TEST_CASE("command answers: an entity that goes meanwhile is told of") {
  Desk desk;
  desk.ask(1, "meter", "hour_limit", "4000");
  desk.read("meter", "power_export", Decimal{1, 0});
  desk.answers.expect(2, *desk.model->find_handle("meter"), desk.entity("meter", "power_export"),
                      "1");
  desk.identify("meter", "E2");  // another meter in its place
  CHECK(desk.take().at(0) == "2 refused: it is no longer there");
}

TEST_CASE("command answers: who has gone is not told") {
  Desk desk;
  desk.ask(1, "gateway", "relay_boiler", "ON");
  desk.answers.forget(1);
  desk.answers.forget(2);
  desk.answers.handed_on(1);
  desk.boiler(true);
  desk.clock.advance(1min);
  CHECK(desk.take().empty());
}

TEST_CASE("command answers: a switch has acted when it reads back what was wanted") {
  Desk desk;
  desk.ask(1, "gateway", "relay_boiler", "ON");
  CHECK(desk.take().empty());
  desk.boiler(true);
  CHECK(desk.take() == Lines{"1 ON"});
  desk.ask(2, "gateway", "relay_boiler", "ON");  // is ON
  CHECK(desk.take() == Lines{"2 ON"});
}

TEST_CASE("command answers: all who wanted the same are told") {
  Desk desk;
  for (std::uint64_t n = 1; n <= 3; ++n) desk.ask(n, "gateway", "relay_boiler", "ON");
  desk.boiler(true);
  CHECK(desk.take() == Lines{"1 ON", "2 ON", "3 ON"});
}

TEST_CASE("command answers: a number may come back with other digits, or rounded") {
  Desk desk;
  desk.ask(1, "meter", "hour_limit", "4000.0");
  desk.say("meter", Reading{"", "hour_limit", "rule", Decimal{5000, 0}});
  CHECK(desk.take().empty());
  desk.say("meter", Reading{"", "hour_limit", "rule", Decimal{4000, 0}});
  CHECK(desk.take() == Lines{"1 4000"});
  desk.ask(2, "meter", "hour_limit", "4999");
  desk.say("meter", Reading{"", "hour_limit", "rule", Decimal{4990, 0}});
  CHECK(desk.take() == Lines{"2 4990"});
}

TEST_CASE("command answers: a text counts when it comes back, not because it was sent before") {
  Desk desk;
  desk.read("meter", "tx", std::string_view("hello"));
  desk.ask(1, "meter", "tx", "hello");
  CHECK(desk.take().empty());
  desk.read("meter", "tx", std::string_view("hello"));
  CHECK(desk.take() == Lines{"1 hello"});
}

TEST_CASE("command answers: an option counts when it is chosen") {
  Desk desk;
  desk.ask(1, "meter", "mode", "b");
  desk.read("meter", "mode", std::string_view("a"));
  CHECK(desk.take().empty());
  desk.read("meter", "mode", std::string_view("b"));
  CHECK(desk.take() == Lines{"1 b"});
}

TEST_CASE("command answers: a button shows nothing: it has worked where it is not refused") {
  Desk desk;
  desk.ask(1, "gateway", "announce_again", "PRESS");
  CHECK(desk.take() == Lines{"1 PRESS"});
  desk.ask(2, "meter", "battery_full", "PRESS");
  desk.clock.advance(1s);
  CHECK(desk.take().empty());
  desk.clock.advance(1s);
  CHECK(desk.take() == Lines{"2 PRESS"});
  desk.ask(3, "meter", "battery_full", "PRESS");
  desk.clock.advance(1s);
  desk.reject("meter", "battery_full", "PRESS", "the meter did not answer");
  CHECK(desk.take() == Lines{"3 refused: the meter did not answer"});
}
