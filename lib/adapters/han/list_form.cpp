#include "adapters/han/list_form.hpp"

#include <algorithm>
#include <array>

#include "adapters/han/fields.hpp"

namespace gridtap::han {
namespace {

constexpr std::size_t longest = 400, maker_letters = 3;

constexpr std::array<std::string_view, 0x1C> type_names = {
    "null",   "array", "structure", "boolean", "bits",      "int32", "uint32",
    "",       "",      "octets",    "text",    "",          "utf8",  "bcd",
    "",       "int8",  "int16",     "uint8",   "uint16",    "",      "int64",
    "uint64", "enum",  "float32",   "float64", "date_time", "date",  "time"};

bool is_printable(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

// A code is no secret, and names what its neighbour is.
bool is_code(const AxdrNode& node) {
  return node.tag == AxdrTag::octet_string && node.size == obis_bytes && node.data[5] == 255;
}

std::string word_of(const AxdrNode& node) {
  ObisText code;
  if (is_code(node)) return std::string(obis_text(node.content(), code));
  std::string word(type_names[static_cast<std::size_t>(node.tag)]);
  if (node.tag != AxdrTag::octet_string && node.tag != AxdrTag::visible_string &&
      node.tag != AxdrTag::utf8_string) {
    return word;
  }
  word += '(' + std::to_string(node.size) + ')';
  const std::string_view text = as_text(node.content());
  if (is_printable(text)) (word += ' ') += std::string(text.substr(0, maker_letters)) + '#';
  return word;
}

void append_items(const AxdrTree& nodes, std::size_t from, std::size_t to, std::string& out);

std::string described(const AxdrTree& nodes, std::size_t at) {
  const AxdrNode& node = nodes[at];
  if (!node.holds_others()) return word_of(node);
  std::string out(type_names[static_cast<std::size_t>(node.tag)]);
  out += " of " + std::to_string(node.size) + ": ";
  append_items(nodes, at + 1, node.end, out);
  return out;
}

// Equal neighbours are counted.
void append_items(const AxdrTree& nodes, std::size_t from, std::size_t to, std::string& out) {
  for (std::size_t at = from; at < to && out.size() < longest;) {
    const bool inside = nodes[at].holds_others();
    const std::string word = inside ? '(' + described(nodes, at) + ')' : word_of(nodes[at]);
    std::size_t count = 0;
    do {
      ++count;
      at = nodes[at].end;
    } while (at < to && !inside && !nodes[at].holds_others() && word_of(nodes[at]) == word);
    out += word;
    if (count > 1) out += " x" + std::to_string(count);
    if (at < to) out += ", ";
  }
}

}  // namespace

std::string form_of(const AxdrTree& nodes, std::string_view title) {
  if (nodes.empty()) return "nothing";
  std::string form = described(nodes, 0);
  if (form.size() > longest) form = form.substr(0, longest) + "...";
  const std::string_view maker = title.substr(0, maker_letters);
  if (is_printable(maker)) (form += "; ") += maker;
  return form;
}

}  // namespace gridtap::han
