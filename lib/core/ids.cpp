#include "core/ids.hpp"

#include <algorithm>

#include "core/json_text.hpp"

namespace gridtap {
namespace {

constexpr std::size_t max_topic = 200;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// `$` begins the broker's own topics.
bool is_bad_in_topic(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '+' || c == '#' || c == '$' || byte <= 0x20 || byte >= 0x7F;
}

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= max_id &&
         std::all_of(text.begin(), text.end(), is_id_character);
}

std::optional<std::string> device_id_problem(std::string_view id) {
  if (id == gateway_device) return "`gateway` is the gateway's own device: choose another id";
  if (is_id(id)) return {};
  return "an id has 1 to 48 characters a-z, 0-9 and _: it becomes a part of topics; use `name:` "
         "for "
         "what people see";
}

std::string topic_level(std::string_view wire_name) {
  std::string out;
  for (const char c : wire_name) {
    if (out.size() == max_level) break;
    if (is_continuation(c) && !out.empty()) continue;  // one `_` for a character of many bytes
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    out += is_id_character(lower) ? lower : '_';
  }
  return out;
}

std::optional<std::string> topic_problem(std::string_view topic) {
  if (topic.empty()) return "must not be empty";
  if (topic.size() > max_topic) return "longer than " + std::to_string(max_topic) + " characters";
  if (topic.front() == '/' || topic.back() == '/' || topic.find("//") != topic.npos) {
    return "an empty topic level: no / at the ends, and no //";
  }
  if (std::any_of(topic.begin(), topic.end(), is_bad_in_topic)) {
    return "a topic has no wildcard (+ #), no $, no space and only plain letters";
  }
  return {};
}

std::optional<std::string> topic_level_problem(std::string_view level) {
  if (level.find('/') != level.npos) return "must be one topic level: no /";
  return topic_problem(level);
}

bool is_unset_id(std::string_view id) {
  constexpr std::string_view no_sign(" -0\0\xFF", 5);
  return id.find_first_not_of(no_sign) == std::string_view::npos;
}

bool is_number_id(std::string_view id) {
  constexpr std::ptrdiff_t least_digits = 5;
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || c == 'x' || c == 'X'; };
  return is_printable(id) && std::count_if(id.begin(), id.end(), is_digit) >= least_digits;
}

bool is_type_id(std::string_view id) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return is_printable(id) && std::any_of(id.begin(), id.end(), is_letter) && !is_number_id(id);
}

}  // namespace gridtap
