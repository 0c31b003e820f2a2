#include "adapters/p1/values.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/bytes.hpp"
#include "core/ids.hpp"

namespace gridtap::p1 {
namespace {

constexpr int max_digits = 18;

struct Unit {
  Quantity quantity = Quantity::unknown;
  int shift = 0;  // from the unit as sent to the one published
};

// Letters in lower case as one number.
constexpr std::uint64_t packed_word(std::string_view word) {
  std::uint64_t packed = 0;
  for (const char c : word) packed = packed << 8 | static_cast<unsigned char>(c | 0x20);
  return packed;
}

// A word of just that many letters: looked up among those of its length, it costs a few
// instructions, and a telegram has a unit in nearly every line.
template <std::size_t size>
std::uint64_t packed_front(std::string_view word) {
  return packed_word({word.data(), size});
}

Unit unit_of_one(std::string_view word) {
  switch (packed_front<1>(word)) {
    case packed_word("a"):
      return {Quantity::current, 0};
    case packed_word("v"):
      return {Quantity::voltage, 0};
    case packed_word("w"):
      return {Quantity::power, 0};
    case packed_word("s"):
      return {Quantity::duration, 0};
    default:
      return {};
  }
}

Unit unit_of_two(std::string_view word) {
  const bool mega = word.front() == 'M', milli = word.front() == 'm';
  switch (packed_front<2>(word)) {
    case packed_word("kw"):
      return {Quantity::power, 3};
    case packed_word("m3"):
      return {Quantity::volume, 0};
    case packed_word("wh"):
      return {Quantity::energy, -3};
    case packed_word("mw"):
      return mega ? Unit{Quantity::power, 6} : Unit{};
    case packed_word("va"):
      return {Quantity::apparent_power, 0};
    case packed_word("kv"):
      return {Quantity::voltage, 3};
    case packed_word("ma"):
      return milli ? Unit{Quantity::current, -3} : Unit{};
    case packed_word("ka"):
      return {Quantity::current, 3};
    case packed_word("hz"):
      return {Quantity::frequency, 0};
    case packed_word("gj"):
      return {Quantity::heat, 0};
    case packed_word("mj"):
      return mega ? Unit{Quantity::heat, -3} : Unit{};
    default:
      return {};
  }
}

Unit unit_of_three(std::string_view word) {
  switch (packed_front<3>(word)) {
    case packed_word("kwh"):
      return {Quantity::energy, 0};
    case packed_word("mwh"):
      return word.front() == 'M' ? Unit{Quantity::energy, 3} : Unit{};
    case packed_word("var"):
      return {Quantity::reactive_power, 0};
    case packed_word("kva"):
      return {Quantity::apparent_power, 3};
    case packed_word("khz"):
      return {Quantity::frequency, 3};
    case packed_word("dm3"):
      return {Quantity::volume, -3};
    default:
      return {};
  }
}

// Case does not matter, but for the first letter of milli and mega.
Unit unit_of(std::string_view word) {
  switch (word.size()) {
    case 1:
      return unit_of_one(word);
    case 2:
      return unit_of_two(word);
    case 3:
      return unit_of_three(word);
    case 4:
      if (packed_front<4>(word) == packed_word("kvar")) return {Quantity::reactive_power, 3};
      if (packed_front<4>(word) == packed_word("varh")) return {Quantity::reactive_energy, -3};
      return {};
    case 5:
      if (packed_front<5>(word) == packed_word("kvarh")) return {Quantity::reactive_energy, 0};
      return {};
    default:
      return {};
  }
}

// Whether four characters, as one word, are digits; they become the number that they are.
bool four_digits(std::uint32_t& word) {
  constexpr std::uint32_t zeros = 0x30303030, tops = 0x80808080;
  word -= zeros;
  if (((word | (word + 0x76767676)) & tops) != 0) return false;
  word = (word * 10 + (word >> 8)) & 0x00FF00FF;
  word = (word * 100 + (word >> 16)) & 0xFFFF;
  return true;
}

// Digits from the front, added to `value`.
const char* take_run(const char* at, const char* end, std::uint64_t& value) {
  for (std::uint32_t word; end - at >= 4 && std::endian::native == std::endian::little; at += 4) {
    std::memcpy(&word, at, sizeof word);
    if (!four_digits(word)) break;
    value = value * 10'000 + word;
  }
  for (; at != end; ++at) {
    const std::uint64_t digit = static_cast<unsigned char>(*at) - std::uint64_t{'0'};
    if (digit > 9) break;
    value = value * 10 + digit;
  }
  return at;
}

// Leading zeros do not count against the limit of digits.
bool too_long(std::string_view digits, std::ptrdiff_t decimals) {
  const std::size_t zeros = std::min(digits.find_first_not_of("0."), digits.size());
  const std::string_view rest = digits.substr(zeros);
  const auto points = std::count(rest.begin(), rest.end(), '.');
  return decimals > max_digits || static_cast<std::ptrdiff_t>(rest.size()) - points > max_digits;
}

// Reads `[-+]digits[.digits]` from the front of `text`; returns false if there is no number.
bool take_digits(std::string_view& text, Number& number) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  std::uint64_t value = 0;
  const char* const whole = at;
  at = take_run(at, end, value);
  if (at == whole) return false;
  const char* const point = at;
  number.has_point = at != end && *at == '.';
  if (number.has_point) at = take_run(at + 1, end, value);
  const auto decimals = number.has_point ? at - point - 1 : 0;
  if (number.has_point && decimals == 0) return false;
  if (at - whole > max_digits && too_long({whole, at}, decimals)) return false;
  const auto digits = static_cast<std::int64_t>(value);
  number.value = {negative ? -digits : digits, static_cast<std::int8_t>(-decimals)};
  text = {at, static_cast<std::size_t>(end - at)};
  return true;
}

bool is_printable(char c) { return c >= 0x20 && c <= 0x7E; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Octets of which is_unset_id() would say so: each of them is one of these.
bool is_unset_hex(std::string_view text) {
  constexpr std::string_view octets[] = {"20", "2D", "2d", "30", "00", "FF", "ff", "Ff", "fF"};
  for (; text.size() > 1; text.remove_prefix(2)) {
    const auto* const found = std::find(std::begin(octets), std::end(octets), text.substr(0, 2));
    if (found == std::end(octets)) return false;
  }
  return text.empty();
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<Number> parse_number(std::string_view group) {
  if (group.empty()) return {};
  std::string_view word = group;
  if (word.front() <= ' ' || word.back() <= ' ') word = without_blanks(word);
  Number number;
  if (!take_digits(word, number)) return {};
  if (word.empty()) return number;
  if (word.front() == ' ') word = without_blanks(word);
  const bool starred = word.front() == '*';
  if (starred) word.remove_prefix(1);
  if (starred && word.empty()) return number;
  if (starred && is_blank(word.front())) word = without_blanks(word);
  const Unit unit = unit_of(word);
  // Digits and directly behind them S or W are a time, whether it is a good one or not.
  const bool time_like = !starred && word.size() == 1 && unit.quantity != Quantity::voltage &&
                         unit.quantity != Quantity::current;
  if (time_like || (!starred && unit.quantity == Quantity::unknown)) return {};
  number.quantity = unit.quantity;
  if (unit.shift != 0) number.value = shifted(number.value, unit.shift);
  return number;
}

Decimal to_gigajoule(Decimal kilowatt_hours) {
  return multiply(kilowatt_hours, {36, -4}).value_or(Decimal{});
}

std::string decode_text(std::string_view group, HexText kind) {
  const auto octets = from_hex(group);
  if (!octets || octets->empty()) return std::string(group);
  if (!std::all_of(octets->begin(), octets->end(), is_printable)) return std::string(group);
  const bool decimal = std::all_of(group.begin(), group.end(), is_digit);
  const auto digits = std::count_if(octets->begin(), octets->end(), is_digit);
  const bool plain =
      kind == HexText::id && decimal && 2 * static_cast<std::size_t>(digits) < octets->size();
  return plain ? std::string(group) : *octets;
}

bool is_set_id(std::string_view id_as_sent) {
  return !is_unset_id(id_as_sent) && !is_unset_hex(id_as_sent);
}

std::string identity_of(std::string_view id_as_sent) {
  const bool fit = std::all_of(id_as_sent.begin(), id_as_sent.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  return fit ? std::string(id_as_sent) : to_hex(as_bytes(id_as_sent));
}

std::string shown(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), [](char c) { return !is_printable(c); }, '?');
  return out;
}

}  // namespace gridtap::p1
