#include <doctest/doctest.h>

#include <csignal>
#include <memory>

#include "end_to_end/world.hpp"
#include "mqtt/reason_codes.hpp"
#include "support/raw_broker.hpp"

using namespace gridtap;
using namespace gridtap::end_to_end;
using namespace std::chrono_literals;
using Kind = RawBroker::Deed::Kind;

namespace {

// Nothing answers there: the gateway's own device is enough for these tests.
const std::string absent_meter = "  meter: {adapter: p1, line: \"tcp://127.0.0.1:9\"}\n";

// A gateway on a broker of raw packets.
struct House {
  explicit House(RawBroker::Script script) : broker(std::move(script)) {
    world.use_broker(broker.port());
    world.start_gridtap(absent_meter);
  }
  // Connected, and heard there.
  bool back(int connection) const { return broker.has("gridtap/status", connection); }
  bool says(const std::string& words) const { return world.log().find(words) != std::string::npos; }

  RawBroker broker;
  World world;
};

// DISCONNECT in its four forms (MQTT 5.0, section 3.14): without anything, with the reason, with
// empty properties, with a reason string.
std::string disconnect(int form, int reason) {
  const char code = static_cast<char>(reason);
  switch (form) {
    case 0:
      return std::string("\xE0\0", 2);
    case 1:
      return std::string("\xE0\1", 2) + code;
    case 2:
      return std::string("\xE0\2", 2) + code + '\0';
    default:
      return std::string("\xE0\x0A", 2) + code + std::string("\x08\x1F\0\5sorry", 9);
  }
}

// The first connection ends with its CONNACK, the second after 0.3 s, the third after 30 s.
RawBroker::Script three_ends(int reason, int form) {
  RawBroker::Script script;
  const auto form_of = [form](int connection) {
    return form == 0 ? 0 : 1 + (form + connection) % 3;
  };
  script.glued = [=](int connection) {
    return connection == 1 ? disconnect(form_of(connection), reason) : std::string{};
  };
  script.deed = [=](int connection, std::chrono::milliseconds age) -> RawBroker::Deed {
    const bool now = (connection == 2 && age > 300ms) || (connection == 3 && age > 30s);
    if (!now) return {};
    return {Kind::send_and_close, disconnect(form_of(connection), reason)};
  };
  return script;
}

const int reasons[] = {0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E,
                       0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
                       0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2};

}  // namespace

TEST_CASE("loss: after each DISCONNECT of the broker, whenever it comes, the gateway is back") {
  std::vector<std::unique_ptr<House>> houses;
  int form = 0;
  for (const int reason : reasons) {
    houses.push_back(std::make_unique<House>(three_ends(reason, reason == 0 ? 0 : ++form)));
  }
  const auto all = [&](auto is_so) {
    return std::all_of(houses.begin(), houses.end(),
                       [&](const auto& each) { return is_so(*each); });
  };
  CHECK(eventually([&] { return all([](const House& each) { return each.back(3); }); }, 40s));
  CHECK(eventually([&] { return all([](const House& each) { return each.back(4); }); }, 60s));
  for (std::size_t n = 0; n < houses.size(); ++n) {
    CAPTURE(reasons[n]);
    CHECK(houses[n]->back(4));
    if (reasons[n] != 0) CHECK(houses[n]->says(mqtt::reason_words(reasons[n])));
    CHECK(houses[n]->says("another client") == (reasons[n] == mqtt::reason_taken_over));
    CHECK(houses[n]->world.gridtap().running());
  }
}

TEST_CASE("loss: a broker that keeps the line open after its DISCONNECT is left") {
  RawBroker::Script script;
  script.deed = [](int connection, std::chrono::milliseconds age) -> RawBroker::Deed {
    if (connection > 1 || age < 500ms || age > 520ms) return {};
    return {Kind::send, disconnect(1, 0x8B)};
  };
  const House house(script);
  CHECK(eventually([&] { return house.back(2); }, 10s));
}

TEST_CASE("loss: a reset and a silence are noticed, and the gateway is back") {
  RawBroker::Script reset, silence;
  reset.deed = [](int connection, std::chrono::milliseconds age) -> RawBroker::Deed {
    if (connection <= 3 && age > 200ms) return {Kind::reset, {}};
    return {};
  };
  silence.deed = [](int connection, std::chrono::milliseconds age) -> RawBroker::Deed {
    if (connection == 1 && age > 2s) return {Kind::silence, {}};
    return {};
  };
  const House torn(reset), silent(silence);
  CHECK(eventually([&] { return torn.back(4); }, 25s));
  CHECK_FALSE(torn.says("another client"));
  CHECK(eventually([&] { return silent.back(2); }, 35s));
}

TEST_CASE("loss: a broker that answers pings and acknowledges nothing is left, with that word") {
  RawBroker::Script script;
  script.acknowledges = false;
  const House house(script);
  CHECK(eventually([&] { return house.back(2); }, 35s));
  CHECK(house.says("acknowledges nothing"));
}

TEST_CASE("loss: a stopped broker is noticed within 30 seconds") {
  World world;
  world.start_broker();
  world.start_gridtap(absent_meter);
  world.subscribe();
  REQUIRE(eventually([&] { return world.topic("gridtap/status") == "online"; }));
  world.signal_broker(SIGSTOP);
  CHECK(eventually([&] { return world.log().find("was lost") != std::string::npos; }, 30s));
  world.signal_broker(SIGCONT);
  world.subscribe();
  CHECK(eventually([&] { return world.topic("gridtap/status") == "online"; }, 15s));
}

TEST_CASE("loss: an end without a reason, again and again, is not blamed on another client") {
  RawBroker::Script script;
  script.deed = [](int connection, std::chrono::milliseconds age) -> RawBroker::Deed {
    if (connection <= 3 && age > 100ms) return {Kind::send_and_close, {}};
    return {};
  };
  const House house(script);
  CHECK(eventually([&] { return house.back(4); }, 25s));
  CHECK(eventually([&] { return house.says("trying the client id"); }, 5s));
  CHECK_FALSE(house.says("another client"));
}
