#include "mqtt/connect_failure.hpp"

#include "mqtt/reason_codes.hpp"

namespace gridtap::mqtt {
namespace {

using Next = Verdict::Next;

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

// OpenSSL's error texts, and what they mean for the user.
struct TlsTrouble {
  std::string_view part, meaning;
};
constexpr TlsTrouble tls_troubles[] = {
    {"expired", "its certificate has expired"},
    {"issuer", "its certificate is from an unknown authority: check tls.ca_file"},
    {"self-signed", "its certificate is from an unknown authority: check tls.ca_file"},
    {"mismatch", "its certificate is for another host name than the configured one"},
    {"wrong version number", "that port does not speak TLS"},
    {"unexpected eof", "that port does not speak TLS, or requires a client certificate"},
    {"no such file",
     "a file of mqtt.tls cannot be read: check ca_file, certificate_file, key_file"},
    {"alert",
     "it requires a client certificate, or refuses ours: check certificate_file and key_file"},
    {"unsupported protocol", "it only supports TLS older than 1.2"},
    {"cut off", "the connection was cut off"},
    {"cannot connect", "it cannot be reached: is it running, and the host name and port right?"},
};

std::string of_tls(const ConnectFailure& failure, const std::string& broker, bool clock_set) {
  const std::string front = "no TLS with " + broker + ": ";
  if (!clock_set) {
    return front +
           "the clock of this machine is not set, so no certificate can be valid yet. It goes on "
           "by "
           "itself once the time is known";
  }
  for (const TlsTrouble& trouble : tls_troubles) {
    if (has(failure.tls_text, trouble.part)) return front + std::string(trouble.meaning);
  }
  return front + failure.tls_text;
}

Verdict of_connack(int code, const std::string& broker) {
  switch (code) {
    case 1:     // MQTT 3.1.1: unacceptable protocol version
    case 0x84:  // MQTT 5: unsupported protocol version
      return {Next::other_version, false, broker + " does not support this version of MQTT", true};
    case 2:
    case 0x85:
      return {Next::other_client_id, false, broker + " refuses the client id: set mqtt.client_id"};
    case 4:
    case 5:
    case 0x86:
    case 0x87:
      return {Next::same, true,
              broker + " refuses the login: check mqtt.user and mqtt.password_file"};
    case 0x8A:
      return {Next::same, true, broker + " has banned this client"};
    case reason_no_retain:
      return {Next::will_without_retain, false, broker + " accepts no retained last will"};
    case reason_no_qos:
      return {Next::will_without_qos, false, broker + " accepts no last will of QoS 1"};
    default:
      return {Next::same, false, broker + " refuses the connection: " + reason_words(code)};
  }
}

}  // namespace

Verdict judge(const ConnectFailure& failure, std::string_view where, bool tls, bool clock_set) {
  const std::string broker = "the broker at " + std::string(where);
  if (failure.code > 0) return of_connack(failure.code, broker);
  // The line was open and was closed without an answer: an old broker does so to MQTT 5.
  if (has(failure.text, "completion") || has(failure.text, "CONNACK")) {
    return {
        Next::other_version, false,
        broker +
            (tls ? " closes the connection at once: it requires a client certificate, or is not an "
                   "MQTT broker"
                 : " closes the connection at once: does that port require TLS, or belong to "
                   "another service?")};
  }
  if (tls) return {Next::same, false, of_tls(failure, broker, clock_set)};
  if (has(failure.text, "timeout")) {
    return {Next::same, false, broker + " does not answer: is the address right?"};
  }
  if (failure.text.empty()) {
    return {Next::same, false, broker + " cannot be reached: is the host name right?"};
  }
  return {Next::same, false, broker + " cannot be reached: is it running, and the port right?"};
}

}  // namespace gridtap::mqtt
