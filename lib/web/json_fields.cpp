#include "web/json_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "core/json_text.hpp"

namespace gridtap::web {
namespace {

void append_utf8(std::string& out, std::uint32_t point) {
  const auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto rest = [&](unsigned shift) { add(0x80U | (point >> shift & 0x3FU)); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xC0U | point >> 6U);
    return rest(0);
  }
  if (point < 0x10000) {
    add(0xE0U | point >> 12U);
  } else {
    add(0xF0U | point >> 18U);
    rest(12);
  }
  rest(6);
  rest(0);
}

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<JsonFields> object() {
    JsonFields fields;
    if (!take('{')) return {};
    if (take('}')) return at_end() ? std::optional(std::move(fields)) : std::nullopt;
    do {
      if (fields.size() == max_json_fields || !field(fields)) return {};
    } while (take(','));
    return take('}') && at_end() ? std::optional(std::move(fields)) : std::nullopt;
  }

 private:
  bool field(JsonFields& fields) {
    auto name = text();
    if (!name || !take(':')) return false;
    auto value = text();
    return value && fields.emplace(*std::move(name), *std::move(value)).second;
  }

  std::optional<std::string> text() {
    if (!take('"')) return {};
    std::string out;
    while (!rest_.empty()) {
      const char c = next();
      if (c == '"') return out;
      const bool good = c == '\\' ? escape(out) : static_cast<unsigned char>(c) >= ' ';
      if (!good) return {};
      if (c != '\\') out += c;
    }
    return {};
  }

  bool escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) return false;
    const char c = next();
    if (c == 'u') return escaped_point(out);
    const std::size_t at = letters.find(c);
    if (at == letters.npos) return false;
    out += meant[at];
    return true;
  }

  // What is beyond 16 bits comes as two halves; one of them alone is no character.
  bool escaped_point(std::string& out) {
    const auto unit = hex();
    if (!unit || is_low(*unit)) return false;
    if (!is_high(*unit)) {
      append_utf8(out, *unit);
      return true;
    }
    if (!rest_.starts_with("\\u")) return false;
    rest_.remove_prefix(2);
    const auto low = hex();
    if (!low || !is_low(*low)) return false;
    append_utf8(out, 0x10000U + ((*unit - 0xD800U) << 10U) + (*low - 0xDC00U));
    return true;
  }

  std::optional<std::uint32_t> hex() {
    const std::string_view digits = rest_.substr(0, 4);
    std::uint32_t unit = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    const bool whole = error == std::errc{} && end == digits.data() + 4 && digits.size() == 4;
    if (!whole) return {};
    rest_.remove_prefix(4);
    return unit;
  }

  char next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void skip_spaces() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }
  // Spaces may stand before it.
  bool take(char wanted) {
    skip_spaces();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool at_end() {
    skip_spaces();
    return rest_.empty();
  }

  std::string_view rest_;
};

}  // namespace

std::optional<JsonFields> parse_json_fields(std::string_view text) {
  if (valid_utf8(text) != text.size()) return {};
  return Reader(text).object();
}

}  // namespace gridtap::web
