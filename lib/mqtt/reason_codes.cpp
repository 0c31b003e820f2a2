#include "mqtt/reason_codes.hpp"

#include <algorithm>
#include <array>

#include "core/bytes.hpp"

namespace gridtap::mqtt {
namespace {

struct Reason {
  int code;
  std::string_view words, remedy;
};

// In the order of the standard's table.
constexpr Reason reasons[] = {
    {0x00, "a normal disconnection", {}},
    {0x04, "a disconnection with the last will", {}},
    {0x80, "an unspecified error", "look into the broker's log"},
    {0x81, "a malformed packet", "look into the broker's log"},
    {0x82, "a protocol error", "look into the broker's log"},
    {0x83, "an error of the broker's own kind", "look into the broker's log"},
    {0x84, "an unsupported protocol version", {}},
    {0x85, "the client id is not valid", "set mqtt.client_id"},
    {0x86, "bad user name or password", "check mqtt.user and mqtt.password_file"},
    {0x87, "not authorised", "check the user's rights on the broker"},
    {0x88, "the server is unavailable", {}},
    {0x89, "the server is busy", {}},
    {0x8A, "banned", "ask whoever runs the broker"},
    {0x8B, "the server is shutting down", {}},
    {0x8C, "bad authentication method", "check the broker's settings"},
    {0x8D, "no sign of life from us in time", "is this machine or its network overloaded?"},
    {0x8E, "the session was taken over", "give each client its own mqtt.client_id"},
    {0x8F, "the topic filter is not valid", {}},
    {0x90, "the topic name is not valid", {}},
    {0x91, "the packet identifier is in use", {}},
    {0x92, "the packet identifier was not found", {}},
    {0x93, "more messages at once than the broker takes", {}},
    {0x94, "the topic alias is not valid", {}},
    {0x95, "the packet is too large", "raise the broker's limit (mosquitto: max_packet_size)"},
    {0x96, "the message rate is too high", "set a longer interval for the devices"},
    {0x97, "a quota is exceeded", "raise the broker's quota for this client"},
    {0x98, "an administrative action", "ask whoever runs the broker"},
    {0x99, "the payload format is not valid", {}},
    {0x9A, "the broker keeps no retained messages", "allow retained messages on the broker"},
    {0x9B, "the broker does not support this QoS", "allow QoS 1 on the broker"},
    {0x9C, "the broker says to use another server", "set mqtt.host to the other server"},
    {0x9D, "the server has moved", "set mqtt.host to the new server"},
    {0x9E, "shared subscriptions are not supported", {}},
    {0x9F, "too many connections in a short time", {}},
    {0xA0, "the longest connection time is over", {}},
    {0xA1, "subscription identifiers are not supported", {}},
    {0xA2, "wildcard subscriptions are not supported", "allow them on the broker"},
};

const Reason* find(int code) {
  const auto* const found =
      std::find_if(std::begin(reasons), std::end(reasons),
                   [code](const Reason& reason) { return reason.code == code; });
  return found == std::end(reasons) ? nullptr : found;
}

std::string hexadecimal(int code) {
  return "0x" + to_hex(std::array{static_cast<std::uint8_t>(code)});
}

}  // namespace

std::string reason_words(int code) {
  const Reason* const reason = find(code);
  if (reason == nullptr) return "reason " + hexadecimal(code);
  return std::string(reason->words) + " (" + hexadecimal(code) + ')';
}

std::string_view reason_remedy(int code) {
  const Reason* const reason = find(code);
  return reason == nullptr ? std::string_view{} : reason->remedy;
}

std::string loss_text(std::string_view broker, int reason, std::string_view theirs,
                      std::string_view ours) {
  if (reason == no_reason) {
    const std::string text = "the connection to " + std::string(broker) + " was lost";
    return ours.empty() ? text : text + ": " + std::string(ours);
  }
  std::string text = std::string(broker) + " has ended the connection: " + reason_words(reason);
  if (!theirs.empty()) text += ", `" + std::string(theirs) + '`';
  const std::string_view remedy = reason_remedy(reason);
  return remedy.empty() ? text : text + ": " + std::string(remedy);
}

}  // namespace gridtap::mqtt
