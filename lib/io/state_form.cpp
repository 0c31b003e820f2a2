#include "io/state_form.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace gridtap::io {
namespace {

constexpr std::string_view magic = "gridtap-state ", version_1 = "1 ", version_2 = "2 ";
constexpr std::size_t checksum_digits = 16;

// What may not be in a key, and the letter that replaces it after a `\`. Version 1 replaced them in
// texts, too, and `=` as well.
constexpr std::string_view special = "\\\n\r=", letters = "\\nre";
constexpr std::string_view special_in_key = special.substr(0, 3);

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) {
    const std::size_t found = special_in_key.find(c);
    if (found == special_in_key.npos) {
      out += c;
    } else {
      out += {'\\', letters[found]};
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] != '\\' || n + 1 == text.size()) {
      out += text[n];
      continue;
    }
    const std::size_t found = letters.find(text[++n]);
    out += found == letters.npos ? text[n] : special[found];
  }
  return out;
}

// FNV-1a, 64 bits: against torn and damaged files, not against people.
std::string checksum(std::string_view rows) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : rows) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  char text[checksum_digits + 1];
  std::snprintf(text, sizeof text, "%016llX", static_cast<unsigned long long>(hash));
  return text;
}

// The line at the front, and whether it ends. Moves on behind it.
std::pair<std::string_view, bool> take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  const bool ends = line.size() < rest.size();
  rest.remove_prefix(line.size() + (ends ? 1 : 0));
  return {line, ends};
}

std::size_t indented_size(std::string_view text) {
  const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return text.size() + ends + (text.ends_with('\n') ? 0 : 2);
}

void append_indented(std::string& rows, std::string_view text) {
  while (!text.empty()) {
    const auto [line, ends] = take_line(text);
    ((rows += ends ? ' ' : '-') += line) += '\n';
  }
}

std::optional<StateTexts> parse_version_1(std::string_view rows) {
  StateTexts texts;
  while (!rows.empty()) {
    const std::string_view line = take_line(rows).first;
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return {};
    texts[unescaped(line.substr(0, equals))] = unescaped(line.substr(equals + 1));
  }
  return texts;
}

std::optional<StateTexts> parse_version_2(std::string_view rows) {
  StateTexts texts;
  std::string* text = nullptr;
  while (!rows.empty()) {
    const auto [line, ends] = take_line(rows);
    if (!ends) return {};
    if (line.size() > 2 && line.front() == '[' && line.back() == ']') {
      text = &texts[unescaped(line.substr(1, line.size() - 2))];
    } else if (text != nullptr && (line.starts_with(' ') || line.starts_with('-'))) {
      *text += line.substr(1);
      if (line.front() == ' ') *text += '\n';
    } else {
      return {};
    }
  }
  // The texts are kept: what the growth of a string leaves over would be kept with them.
  for (auto& [key, kept] : texts) kept.shrink_to_fit();
  return texts;
}

}  // namespace

std::string rows_of(const StateTexts& texts) {
  std::size_t size = 0;
  for (const auto& [key, text] : texts) size += escaped(key).size() + 3 + indented_size(text);
  std::string rows;
  rows.reserve(size);
  for (const auto& [key, text] : texts) {
    ((rows += '[') += escaped(key)) += "]\n";
    append_indented(rows, text);
  }
  return rows;
}

std::string first_line_of(std::string_view rows) {
  std::string line(magic);
  return ((line += version_2) += checksum(rows)) += '\n';
}

std::optional<ParsedState> parse_state(std::string_view text) {
  auto [first, ends] = take_line(text);
  if (!ends || !first.starts_with(magic)) return {};
  first.remove_prefix(magic.size());
  const bool current = first.starts_with(version_2);
  if (!current && !first.starts_with(version_1)) return {};
  if (first.substr(version_2.size()) != checksum(text)) return {};
  auto texts = current ? parse_version_2(text) : parse_version_1(text);
  if (!texts) return {};
  return ParsedState{*std::move(texts), current};
}

}  // namespace gridtap::io
