#include "adapters/kq330/node_text.hpp"

#include <algorithm>

#include "codec/cipher.hpp"

namespace gridtap::kq330 {
namespace {

constexpr std::size_t longest_id = 8, signature_bytes = 8;

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> wrong(std::string detail) {
  return failed(Fault::bad_syntax, std::move(detail));
}

NodeText::Mark mark_of(char c) {
  const auto mark = static_cast<NodeText::Mark>(c);
  const bool known = c == '!' || c == '?' || c == '+';
  return known ? mark : NodeText::Mark::report;
}

std::optional<int> sequence_of(std::string_view value) {
  if (value.size() > 2 || !std::all_of(value.begin(), value.end(), is_digit)) return {};
  return value.size() == 1 ? value[0] - '0' : 10 * (value[0] - '0') + (value[1] - '0');
}

std::optional<Error> add_field(NodeText& text, std::string_view field) {
  const auto bad = [&](std::string_view what) {
    return Error{Fault::bad_syntax, std::string(what) + ": " + std::string(field)};
  };
  const std::size_t equals = field.find('=');
  if (equals == field.npos) return bad("a field without `=`");
  const std::string_view key = field.substr(0, equals), value = field.substr(equals + 1);
  if (!is_node_key(key)) return bad("a key begins with a letter");
  if (value.empty()) return bad("an empty value");
  const bool twice = std::any_of(text.fields().begin(), text.fields().end(),
                                 [&](const NodeText::Field& other) { return other.key == key; });
  if (twice || (key == "q" && text.sequence)) return bad("a key appears twice");
  if (key == "q") {
    text.sequence = sequence_of(value);
    return text.sequence ? std::nullopt : std::optional(bad("q is 0 to 99"));
  }
  if (text.count_ == NodeText::most_fields) return bad("too many fields");
  text.fields_[text.count_++] = {key, value};
  return {};
}

}  // namespace

bool is_node_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_node_key(std::string_view text) {
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_';
  });
}

Result<NodeText> parse_node_text(std::string_view payload) {
  NodeText text;
  std::string_view head = payload.substr(0, payload.find(','));
  payload.remove_prefix(head.size());
  if (!head.empty()) text.mark = mark_of(head.back());
  if (text.mark != NodeText::Mark::report) head.remove_suffix(1);
  if (!is_node_id(head)) return wrong("not a node id: " + std::string(head));
  text.id = head;
  while (!payload.empty()) {
    payload.remove_prefix(1);
    const std::string_view field = payload.substr(0, payload.find(','));
    payload.remove_prefix(field.size());
    if (auto problem = add_field(text, field)) return tl::unexpected(*std::move(problem));
  }
  return text;
}

std::string signature(std::string_view text, ByteView key) {
  const std::string whole = hmac_sha256(key, as_bytes(text));
  return ",m=" + to_hex(as_bytes(whole).first(signature_bytes));
}

std::optional<std::string_view> signed_text(std::string_view payload, ByteView key) {
  if (payload.size() < signature_size) return {};
  const std::string_view text = payload.substr(0, payload.size() - signature_size);
  const std::string wanted = signature(text, key);
  const std::string_view found = payload.substr(text.size());
  // Every digit is compared: the time taken reveals nothing about the right ones.
  int different = found.starts_with(",m=") ? 0 : 1;
  for (std::size_t n = 3; n < signature_size; ++n) {
    different |= hex_digit(found[n]) ^ hex_digit(wanted[n]);
  }
  return different == 0 ? std::optional(text) : std::nullopt;
}

}  // namespace gridtap::kq330
