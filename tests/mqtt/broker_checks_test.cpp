#include <doctest/doctest.h>

#include <algorithm>

#include "mqtt/bridge_rig.hpp"
#include "mqtt/broker_checks.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

constexpr std::string_view instance_topic = "gridtap/gateway/instance/set";
constexpr BrokerSession mqtt_5{.tells_denials = true}, mqtt_3{.tells_denials = false};

// A gateway on a broker; what comes back from it is up to the test.
struct House : BridgeRig {
  explicit House(BrokerSession session = mqtt_5, std::string user = "")
      : BridgeRig([&] {
          BridgeOptions options = bridge_options();
          options.user = std::move(user);
          return options;
        }()) {
    broker.echoes = false;
    start_gateway();
    broker.connect(session);
    turn(3s);  // the first config, and another one for what came after it
  }
  std::string instance() const { return broker.on(instance_topic).back(); }
  void echo_instance() { broker.send(instance_topic, instance()); }
  std::string problem() const { return broker.held("gridtap/gateway/broker_problem"); }
  std::size_t said(std::string_view words) const {
    return static_cast<std::size_t>(
        std::count_if(log.lines.begin(), log.lines.end(),
                      [&](const std::string& line) { return line.find(words) != line.npos; }));
  }
};

constexpr std::string_view missing = "did not come back";

}  // namespace

TEST_CASE("broker checks: a message of our own that comes back proves that commands reach us") {
  House house;
  house.echo_instance();
  house.turn(30s);
  CHECK(house.said(missing) == 0);
  CHECK(house.problem() == "none");
}

TEST_CASE("broker checks: one that does not come back is named within ten seconds") {
  House house;
  house.turn(5s);
  CHECK(house.said(missing) == 1);
  CHECK(house.said("no command (gridtap/+/+/set) arrives") == 1);
  CHECK(house.said("`topic readwrite gridtap/#`") == 1);
  house.turn(3s);
  CHECK(house.problem().starts_with("the broker does not let a client without user name"));
  SUBCASE("and is no problem any more when it comes late") {
    house.echo_instance();
    house.turn(15s);
    CHECK(house.problem() == "none");
  }
  SUBCASE("and is logged once, however often the connection is made anew") {
    house.broker.lose();
    house.broker.connect();
    house.turn(20s);
    CHECK(house.said(missing) == 1);
    CHECK(house.problem() != "none");
  }
}

TEST_CASE("broker checks: with MQTT 3.1.1 our status and our config have to come back too") {
  House house(mqtt_3);
  house.echo_instance();
  SUBCASE("both do") {
    house.broker.send("gridtap/status", "online");
    house.broker.send("homeassistant/device/gridtap_gridtap/config", "{}");
    house.turn(20s);
    CHECK(house.said(missing) == 0);
  }
  SUBCASE("the config does not") {
    house.broker.send("gridtap/status", "online");
    house.turn(8s);
    CHECK(house.said("`topic readwrite homeassistant/#`") == 1);
    CHECK(house.said("`topic readwrite gridtap/#`") == 0);
  }
  SUBCASE("an old one that was retained proves nothing") {
    house.broker.send("homeassistant/device/gridtap_gridtap/config", "{}", true);
    house.broker.send("gridtap/status", "online", true);
    house.turn(8s);
    CHECK(house.said(missing) == 2);
  }
}

TEST_CASE("broker checks: what the broker denies is named once, with user, topic and ACL") {
  House house(mqtt_5, "gridtap");
  house.echo_instance();
  const Denial denial{Denial::Access::write, "homeassistant/device/gridtap_meter/config",
                      "not authorised (0x87)"};
  house.broker.deny(denial);
  house.broker.deny(denial);
  house.turn(3s);
  const std::string words =
      "the broker does not let user `gridtap` write homeassistant/device/gridtap_meter/config: not "
      "authorised (0x87). Allow it on the broker; in mosquitto's acl_file: `user gridtap`, then "
      "`topic readwrite homeassistant/#`";
  CHECK(house.said(words) == 1);
  CHECK(house.problem() == words);
}

TEST_CASE("broker checks: a denied subscription is named, and an echo is not missed besides") {
  House house;
  house.broker.deny({Denial::Access::read, "gridtap/+/+/set", "not authorised (0x87)"});
  house.turn(20s);
  CHECK(house.said("subscribe to gridtap/+/+/set") == 1);
  CHECK(house.said(missing) == 0);
}

TEST_CASE("broker checks: the instance of another gateway is a warning, and an answer") {
  House house;
  house.echo_instance();
  house.turn(60s);
  house.broker.clear();
  house.broker.send(instance_topic, "0BADCAFE");
  house.turn(0ms);
  CHECK(house.said("another gateway uses the base topic `gridtap`") == 1);
  CHECK(house.problem().starts_with("another gateway"));
  CHECK(house.broker.on(instance_topic).size() == 1);

  house.broker.send(instance_topic, "0BADCAFE");  // its answer
  house.turn(1s);
  CHECK(house.broker.on(instance_topic).size() == 1);
  SUBCASE("which ends at once when the other one says so") {
    house.broker.send(instance_topic, "");
    house.turn(0ms);
    CHECK(house.problem() == "none");
  }
  SUBCASE("which ends when the other one is gone") {
    for (int n = 0; n < 4; ++n) {
      house.echo_instance();
      house.turn(BrokerChecks::instance_period);
    }
    CHECK(house.problem() == "none");
  }
}

TEST_CASE("broker checks: no instance of ours is taken for another's, and no other text for one") {
  House house;
  house.echo_instance();
  house.broker.send(instance_topic, "PRESS");
  house.broker.send(instance_topic, "");
  house.turn(20s);
  CHECK(house.said("another gateway") == 0);
  CHECK(house.said("a command for an unknown") == 0);
}

TEST_CASE(
    "broker checks: a limit of the broker's is a problem for all to see, one line of the log") {
  House house;
  house.echo_instance();
  house.broker.tell_problem("the broker keeps no retained messages");
  house.turn(3s);
  CHECK(house.said("keeps no retained messages") == 1);
  CHECK(house.problem() == "the broker keeps no retained messages");
  house.broker.lose();
  house.broker.connect();
  house.echo_instance();
  house.turn(20s);
  CHECK(house.problem() == "none");
}

TEST_CASE("broker checks: a flood of problems is cut off, with a word that it was") {
  House house;
  house.echo_instance();
  for (int n = 0; n < 100; ++n) house.broker.tell_problem("trouble " + std::to_string(n));
  CHECK(house.said("trouble ") == BrokerChecks::max_problems - 1);
  CHECK(house.said("refuses more than that") == 1);
}
