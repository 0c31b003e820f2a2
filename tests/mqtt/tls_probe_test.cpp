// Why TLS fails, in words: a handshake of our own with what is no broker.
#include "mqtt/tls_probe.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <thread>

#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

// The trouble with a server that answers so to whatever comes, and closes.
std::string trouble_with(std::string_view answer, const TlsOptions& options = {}) {
  io::Server server;
  std::thread broker([&] {
    server.accept();
    server.receive();
    if (!answer.empty()) server.send(answer);
    server.close_client();
  });
  std::string trouble = tls_trouble("127.0.0.1", server.port(), options);
  broker.join();
  return trouble;
}

}  // namespace

TEST_CASE("tls probe: a broker with plain MQTT on that port is recognised by its bytes") {
  const std::string connack("\x20\x02\x00\x00", 4);
  CHECK(trouble_with(connack + "12345678").find("wrong version number") != std::string::npos);
}

TEST_CASE("tls probe: one that closes the line without a word has no reason but that") {
  // Bytes of ours that it has not read make the end a reset.
  const std::string trouble = trouble_with("");
  CHECK_FALSE(trouble.empty());
  CHECK(trouble.find("certificate") == std::string::npos);
}

TEST_CASE("tls probe: without a listener, or with a name that does not exist, it cannot connect") {
  std::uint16_t closed = 0;
  {
    const io::Server server;
    closed = server.port();
  }
  CHECK(tls_trouble("127.0.0.1", closed, {}) == "cannot connect");
  CHECK(tls_trouble("broker.invalid", 8883, {}) == "cannot connect");
}

TEST_CASE("tls probe: each file that cannot be used is named, before anything is connected") {
  const Scratch scratch;
  const std::string text = scratch / "text";
  std::ofstream(text) << "no certificate";
  TlsOptions options;
  options.ca_file = scratch / "missing";
  CHECK(tls_trouble("127.0.0.1", 1, options) == "no such file: " + options.ca_file);
  options.ca_file = text;
  CHECK(tls_trouble("127.0.0.1", 1, options).find(text) != std::string::npos);
  options.ca_file.clear();
  options.certificate_file = scratch / "certificate";
  CHECK(tls_trouble("127.0.0.1", 1, options) == "no such file: " + options.certificate_file);
}

TEST_CASE("tls probe: unchecked certificates change nothing where there is no TLS") {
  TlsOptions options;
  options.insecure = true;
  CHECK_FALSE(trouble_with("HTTP/1.1 400 Bad Request\r\n\r\n", options).empty());
}
