#include "mqtt/payload.hpp"

#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "model/entity.hpp"

namespace gridtap::mqtt {
namespace {

constexpr std::size_t max_command_shown = 80;  // characters

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }

// Returns the first `count` characters of well-formed text.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t seen = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (starts_character(text[n]) && seen++ == count) return text.substr(0, n);
  }
  return text;
}

}  // namespace

void append_payload(std::string& out, const Value& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  if (text == nullptr) return append(out, value);
  std::string scratch;
  const std::string_view plain = model::plain_text(*text, scratch);
  append(out, plain.empty() ? Value{} : Value{plain});
}

std::string rejected_payload(std::string_view command, std::string_view reason) {
  const std::string shown = printable(command);
  const nlohmann::json json = {{"command", first_characters(shown, max_command_shown)},
                               {"reason", printable(reason)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace gridtap::mqtt
