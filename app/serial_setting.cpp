#include "app/serial_setting.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace gridtap::app {
namespace {

constexpr std::uint32_t least_baud = 300, most_baud = 4'000'000;
constexpr std::string_view digits = "0123456789";

tl::unexpected<Error> wrong(std::string text) { return failed(Fault::config, std::move(text)); }

// "8N1", "8n1", "8-N-1"
std::optional<SerialSettings> parse_frame(std::string_view text) {
  std::string frame(text);
  std::erase(frame, '-');
  if (frame.size() != 3) return {};
  const char bits = frame[0], stop = frame[2];
  const char parity = frame[1] >= 'a' ? static_cast<char>(frame[1] - 'a' + 'A') : frame[1];
  if ((bits != '7' && bits != '8') || (stop != '1' && stop != '2')) return {};
  if (parity != 'N' && parity != 'E' && parity != 'O') return {};
  return SerialSettings{0, static_cast<std::uint8_t>(bits - '0'), parity,
                        static_cast<std::uint8_t>(stop - '0')};
}

std::optional<std::uint32_t> parse_baud(std::string_view text) {
  std::uint32_t baud = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), baud);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return baud;
}

}  // namespace

Result<SerialSettings> parse_serial(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of(digits), text.size());
  const std::size_t begin = std::min(text.find_first_not_of(" /,;:-", end), text.size());
  const auto baud = parse_baud(text.substr(0, end));
  auto serial = parse_frame(text.substr(begin));
  if (!serial && parse_frame(text)) {
    return wrong("the speed is missing: write, for example, `115200 8N1`");
  }
  if (baud && (*baud < least_baud || *baud > most_baud)) {
    return wrong("a speed is from 300 to 4000000: write, for example, `115200 8N1`");
  }
  if (baud && begin == text.size()) {
    const std::string speed(text.substr(0, end));
    return wrong("the frame is missing: write `" + speed + " 8N1` (DSMR 2 and 3: `9600 7E1`)");
  }
  if (!baud || !serial) {
    return wrong("not a line setting: write `auto` or, for example, `115200 8N1`");
  }
  serial->baud = *baud;
  const bool one_space = begin == end + 1 && text[end] == ' ' && text.size() == begin + 3;
  if (one_space) return *serial;
  return wrong("write `" + to_text(*serial) + "`: the speed, one space, the frame");
}

}  // namespace gridtap::app
