// The options of a connection, as the client library gets them.
#include "mqtt/paho_link.hpp"

#include <cstdint>

#include <doctest/doctest.h>

using namespace gridtap::mqtt;

namespace {

PahoOptions options_of(std::string host, std::uint16_t port) {
  PahoOptions options;
  options.host = std::move(host);
  options.port = port;
  return options;
}

}  // namespace

TEST_CASE("paho link: names and addresses of both kinds, with TLS and without") {
  CHECK(uri_of(options_of("hub.local", 1883)) == "tcp://hub.local:1883");
  CHECK(uri_of(options_of("192.168.1.2", 1884)) == "tcp://192.168.1.2:1884");
  CHECK(uri_of(options_of("fe80::1", 1883)) == "tcp://[fe80::1]:1883");
  PahoOptions secure = options_of("::1", 8883);
  secure.tls.emplace();
  CHECK(uri_of(secure) == "ssl://[::1]:8883");
}

// Of MQTT 3.1.1 all: the client library keeps an account of the properties of MQTT 5 that nothing
// frees where there is no client.
TEST_CASE("paho link: the version of MQTT and how long is waited are asked for as such") {
  const auto options = connect_options_of(options_of("hub", 1883), false, {});
  CHECK(options.get_mqtt_version() == MQTTVERSION_3_1_1);
  CHECK(options.get_keep_alive_interval() == keep_alive);
  CHECK(options.get_connect_timeout() == connect_timeout);
}

TEST_CASE("paho link: without a user name none is sent, and no will without a topic") {
  const auto plain = connect_options_of(options_of("hub", 1883), false, {});
  CHECK(plain.get_user_name().empty());
  CHECK(plain.get_will_topic().empty());
  PahoOptions from = options_of("hub", 1883);
  from.user = "gridtap";
  from.password = "secret";
  const auto login = connect_options_of(from, false, {});
  CHECK(login.get_user_name() == "gridtap");
}

TEST_CASE("paho link: the last will is as the broker takes it") {
  PahoOptions from = options_of("hub", 1883);
  from.will_topic = "gridtap/status";
  struct Case {
    bool retain;
    int qos;
  };
  for (const auto& [retain, qos] : {Case{true, 1}, Case{false, 1}, Case{true, 0}, Case{false, 0}}) {
    const WillForm form{retain, static_cast<std::uint8_t>(qos)};
    const auto options = connect_options_of(from, false, form);
    const auto will = options.get_will_message();
    REQUIRE(will);
    CHECK(will->get_topic() == "gridtap/status");
    CHECK(will->to_string() == "offline");
    CHECK(will->is_retained() == retain);
    CHECK(will->get_qos() == qos);
  }
}
