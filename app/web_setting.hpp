#pragma once
// The settings of the page: where it listens, who may come in, what it shows; and of the metrics,
// which it serves.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ip_address.hpp"
#include "core/section.hpp"
#include "io/http_server.hpp"
#include "web/metrics.hpp"

namespace gridtap::app {

struct WebConfig {
  // A token takes no guesses to be slowed down: it has to be long.
  static constexpr std::size_t least_token_characters = 16;

  SocketAddress listen = loopback(8470);
  std::string password, token;     // empty: there is none
  std::vector<std::string> hosts;  // further names that it may be called by
  bool ingress = false;            // Home Assistant logs users in
  bool commands = true;            // false: look, do not touch
  std::optional<io::HttpTls> tls;
  std::string language = "auto";  // of the page
  std::vector<std::string> hide;  // devices, and entities as `device/key`
  std::optional<web::MetricLabels> metrics;

  // As a person opens it: http://127.0.0.1:8470/, by the name of the machine where it listens on
  // all of its addresses.
  std::string address(std::string_view machine) const;
};

// What the page has to get on with.
struct BesideWeb {
  std::vector<std::string> devices;        // that it may hide
  std::optional<SocketAddress> questions;  // the other port of ours
};

// Reads `web` and `metrics`; nothing where there is no `web`.
std::optional<WebConfig> read_web(Section& root, const BesideWeb& beside);

}  // namespace gridtap::app
