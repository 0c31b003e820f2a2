#include "mqtt/connect_failure.hpp"

#include <doctest/doctest.h>

using namespace gridtap::mqtt;
using Next = Verdict::Next;

namespace {

Verdict plain(int code, std::string text = {}) {
  return judge({code, std::move(text), {}}, "hub:1883", false, true);
}
Verdict tls(std::string tls_text, bool clock_set = true) {
  return judge({-1, "TCP/TLS connect failure", std::move(tls_text)}, "hub:8883", true, clock_set);
}
bool says(const Verdict& verdict, const char* part) {
  return verdict.detail.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("connect failure: a version that is refused leads to the other one") {
  for (const int code : {1, 0x84}) CHECK(plain(code).next == Next::other_version);
  CHECK(plain(-1, "TCP connect completion failure").next == Next::other_version);
}

TEST_CASE("connect failure: a refused login names the settings, and is asked less often") {
  for (const int code : {4, 5, 0x86, 0x87}) {
    const Verdict verdict = plain(code);
    CHECK(verdict.refused);
    CHECK(verdict.next == Next::same);
    CHECK(says(verdict, "hub:1883 refuses the login: check mqtt.user and mqtt.password_file"));
  }
}

TEST_CASE("connect failure: a refused last will leads to a lesser one") {
  CHECK(plain(0x9A).next == Next::will_without_retain);
  CHECK(plain(0x9B).next == Next::will_without_qos);
}

TEST_CASE("connect failure: another refusal of MQTT 5 has its reason in words") {
  CHECK(says(plain(0x97), "refuses the connection: a quota is exceeded (0x97)"));
}

TEST_CASE("connect failure: a refused client id leads to another") {
  for (const int code : {2, 0x85}) CHECK(plain(code).next == Next::other_client_id);
}

TEST_CASE("connect failure: refused, no such host and no answer are told apart") {
  CHECK(says(plain(-1, "TCP/TLS connect failure"), "is it running"));
  CHECK(says(plain(-1), "host name"));
  CHECK(says(plain(-1, "TCP connect timeout"), "does not answer"));
  CHECK(says(plain(0x97), "0x97"));
}

TEST_CASE("connect failure: each TLS error has its cause and remedy") {
  CHECK(says(tls("self-signed certificate in certificate chain"), "tls.ca_file"));
  CHECK(says(tls("unable to get local issuer certificate"), "tls.ca_file"));
  CHECK(says(tls("certificate has expired"), "expired"));
  CHECK(says(tls("hostname mismatch"), "another host name"));
  CHECK(says(tls("IP address mismatch"), "another host name"));
  CHECK(says(tls("wrong version number"), "does not speak TLS"));
  CHECK(says(tls("no such file"), "cannot be read"));
  CHECK(says(tls("tlsv13 alert certificate required"), "client certificate"));
  CHECK(says(tls("unsupported protocol"), "TLS older than 1.2"));
  CHECK(says(tls("cannot connect"), "is it running"));
  CHECK(says(tls("something new"), "something new"));
}

TEST_CASE("connect failure: a clock that is not set is the cause, whatever TLS reports") {
  CHECK(says(tls("certificate is not yet valid", false), "clock of this machine is not set"));
}
