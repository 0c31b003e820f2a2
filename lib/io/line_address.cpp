#include "io/line_address.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <charconv>

namespace gridtap::io {
namespace {

constexpr std::string_view scheme = "tcp://";
constexpr std::size_t max_text = 1024;

tl::unexpected<Error> wrong(std::string text) { return failed(Fault::config, std::move(text)); }

bool has_odd_character(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) return true;
  }
  return false;
}

Result<LineAddress> parse_tcp(std::string_view text) {
  const std::string_view rest = text.substr(scheme.size());
  const std::size_t colon = rest.rfind(':');
  const bool bracketed = rest.starts_with('[');
  const std::size_t end = bracketed ? rest.find(']') : colon;
  if (colon == rest.npos || end == rest.npos || (bracketed && colon != end + 1)) {
    return wrong("a TCP line needs its port: write tcp://HOST:PORT");
  }
  LineAddress address;
  address.kind = LineAddress::Kind::tcp;
  address.text = text;
  address.host = bracketed ? rest.substr(1, end - 1) : rest.substr(0, colon);
  if (address.host.empty()) return wrong("no host: write tcp://HOST:PORT");
  if (address.host.find_first_of("/?#@\\[]") != std::string::npos) {
    return wrong("the host is a name or an address and nothing more: write tcp://HOST:PORT");
  }
  if (!bracketed && address.host.find(':') != std::string::npos) {
    return wrong("put an IPv6 address in brackets: tcp://[ADDRESS]:PORT");
  }
  const std::string_view port = rest.substr(colon + 1);
  const auto [last, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc{} || last != port.data() + port.size() || address.port == 0) {
    return wrong("no port from 1 to 65535 behind the host: write tcp://HOST:PORT");
  }
  return address;
}

Result<LineAddress> parse_device(std::string_view text) {
  LineAddress address;
  address.text = text;
  address.path = text;
  struct stat status{};
  if (::stat(address.path.c_str(), &status) != 0) {
    if (errno == ELOOP) return wrong("a loop of symbolic links");
    return address;
  }
  if (S_ISCHR(status.st_mode)) return address;
  return wrong(std::string(S_ISDIR(status.st_mode) ? "a directory" : "a file") +
               " and not a device: expected a serial port such as /dev/serial/by-id/...");
}

}  // namespace

Result<LineAddress> parse_line_address(std::string_view text) {
  if (text.size() > max_text) return wrong("too long for a line");
  if (text.find('#') != text.npos) return wrong("a comment needs a space in front of its #");
  if (text.find(' ') != text.npos && text.starts_with('/')) {
    return wrong(
        "a space in the path: the names below /dev/serial/by-id/ have _ there; copy yours "
        "from `ls /dev/serial/by-id/`");
  }
  if (has_odd_character(text)) return wrong("spaces or control characters in a line's address");
  if (text.starts_with(scheme)) return parse_tcp(text);
  if (!text.starts_with('/')) {
    return wrong(
        "expected a device file with its whole path, such as /dev/serial/by-id/..., or "
        "tcp://HOST:PORT");
  }
  return parse_device(text);
}

}  // namespace gridtap::io
