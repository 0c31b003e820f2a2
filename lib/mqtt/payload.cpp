#include "mqtt/payload.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "mqtt/device.hpp"

namespace gridtap::mqtt {
namespace {

constexpr std::size_t max_command_shown = 80;  // characters

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }

// The first so many characters of well-formed text.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t seen = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (starts_character(text[n]) && seen++ == count) return text.substr(0, n);
  }
  return text;
}

}  // namespace

std::string_view front_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && !starts_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

void append_payload(std::string& out, const Value& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  if (text == nullptr) return append(out, value);
  if (text->empty()) {
    append(out, Value{});
  } else if (is_plain(*text)) {
    out += text->substr(0, max_state_text);
  } else {
    out += front_of(printable(*text), max_state_text);
  }
}

std::string rejected_payload(std::string_view command, std::string_view reason) {
  const std::string shown = printable(command);
  const nlohmann::json json = {{"command", first_characters(shown, max_command_shown)},
                               {"reason", printable(reason)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace gridtap::mqtt
