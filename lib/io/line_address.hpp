#pragma once
// Where a line is: `/dev/serial/by-id/...` or `tcp://HOST:PORT`, `tcp://[::1]:2000`.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace gridtap::io {

struct LineAddress {
  enum class Kind : std::uint8_t { serial, tcp };
  Kind kind = Kind::serial;
  std::string text;  // as written
  std::string path;  // of a serial line
  std::string host;  // of a TCP line, brackets taken off
  std::uint16_t port = 0;
};

// An error says what to write instead. Nothing is opened; a path that is there already must be a
// device, one that is not there may still come.
Result<LineAddress> parse_line_address(std::string_view text);

}  // namespace gridtap::io
