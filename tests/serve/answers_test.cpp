// Questions and answers, row by row of the table, and what bad questions get.
#include "serve/answers.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "core/json_text.hpp"
#include "model/model_rig.hpp"

using namespace gridtap;
using namespace gridtap::serve;
using gridtap::model::Lines;
using namespace std::chrono_literals;

namespace {

constexpr EntitySpec boiler{.key = "relay_boiler", .platform = Platform::toggle};

// A meter with gas behind it, a battery that has never been heard, and the gateway.
struct House : model::ModelRig {
  House() : ModelRig({"meter", "battery"}) {
    about.version = "1.2.0";
    about.started = clock.now().mono;
    about.adapters = {{"meter", "p1"}, {"battery", "kgf"}};
    say("meter", Identified{"", {"", "E1", "E1", "Iskraemeco", "M550T", "1.0"}});
    identify_child("meter", "1", "gas", "G1");
    read("meter", "power_import", Decimal{244, 0});
    read("meter", "energy_import_t1", Decimal{12784325, -3});
    read("meter", "message", std::string_view("a\nb"));
    read("meter", "gas", Decimal{4871302, -3}, {}, "1");
    say("meter", Frame{100});
    for (const char* channel : {"", "1"}) say("meter", Alive{channel, 30s});
    for (const auto& [key, value] : {std::pair{"frames_ok", 86400}, {"frames_bad", 2}}) {
      say("meter", Reading{"", key, "rule", Decimal{value, 0}});
    }
    say("meter", Reading{"", "cause", "rule", std::string_view("none")});
  }
  std::string ask(std::string_view question) const {
    return answer(question, *model, about, clock.now().mono);
  }
  void count_hour() {
    say("meter", Reading{"", "hour_energy", "rule", Decimal{1873, 0}});
    say("meter", Reading{"", "hour_projected", "rule", Decimal{4210, 0}});
    say("meter", Reading{"", "hour_limit", "rule", Decimal{5000, 0}});
    say("meter", Reading{"", "hour_available_power", "rule", Decimal{5300, 0}});
    say("meter", Reading{"", "hour_limit_exceeded", "rule", false});
  }
  void fall_silent() {
    for (const char* channel : {"", "1"}) say("meter", Alive{channel, 0ms});
    say("meter", Reading{"", "cause", "rule", std::string_view("unreachable")});
  }
  void add_relay(Value value) {
    say("gateway", gridtap::Entity{"", &boiler});
    say("gateway", Reading{"", "relay_boiler", "rule", value});
  }
  About about;
};

Lines lines_of(const std::string& text) {
  Lines lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != text.npos);  // each line has its end
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

TEST_CASE("questions: each row of the table has its answer") {
  House house;
  house.count_hour();
  house.add_relay(false);
  house.clock.advance(800ms);
  const std::pair<const char*, const char*> table[] = {
      {"devices",
       "gateway online -\nmeter online p1 Iskraemeco M550T\nbattery offline kgf\n"
       "meter_gas online p1\n"},
      {"get meter power_import", "244 W\n"},
      {"get meter/power_import", "244 W\n"},
      {"get meter_gas gas", "4871.302 m³\n"},
      {"status meter", "online frames 86400 bad 2 last 0.8 s cause none\n"},
      {"hour meter",
       "energy 1873 Wh projected 4210 Wh limit 5000 Wh available 5300 W exceeded OFF\n"},
      {"prices", "no prices are known\n"},
      {"relays", "boiler OFF\n"},
      {"foo", "error: unknown command 'foo', try help\n"}};
  for (const auto& [question, expected] : table) {
    CAPTURE(question);
    CHECK(house.ask(question) == expected);
  }
  house.clock.advance(24h - 800ms);
  CHECK(house.ask("version") == "gridtap 1.2.0 up 86400 s\n");
}

TEST_CASE("questions: what the running hour does not know yet is None") {
  House house;
  house.say("meter", Reading{"", "hour_limit", "rule", Decimal{5000, 0}});
  CHECK(house.ask("hour meter") ==
        "energy None projected None limit 5000 Wh available None exceeded None\n");
}

TEST_CASE("questions: get shows a line for each entity that has a value") {
  const House house;
  const Lines lines = lines_of(house.ask("get meter"));
  const std::set<std::string> all(lines.begin(), lines.end());
  CHECK(all.contains("power_import 244 W"));
  CHECK(all.contains("energy_import_t1 12784.325 kWh"));
  CHECK(all.contains("cause none"));
  CHECK(all.contains("message a b"));  // a line stays a line
  CHECK(all.size() == lines.size());
}

TEST_CASE("questions: help has a line for each command, and each of them is known") {
  const House house;
  const Lines lines = lines_of(house.ask("help"));
  CHECK(lines.size() == 8);
  for (const std::string& line : lines) {
    CAPTURE(line);
    const std::string word = line.substr(0, line.find(' '));
    CHECK(house.ask(word).find("unknown command") == std::string::npos);
  }
  // Every line of help can be asked as it is written.
  CHECK(house.ask("get") == "error: ask: get DEVICE [PAGE]\n");
  CHECK(house.ask("status a b") == "error: ask: status DEVICE\n");
  CHECK(house.ask("help me") == "error: ask: help\n");
}

TEST_CASE("questions: case, blanks and the end of the line do not matter") {
  const House house;
  for (const char* question :
       {"GET Meter POWER_import", "  get\tmeter  power_import\r\n", "get meter/power_import\n"}) {
    CAPTURE(question);
    CHECK(house.ask(question) == "244 W\n");
  }
}

TEST_CASE("questions: what is not there is named, with what to ask instead") {
  const House house;
  const std::pair<const char*, const char*> table[] = {
      {"", "error: no command, try help\n"},
      {" \r\n", "error: no command, try help\n"},
      {"get attic", "error: no device 'attic', try devices\n"},
      {"status attic", "error: no device 'attic', try devices\n"},
      {"hour attic", "error: no device 'attic', try devices\n"},
      {"get meter foo", "error: 'meter' has no 'foo', try get meter\n"},
      {"get meter/", "error: 'meter' has no '', try get meter\n"},
      {"get meter/power_import/x", "error: 'meter' has no 'power_import/x', try get meter\n"},
      {"get meter 0", "error: 'meter' has no '0', try get meter\n"},
      {"get meter 7", "error: there is one page only, try get meter\n"},
      {"devices 9", "error: there is one page only, try devices\n"},
      {"devices x", "error: 'x' is no page, try devices 2\n"},
      {"relays x", "error: 'x' is no page, try relays 2\n"},
      {"relays", "no relays are configured\n"},
      {"hour meter", "error: 'meter' has no hour_limit in the configuration\n"}};
  for (const auto& [question, expected] : table) {
    CAPTURE(question);
    CHECK(house.ask(question) == expected);
  }
}

TEST_CASE("questions: a value of a device that is offline is not given, its health is") {
  House house;
  house.count_hour();
  house.fall_silent();
  house.clock.advance(90s);
  const std::string offline = "error: 'meter' is offline, cause unreachable: its values are old\n";
  CHECK(house.ask("get meter power_import") == offline);
  CHECK(house.ask("hour meter") == offline);
  CHECK(house.ask("get meter cause") == "unreachable\n");
  CHECK(house.ask("get meter").find("power_import") == std::string::npos);
  CHECK(house.ask("get meter").find("frames_ok 86400\n") != std::string::npos);
  CHECK(house.ask("get meter_gas") ==
        "error: 'meter_gas' is offline, cause unreachable: its values are old\n");
  CHECK(house.ask("status meter") == "offline frames 86400 bad 2 last 90.0 s cause unreachable\n");
  CHECK(house.ask("status meter_gas") ==
        "offline frames 86400 bad 2 last 90.0 s cause unreachable\n");
  CHECK(house.ask("status battery") == "offline frames None bad None last None cause None\n");
  CHECK(house.ask("get battery") ==
        "error: 'battery' is offline, cause None: its values are old\n");
}

TEST_CASE("questions: what the device does not know is None, a button has no value") {
  House house;
  house.read("meter", "power_export", Decimal{5, 0});
  house.read("meter", "power_export", Value{});
  house.say("gateway", gridtap::Entity{"", find_spec("announce_again")});
  house.add_relay(Value{});
  CHECK(house.ask("get meter power_export") == "None\n");
  CHECK(house.ask("get gateway announce_again") == "error: 'announce_again' has no value\n");
  CHECK(house.ask("relays") == "boiler None\n");
  CHECK(house.ask("status gateway") == "online\n");
}

TEST_CASE("questions: what was asked comes back cut, printable and well-formed") {
  const House house;
  CHECK(house.ask(std::string(41, 'x')) ==
        "error: unknown command '" + std::string(40, 'x') + "', try help\n");
  CHECK(house.ask("a\x01\x7F\xFF\xC2\x85z") == "error: unknown command 'a????z', try help\n");
  CHECK(house.ask("\xC3\xA5\xE2\x82") ==
        "error: unknown command 'å?"
        "?', try help\n");
  std::string forty;
  for (int n = 0; n < 41; ++n) forty += "å";
  CHECK(house.ask(forty).size() ==
        std::string("error: unknown command '', try help\n").size() + 80);
  CHECK(house.ask(std::string(201, 'x')) == "error: too long, at most 200 bytes\n");
}

TEST_CASE("questions: a list that does not fit goes on, page by page, until all of it was told") {
  House house;
  std::vector<std::string> keys;
  for (int n = 0; n < 300; ++n) keys.push_back("mppt" + std::to_string(n) + "_power");
  for (const std::string& key : keys) house.read("meter", key, Decimal{1000, 0});
  std::set<std::string> told;
  std::string question = "get meter";
  int pages = 0;
  while (!question.empty() && ++pages < 50) {
    const std::string page = house.ask(question);
    CHECK(page.size() <= max_answer);
    question.clear();
    for (const std::string& line : lines_of(page)) {
      constexpr std::string_view more = "… more: ";
      if (line.starts_with(more)) {
        question = line.substr(more.size());
        CHECK(question == "get meter " + std::to_string(pages + 1));
      } else {
        CHECK(told.insert(line).second);
      }
    }
  }
  CHECK(pages > 4);
  for (const std::string& key : keys) CHECK(told.contains(key + " 1000 W"));
  CHECK(house.ask("get meter " + std::to_string(pages + 1)) ==
        "error: there are " + std::to_string(pages) + " pages only, try get meter\n");
}

TEST_CASE("questions: no answer is longer than a datagram, whatever the model holds") {
  House house;
  const std::string unit(5000, 'u'), text = std::string(254, 't') + "\xC3\xA5";
  const EntitySpec odd{.key = "odd", .unit = unit};
  house.say("meter", gridtap::Entity{"", &odd});
  house.read("meter", "odd", Decimal{1, 0});
  for (const char* key : {"message", "message_2", "message_3", "message_4", "message_5"}) {
    house.read("meter", key, std::string_view(text));
  }
  house.say("battery", Identified{"", {"", "S", "S", unit, text, ""}});
  for (const char* question : {"get meter", "get meter 2", "get meter odd", "devices", "help"}) {
    CAPTURE(question);
    const std::string answer = house.ask(question);
    CHECK(answer.size() <= max_answer);
    CHECK(answer.ends_with('\n'));
    CHECK(valid_utf8(answer) == answer.size());
  }
}

TEST_CASE("questions: any bytes have an answer of plain text within a datagram") {
  House house;
  house.count_hour();
  house.add_relay(true);
  std::mt19937 random(16);
  const std::string words[] = {"get",  "meter", "/",    "help", "devices", "status", " ",  "2",
                               "hour", "\xFF",  "\x01", "å",    "relays",  "65536",  "\n", "-1"};
  for (int n = 0; n < 20'000; ++n) {
    std::string question;
    const auto parts = random() % 6;
    for (unsigned part = 0; part < parts; ++part) {
      question += words[random() % std::size(words)];
      if (random() % 3 == 0) question += static_cast<char>(random());
    }
    const std::string answer = house.ask(question);
    REQUIRE(answer.size() <= max_answer);
    REQUIRE(answer.ends_with('\n'));
    REQUIRE(valid_utf8(answer) == answer.size());
    for (const char c : answer) REQUIRE((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  }
}
