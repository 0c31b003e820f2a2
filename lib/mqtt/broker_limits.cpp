#include "mqtt/broker_limits.hpp"

#include <algorithm>

#include "mqtt/reason_codes.hpp"

namespace gridtap::mqtt {
namespace {

constexpr std::size_t most_in_flight = 100;
constexpr std::size_t least_learned = 128;  // a status message always fits

// Of the "remaining length" field: seven bits a byte.
std::size_t length_bytes(std::size_t remaining) {
  std::size_t bytes = 1;
  for (; remaining > 0x7F; remaining >>= 7U) ++bytes;
  return bytes;
}

}  // namespace

std::size_t publish_size(const Message& message, bool version_5) {
  const std::size_t remaining = 2 + message.topic.size() + (message.qos > 0 ? 2U : 0U) +
                                (version_5 ? 1U : 0U) + message.payload.size();
  return 1 + length_bytes(remaining) + remaining;
}

std::optional<Message> fitted(const Message& message, const BrokerLimits& limits, bool version_5) {
  Message fit = message;
  fit.qos = std::min(fit.qos, limits.max_qos);
  fit.retain = fit.retain && limits.retain;
  if (publish_size(fit, version_5) > limits.max_packet) return {};
  return fit;
}

std::vector<std::string> shortcomings(const BrokerLimits& limits, const std::string& where) {
  std::vector<std::string> texts;
  if (!limits.retain) {
    texts.push_back("the broker at " + where +
                    " keeps no retained messages: Home Assistant loses all entities when it "
                    "restarts, until gridtap hears of that. Allow retained messages on the broker");
  }
  if (limits.max_qos == 0) {
    texts.push_back("the broker at " + where +
                    " supports QoS 0 only: a status or an alarm may be lost on the way. Allow QoS "
                    "1 on the broker");
  }
  return texts;
}

std::string too_large_text(const Message& message, const BrokerLimits& limits, bool version_5,
                           const std::string& where) {
  return "the broker at " + where + " takes packets up to " + std::to_string(limits.max_packet) +
         " bytes: " + std::string(message.topic) + " has " +
         std::to_string(publish_size(message, version_5)) +
         " and is left out. Raise the broker's limit (mosquitto: max_packet_size)";
}

std::size_t window_of(const BrokerLimits& limits) {
  const std::size_t receive_max = std::max<std::size_t>(limits.receive_max, 2);
  return std::min(receive_max - 1, most_in_flight);
}

void learn(BrokerLimits& limits, int reason, std::size_t largest) {
  if (reason == reason_no_retain) limits.retain = false;
  if (reason == reason_no_qos) limits.max_qos = 0;
  if (reason == reason_packet_too_large && largest > least_learned) {
    limits.max_packet = std::min(limits.max_packet, static_cast<std::uint32_t>(largest - 1));
  }
}

BrokerLimits stricter(const BrokerLimits& one, const BrokerLimits& other) {
  BrokerLimits both = one;
  both.max_packet = std::min(one.max_packet, other.max_packet);
  both.max_qos = std::min(one.max_qos, other.max_qos);
  both.retain = one.retain && other.retain;
  both.receive_max = std::min(one.receive_max, other.receive_max);
  if (!both.keep_alive) both.keep_alive = other.keep_alive;
  return both;
}

}  // namespace gridtap::mqtt
