#pragma once
// The setting `serve` of a device: where other programs reach its line, and what they get there.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/ip_address.hpp"
#include "core/part.hpp"
#include "core/section.hpp"
#include "serve/stream_clients.hpp"

namespace gridtap::app {

struct ServeConfig {
  enum class What : std::uint8_t { frames, bytes, registers };

  SocketAddress listen = loopback(0);
  What what = What::frames;
  bool writes = false;                                       // of registers, by clients
  std::size_t clients = serve::ClientLimits::usual_clients;  // and the most
  // Of a device that is asked: the patience and the pauses that its adapter is set to.
  std::chrono::milliseconds timeout{1000}, between{0}, after_connect{0};

  std::string text() const;  // 127.0.0.1:2001, as in the file
};

// Reads `serve` of a device of that kind, an address or a map; nothing where there is none.
std::optional<ServeConfig> read_serve(Section& device, const AdapterKind& kind);

}  // namespace gridtap::app
