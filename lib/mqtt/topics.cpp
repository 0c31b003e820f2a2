#include "mqtt/topics.hpp"

#include <cstdint>

#include "core/ids.hpp"
#include "core/letter_case.hpp"

namespace gridtap::mqtt {
namespace {

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

// U+00C0 to U+017F without their marks, a space between two: Latin-1 and Latin Extended-A. A dot
// is a sign that is not a letter.
constexpr std::string_view plain_letters =
    "a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th ss "  // U+00C0
    "a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th y "   // U+00E0
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "     // U+0100
    "g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l "   // U+0120
    "l l l n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s "   // U+0140
    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";    // U+0160

std::string_view plain_letter(std::uint32_t point) {
  if (point == 0xB0) return "deg";
  if (point == 0xB2) return "2";
  if (point == 0xB3) return "3";
  if (point < 0xC0 || point > 0x17F) return "";
  std::string_view rest = plain_letters;
  for (std::uint32_t n = 0xC0; n < point; ++n) rest.remove_prefix(rest.find(' ') + 1);
  const std::string_view letter = rest.substr(0, rest.find(' '));
  return letter == "." ? "" : letter;
}

// The code point at the front of UTF-8 text of at most two bytes a sign; 0 for any other. Moves on.
std::uint32_t take_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (first < 0x80) return first;
  std::uint32_t second = 0;
  std::size_t count = 0;
  while (!text.empty() && is_continuation(text.front())) {
    second = static_cast<unsigned char>(text.front()) & 0x3FU;
    text.remove_prefix(1);
    ++count;
  }
  return (first & 0xE0U) == 0xC0 && count == 1 ? (first & 0x1FU) << 6U | second : 0;
}

}  // namespace

std::string slug(std::string_view text) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    const std::uint32_t point = take_point(text);
    const char ascii = point < 0x80 ? lower(static_cast<char>(point)) : '\0';
    std::string_view letters = is_word(ascii) ? std::string_view(&ascii, 1) : plain_letter(point);
    if (letters.empty()) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += '_';
    gap = false;
    out += letters;
  }
  return out;
}

std::string Topics::status(std::string_view device) const {
  return device == gateway_device ? status() : joined({base_, "/", device, "/status"});
}

std::string Topics::state(std::string_view device, std::string_view entity) const {
  std::string out;
  append_state(out, device, entity);
  return out;
}

void Topics::append_state(std::string& out, std::string_view device,
                          std::string_view entity) const {
  out += base_;
  ((out += '/') += device) += '/';
  out += entity;
}

std::string Topics::attributes(std::string_view device, std::string_view entity) const {
  return joined({base_, "/", device, "/", entity, "/attributes"});
}

std::string Topics::set(std::string_view device, std::string_view entity) const {
  return joined({base_, "/", device, "/", entity, "/set"});
}

std::string Topics::rejected(std::string_view device, std::string_view entity) const {
  return joined({base_, "/", device, "/", entity, "/rejected"});
}

std::string Topics::node(std::string_view identity) {
  std::string node = "gridtap_";
  for (const char c : identity) {
    node += is_word(lower(c)) || c == '-' ? c : '_';
  }
  return node;
}

std::string Topics::device_config(std::string_view node) const {
  return joined({prefix_, "/device/", node, "/config"});
}

std::string Topics::entity_config(std::string_view component, std::string_view node,
                                  std::string_view entity) const {
  return joined({prefix_, "/", component, "/", node, "/", entity, "/config"});
}

std::optional<Topics::Target> Topics::target(std::string_view topic) const {
  static constexpr std::string_view tail = "/set";
  if (!topic.starts_with(base_) || !topic.ends_with(tail)) return {};
  topic.remove_prefix(base_.size());
  topic.remove_suffix(tail.size());
  if (!topic.starts_with('/')) return {};
  topic.remove_prefix(1);
  const std::size_t slash = topic.find('/');
  if (slash == topic.npos || topic.find('/', slash + 1) != topic.npos) return {};
  return Target{topic.substr(0, slash), topic.substr(slash + 1)};
}

}  // namespace gridtap::mqtt
