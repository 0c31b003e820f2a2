#pragma once
// The reason codes of MQTT 5 in words (MQTT 5.0, section 2.4), as they come in CONNACK, PUBACK,
// SUBACK and DISCONNECT.

#include <string>
#include <string_view>

namespace gridtap::mqtt {

inline constexpr int reason_not_authorised = 0x87;
inline constexpr int reason_taken_over = 0x8E;
inline constexpr int reason_packet_too_large = 0x95;
inline constexpr int reason_no_retain = 0x9A;
inline constexpr int reason_no_qos = 0x9B;
inline constexpr int no_reason = -1;  // the connection ended without a DISCONNECT

// "not authorised (0x87)"; a code without a name is "reason 0xE1". Codes from 0x80 on are errors.
std::string reason_words(int code);

// What to do where a connection ends for that reason; empty where nothing helps but waiting.
std::string_view reason_remedy(int code);

// The end of a connection, for the log. `broker`: "the broker at host:port"; `theirs`: what the
// broker adds to its reason; `ours`: what we know where it gave none.
std::string loss_text(std::string_view broker, int reason, std::string_view theirs,
                      std::string_view ours);

}  // namespace gridtap::mqtt
