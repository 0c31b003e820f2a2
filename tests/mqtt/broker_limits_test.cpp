#include "mqtt/broker_limits.hpp"

#include <doctest/doctest.h>

#include <string>

#include "mqtt/reason_codes.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

Message message(std::string_view topic, std::string_view payload, std::uint8_t qos = 1) {
  return {topic, payload, true, qos};
}

}  // namespace

TEST_CASE("broker limits: the size of a packet is what the wire has") {
  // 30 04, 00 01, t, x (MQTT 3.1.1, QoS 0)
  CHECK(publish_size(message("t", "x", 0), false) == 6);
  CHECK(publish_size(message("t", "x", 1), false) == 8);  // and a packet identifier
  CHECK(publish_size(message("t", "x", 1), true) == 9);   // and the length of no properties
  CHECK(publish_size(message("t", std::string(122, 'x'), 1), false) == 129);  // 127 left: a byte
  CHECK(publish_size(message("t", std::string(123, 'x'), 1), false) == 131);  // 128 left: two
}

TEST_CASE("broker limits: a packet of the largest size fits, one byte more does not") {
  BrokerLimits limits;
  limits.max_packet = 9;
  CHECK(fitted(message("t", "x"), limits, true));
  CHECK_FALSE(fitted(message("t", "xy"), limits, true));
}

TEST_CASE("broker limits: QoS and retain are lowered to what the broker accepts") {
  BrokerLimits limits;
  limits.max_qos = 0;
  limits.retain = false;
  const auto fit = fitted(message("t", "x"), limits, true);
  REQUIRE(fit);
  CHECK(fit->qos == 0);
  CHECK_FALSE(fit->retain);
  const auto unlimited = fitted(message("t", "x"), BrokerLimits{}, true);
  REQUIRE(unlimited);
  CHECK(unlimited->qos == 1);
  CHECK(unlimited->retain);
}

TEST_CASE("broker limits: what a broker cannot do is a sentence with its remedy") {
  BrokerLimits limits;
  CHECK(shortcomings(limits, "hub:1883").empty());
  limits.retain = false;
  limits.max_qos = 0;
  const auto texts = shortcomings(limits, "hub:1883");
  REQUIRE(texts.size() == 2);
  CHECK(texts[0].starts_with("the broker at hub:1883 keeps no retained messages"));
  CHECK(texts[1].starts_with("the broker at hub:1883 supports QoS 0 only"));
  limits.max_packet = 8;
  CHECK(too_large_text(message("t", "x"), limits, true, "hub:1883") ==
        "the broker at hub:1883 takes packets up to 8 bytes: t has 9 and is left out. Raise the "
        "broker's limit (mosquitto: max_packet_size)");
}

TEST_CASE("broker limits: the window keeps a place for a subscription, and has one at least") {
  const std::size_t windows[][2] = {{1, 1}, {2, 1}, {20, 19}, {65'535, 100}};
  for (const auto& [receive_max, window] : windows) {
    BrokerLimits limits;
    limits.receive_max = static_cast<std::uint16_t>(receive_max);
    CHECK(window_of(limits) == window);
  }
}

TEST_CASE("broker limits: a DISCONNECT implies limits that the broker did not announce") {
  BrokerLimits learned;
  learn(learned, reason_packet_too_large, 5'000);
  CHECK(learned.max_packet == 4'999);
  learn(learned, reason_packet_too_large, 6'000);
  CHECK(learned.max_packet == 4'999);
  learn(learned, reason_packet_too_large, 40);  // a status is never left out
  CHECK(learned.max_packet == 4'999);
  learn(learned, reason_no_qos, 40);
  learn(learned, reason_no_retain, 40);
  CHECK(learned.max_qos == 0);
  CHECK_FALSE(learned.retain);
}

TEST_CASE("broker limits: of two the stricter counts, limit by limit") {
  BrokerLimits one, other;
  one.max_packet = 100;
  one.keep_alive = std::chrono::seconds{5};
  other.max_qos = 0;
  other.retain = false;
  other.receive_max = 3;
  const BrokerLimits both = stricter(one, other);
  CHECK(both.max_packet == 100);
  CHECK(both.max_qos == 0);
  CHECK_FALSE(both.retain);
  CHECK(both.receive_max == 3);
  CHECK(both.keep_alive == std::chrono::seconds{5});
}
