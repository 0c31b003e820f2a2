#pragma once
// The broker through Eclipse Paho: MQTT 5 if the broker supports it, else 3.1.1. Retries for ever,
// after 1 s growing to 5 s (a refused login: to 5 min), and logs each cause once, with its remedy.
// Paho calls back on its own threads: each callback copies what it needs and posts it to the loop.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/ports.hpp"

namespace gridtap::mqtt {

struct TlsOptions {
  std::string ca_file, certificate_file, key_file;  // an empty ca_file: the system's authorities
  bool insecure = false;  // no check of the certificate; logged as a warning
};

struct PahoOptions {
  std::string host = "localhost";
  std::uint16_t port = 1883;
  std::string user = {}, password = {}, client_id = {};
  std::optional<TlsOptions> tls = {};
  std::string will_topic = {};  // "offline" there, retained, QoS 1, when the connection is lost
};

// `post` puts a call on the loop, from any thread. The broker may be destroyed only on the loop or
// after its end; what was posted before and runs later does nothing.
std::unique_ptr<Broker> make_paho_broker(PahoOptions options,
                                         std::function<void(std::function<void()>)> post,
                                         Clock& clock, Log& log, std::uint32_t seed);

}  // namespace gridtap::mqtt
