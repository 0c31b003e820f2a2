#include "core/record.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "core/bytes.hpp"

namespace gridtap {
namespace {

constexpr std::string_view opening = "record ", version = "2 ";
constexpr std::size_t checksum_digits = 8;
constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789_.";

// FNV-1a, 32 bits: against damage, not against people. Finds every change of a single byte.
std::string checksum(std::string_view rows) {
  std::uint32_t hash = 0x811C9DC5;
  for (const char c : rows) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  char text[checksum_digits + 1];
  std::snprintf(text, sizeof text, "%08X", static_cast<unsigned>(hash));
  return text;
}

// As it is between quotes. UTF-8 shows, spaces do.
bool shows(char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7F' && c != '"'; }

void append_escaped(std::string& out, char c) {
  if (c == '\\') {
    out += "\\\\";
  } else if (shows(c)) {
    out += c;
  } else {
    (out += "\\x") += to_hex({reinterpret_cast<const std::uint8_t*>(&c), 1});
  }
}

// The character with which the text begins, escaped or not; the text then begins behind it.
std::optional<char> take_character(std::string_view& text) {
  const char first = text.front();
  std::size_t size = 1;
  std::optional<char> character;
  if (first != '\\') {
    if (shows(first)) character = first;
  } else if (text.substr(1).starts_with('\\')) {
    size = 2;
    character = first;
  } else if (text.substr(1).starts_with('x') && text.size() >= 4) {
    size = 4;
    if (const auto byte = from_hex(text.substr(2, 2))) character = byte->front();
  }
  text.remove_prefix(size);
  return character;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto character = take_character(text);
    if (!character) return {};
    out += *character;
  }
  return out;
}

// The part before the separator; moves on behind it.
std::string_view take(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

// A space and a value, with which the text begins; nothing where there is none.
std::optional<std::string> take_value(std::string_view& rest) {
  rest.remove_prefix(1);
  if (!rest.starts_with('"')) {
    const std::string_view value = rest.substr(0, rest.find(' '));
    rest.remove_prefix(value.size());
    return value.empty() ? std::nullopt : unescaped(value);
  }
  const std::size_t end = rest.find('"', 1);
  if (end == rest.npos) return {};
  const std::string_view value = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  return rest.empty() || rest.front() == ' ' ? unescaped(value) : std::nullopt;
}

std::optional<RecordRow> parse_row(std::string_view line) {
  RecordRow row{std::string(line.substr(0, line.find(' '))), {}};
  if (row.name.empty() || row.name.find_first_not_of(name_characters) != row.name.npos) return {};
  line.remove_prefix(row.name.size());
  while (!line.empty()) {
    auto value = take_value(line);
    if (!value || row.values.size() == Record::max_values) return {};
    row.values.push_back(*std::move(value));
  }
  return row;
}

// What follows the first line; nothing where that is not what the first line promises.
std::optional<std::string_view> rows_of(std::string_view text) {
  if (text.size() > Record::max_bytes || !text.ends_with('\n')) return {};
  std::string_view first = take(text, '\n');
  if (!first.starts_with(opening)) return {};
  first.remove_prefix(opening.size());
  if (!first.starts_with(version) || first.substr(version.size()) != checksum(text)) return {};
  return text;
}

}  // namespace

std::string RecordWriter::text() const {
  if (rows_.empty()) return {};
  std::string out(opening);
  return ((out += version) += checksum(rows_)) += '\n' + rows_;
}

void RecordWriter::append(std::string_view value) {
  const std::string_view quote = value.empty() || value.find(' ') != value.npos ? "\"" : "";
  (rows_ += ' ') += quote;
  for (const char c : value) append_escaped(rows_, c);
  rows_ += quote;
}

std::optional<std::string_view> RecordRow::text(std::size_t n) const {
  if (n >= values.size()) return {};
  return values[n];
}

bool Record::is_one(std::string_view text) { return text.starts_with(opening); }

bool Record::is_whole(std::string_view text) { return rows_of(text).has_value(); }

Record::Record(std::string_view text) {
  std::string_view rest = rows_of(text).value_or("");
  while (!rest.empty() && rows_.size() < max_rows) {
    if (auto row = parse_row(take(rest, '\n'))) rows_.push_back(*std::move(row));
  }
}

std::optional<std::string_view> Record::text(std::string_view name) const {
  const RecordRow* row = find(name);
  return row == nullptr ? std::nullopt : row->text();
}

const RecordRow* Record::find(std::string_view name) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const RecordRow& row) { return row.name == name; });
  return found == rows_.end() ? nullptr : &*found;
}

}  // namespace gridtap
