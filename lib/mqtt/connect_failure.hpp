#pragma once
// What the codes of Paho and of the broker mean: the cause and what to do about it, and what to try
// next.

#include <cstdint>
#include <string>
#include <string_view>

namespace gridtap::mqtt {

// As Paho gives it. `code`: the return code of CONNACK (MQTT 3.1.1: 1 to 5; MQTT 5: 128 and up), or
// negative. `text`: Paho's own words. `tls_text`: OpenSSL's error text if TLS is in use.
struct ConnectFailure {
  int code = 0;
  std::string text, tls_text;
};

struct Verdict {
  enum class Next : std::uint8_t {
    same,
    other_version,
    other_client_id,
    will_without_retain,
    will_without_qos,
  };
  Next next = Next::same;
  bool refused = false;  // the login: ask less and less often
  std::string detail;    // the cause and what to do about it
  bool usual = false;    // not a problem: the next attempt is expected to succeed
};

// `where`: "host:port". `clock_set`: false if the machine's clock is earlier than this program.
Verdict judge(const ConnectFailure& failure, std::string_view where, bool tls, bool clock_set);

}  // namespace gridtap::mqtt
