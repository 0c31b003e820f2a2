#include "core/decimal.hpp"

#include <algorithm>
#include <charconv>

namespace gridtap {
namespace {

constexpr int max_digits = 18;  // 10^18 fits in 63 bits

using decimal::max_exponent;

std::optional<std::int64_t> scaled(std::int64_t digits, int places) {
  for (; places > 0 && digits != 0; --places) {
    if (__builtin_mul_overflow(digits, std::int64_t{10}, &digits)) return {};
  }
  return digits;
}

// Both numbers with the smaller exponent of the two.
struct Aligned {
  std::int64_t a, b;
  std::int8_t exponent;
};
std::optional<Aligned> align(Decimal a, Decimal b) {
  if (a.exponent == b.exponent) return Aligned{a.digits, b.digits, a.exponent};
  const std::int8_t exponent = std::min(a.exponent, b.exponent);
  const auto left = scaled(a.digits, a.exponent - exponent);
  const auto right = scaled(b.digits, b.exponent - exponent);
  if (!left || !right) return {};
  return Aligned{*left, *right, exponent};
}

std::int8_t exponent_of(int value) {
  return static_cast<std::int8_t>(std::clamp(value, -max_exponent, max_exponent));
}

int sign(std::int64_t value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

}  // namespace

std::strong_ordering operator<=>(Decimal a, Decimal b) {
  if (a.exponent == b.exponent) return a.digits <=> b.digits;
  if (sign(a.digits) != sign(b.digits)) return sign(a.digits) <=> sign(b.digits);
  if (const auto aligned = align(a, b)) return aligned->a <=> aligned->b;
  // Too far apart for 64 bits: the one with the larger exponent is the larger in magnitude.
  const auto by_size = a.exponent <=> b.exponent;
  return a.digits > 0 ? by_size : 0 <=> by_size;
}

void append(std::string& out, Decimal value) {
  char text[24];
  const bool negative = value.digits < 0;
  const auto bits = static_cast<std::uint64_t>(value.digits);
  const std::uint64_t magnitude = negative ? 0 - bits : bits;
  const auto end = std::to_chars(text, text + sizeof text, magnitude).ptr;
  const auto count = static_cast<std::size_t>(end - text);
  if (negative) out += '-';
  if (value.exponent >= 0) {
    out.append(text, count);
    if (magnitude != 0) out.append(static_cast<std::size_t>(value.exponent), '0');
    return;
  }
  const auto places = static_cast<std::size_t>(-value.exponent);
  if (count <= places) {
    out += "0.";
    out.append(places - count, '0');
    out.append(text, count);
  } else {
    out.append(text, count - places);
    out += '.';
    out.append(text + count - places, places);
  }
}

std::string to_text(Decimal value) {
  std::string out;
  append(out, value);
  return out;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  if (text.empty() || point == 0 || point + 1 == text.size()) return {};
  Decimal value{};
  int significant = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (n == point) continue;
    if (text[n] < '0' || text[n] > '9') return {};
    if (significant > 0 || text[n] != '0') ++significant;
    if (significant > max_digits) return {};
    value.digits = value.digits * 10 + (text[n] - '0');
  }
  if (point != text.npos) {
    const std::size_t decimals = text.size() - point - 1;
    if (decimals > max_digits) return {};
    value.exponent = static_cast<std::int8_t>(-static_cast<int>(decimals));
  }
  if (negative) value.digits = -value.digits;
  return value;
}

Decimal decimal::shifted_up(Decimal value, int exponent) {
  if (exponent <= 0) return {value.digits, exponent_of(exponent)};
  if (const auto digits = scaled(value.digits, exponent)) return {*digits, 0};
  return {value.digits, exponent_of(exponent)};
}

std::optional<Decimal> add(Decimal a, Decimal b) {
  const auto aligned = align(a, b);
  std::int64_t sum = 0;
  if (!aligned || __builtin_add_overflow(aligned->a, aligned->b, &sum)) return {};
  return Decimal{sum, aligned->exponent};
}

std::optional<Decimal> subtract(Decimal a, Decimal b) {
  const auto aligned = align(a, b);
  std::int64_t difference = 0;
  if (!aligned || __builtin_sub_overflow(aligned->a, aligned->b, &difference)) return {};
  return Decimal{difference, aligned->exponent};
}

std::optional<Decimal> multiply(Decimal a, Decimal b) {
  std::int64_t product = 0;
  const int exponent = a.exponent + b.exponent;
  if (exponent < -max_exponent || exponent > max_exponent) return {};
  if (__builtin_mul_overflow(a.digits, b.digits, &product)) return {};
  return Decimal{product, static_cast<std::int8_t>(exponent)};
}

Decimal rounded(Decimal value, int decimals) {
  int surplus = -value.exponent - decimals;
  if (surplus <= 0) return value;
  std::int64_t divisor = 1;
  for (; surplus > 0; --surplus) {
    if (!__builtin_mul_overflow(divisor, std::int64_t{10}, &divisor)) continue;
    // Of 19 decimals too many, 64 bits hold up to 0.92: it may still be more than a half.
    constexpr std::int64_t half = 5'000'000'000'000'000'000;
    const bool up = surplus == 1 && (value.digits >= half || value.digits <= -half);
    return {up ? sign(value.digits) : 0, exponent_of(-decimals)};
  }
  const std::int64_t rest = value.digits % divisor;
  std::int64_t digits = value.digits / divisor;
  const std::int64_t magnitude = rest < 0 ? -rest : rest;
  if (magnitude >= divisor - magnitude) digits += value.digits < 0 ? -1 : 1;
  return {digits, exponent_of(-decimals)};
}

}  // namespace gridtap
