#include "core/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/decimal.hpp"
#include "core/letter_case.hpp"

namespace gridtap {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view decimal_digits = "0123456789";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

std::optional<std::int64_t> whole_number(std::string_view text, int base) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

bool is_based(std::string_view digits) {
  return digits.size() > 2 && digits[0] == '0' && is_one_of(digits.substr(1, 1), {"x", "o", "b"});
}

bool is_octal(std::string_view digits) {
  return digits.size() > 1 && digits[0] == '0' &&
         digits.find_first_not_of(decimal_digits) == digits.npos;
}

// 1:30 was 90 to readers of YAML 1.1.
bool is_sexagesimal(std::string_view digits) {
  const std::size_t end = digits.find_first_not_of(decimal_digits);
  return end != digits.npos && digits[end] == ':' &&
         digits.find_first_not_of("0123456789:.") == digits.npos;
}

bool has_exponent_or_marks(std::string_view digits) {
  return digits.find_first_not_of("0123456789.eE+-_") == digits.npos &&
         digits.find_first_of("eE_") != digits.npos;
}

struct Unit {
  std::string_view word;
  milliseconds length;
};
constexpr std::array<Unit, 4> units = {
    Unit{"ms", milliseconds(1)}, Unit{"s", std::chrono::seconds(1)},
    Unit{"min", std::chrono::minutes(1)}, Unit{"h", std::chrono::hours(1)}};

}  // namespace

bool is_odd_number(std::string_view text) {
  const std::string_view digits = without_sign(text);
  if (is_one_of(lower(digits), {".inf", ".nan"})) return true;
  if (digits.empty() || !is_digit(digits.front())) return false;
  return is_octal(digits) || is_based(digits) || is_sexagesimal(digits) ||
         has_exponent_or_marks(digits);
}

bool is_ambiguous(std::string_view text) {
  return is_one_of(lower(text),
                   {"yes", "no", "on", "off", "true", "false", "y", "n", "null", "~"}) ||
         is_odd_number(text);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.size() > 1 && digits.front() == '0') return {};
  return whole_number(text, 10);
}

std::string plain_number(std::string_view text) {
  constexpr std::int64_t largest_shift = 18;
  std::string cleaned = lower(text);
  std::erase(cleaned, '_');
  if (cleaned.starts_with("0x")) {
    const auto value = whole_number(std::string_view(cleaned).substr(2), 16);
    return value ? std::to_string(*value) : std::string{};
  }
  const std::size_t mark = cleaned.find('e');
  const auto digits = parse_decimal(std::string_view(cleaned).substr(0, mark));
  const auto shift = mark == cleaned.npos ? std::optional<std::int64_t>(0)
                                          : whole_number(cleaned.substr(mark + 1), 10);
  if (!digits || !shift || *shift > largest_shift || *shift < -largest_shift) return {};
  std::string plain = to_text(shifted(*digits, static_cast<int>(*shift)));
  return plain == text ? std::string{} : plain;
}

std::optional<bool> meant_flag(std::string_view text) {
  const std::string word = lower(text);
  if (is_one_of(word, {"true", "yes", "on", "y", "1"})) return true;
  if (is_one_of(word, {"false", "no", "off", "n", "0"})) return false;
  return {};
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("-0123456789"), text.size());
  const auto count = parse_integer(text.substr(0, end));
  if (!count) return {};
  for (const Unit& unit : units) {
    std::int64_t length = 0;
    if (text.substr(end) != unit.word) continue;
    if (__builtin_mul_overflow(*count, unit.length.count(), &length)) return {};
    return milliseconds(length);
  }
  return {};
}

std::string duration_text(milliseconds length) {
  if (length == milliseconds(0)) return "0s";
  const Unit* largest = &units[0];
  for (const Unit& unit : units) {
    if (length % unit.length == milliseconds(0)) largest = &unit;
  }
  return std::to_string(length / largest->length) + std::string(largest->word);
}

}  // namespace gridtap
