#pragma once
// A TLS handshake of our own, to learn why Paho's has failed.

#include <cstdint>
#include <string>

#include "mqtt/paho_broker.hpp"

namespace gridtap::mqtt {

// Why TLS with a broker fails, in OpenSSL's words ("hostname mismatch"); empty where the handshake
// works. Paho reports only that it failed. Blocks for seconds: call it on a thread of its
// own.
std::string tls_trouble(const std::string& host, std::uint16_t port, const TlsOptions& options);

}  // namespace gridtap::mqtt
