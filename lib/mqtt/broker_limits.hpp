#pragma once
// What a broker accepts, as announced in its CONNACK (MQTT 5.0, section 3.2.2.3), and what a
// message becomes under these limits. Pure.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ports.hpp"

namespace gridtap::mqtt {

struct BrokerLimits {
  // If the broker announces nothing: no limit (the longest packet of MQTT).
  std::uint32_t max_packet = 268'435'460;
  std::uint8_t max_qos = 2;
  bool retain = true;
  std::uint16_t receive_max = 65'535;  // QoS 1 messages without an acknowledgement
  std::optional<std::chrono::seconds> keep_alive = {};
};

// Before the first answer of a broker of MQTT 3.1.1, which has no such properties.
inline constexpr std::uint16_t cautious_receive_max = 20;

// The bytes of a PUBLISH packet without properties on the wire.
std::size_t publish_size(const Message& message, bool version_5);

// Returns the message in the form that the broker accepts; nothing if it is too large.
std::optional<Message> fitted(const Message& message, const BrokerLimits& limits, bool version_5);

// What the broker cannot do and what follows from it, a sentence each for the log, with the remedy.
// `where`: "host:port".
std::vector<std::string> shortcomings(const BrokerLimits& limits, const std::string& where);
// The same of a message that does not fit.
std::string too_large_text(const Message& message, const BrokerLimits& limits, bool version_5,
                           const std::string& where);

// How many QoS 1 messages may wait for their acknowledgement: one place of the broker's is kept for
// a SUBSCRIBE, which Paho counts too, and never more than 100.
std::size_t window_of(const BrokerLimits& limits);

// What a DISCONNECT implies about a broker that did not announce its limits. `largest`: the largest
// packet of the connection that it ended.
void learn(BrokerLimits& limits, int reason, std::size_t largest);

// The stricter of both, limit by limit.
BrokerLimits stricter(const BrokerLimits& one, const BrokerLimits& other);

}  // namespace gridtap::mqtt
