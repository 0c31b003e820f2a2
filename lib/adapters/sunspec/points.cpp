#include "adapters/sunspec/points.hpp"

#include <bit>
#include <cmath>

#include "core/json_text.hpp"

namespace gridtap::sunspec {
namespace {

using namespace std::chrono_literals;

constexpr int widest_factor = 10;
constexpr std::uint16_t no_factor = 0x8000;
constexpr double widest_float = 9e15;
constexpr Instant epoch = std::chrono::sys_days{std::chrono::January / 1 / 2000};
constexpr int kilo = -3, per_cent = -2;

bool is_accumulator(Type type) { return type == Type::acc32 || type == Type::acc64; }

std::uint64_t all_ones(Type type) {
  const unsigned bits = 16U * registers_of(type);
  return bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

std::int64_t number_of(Type type, std::uint64_t raw) {
  if (type == Type::int16) return static_cast<std::int16_t>(raw);
  if (type == Type::int32) return static_cast<std::int32_t>(raw);
  return static_cast<std::int64_t>(raw);
}

// A few makers count down below zero where only sums belong; unused is the top bit alone.
std::optional<std::int64_t> as_signed(std::uint64_t raw) {
  if (raw == 0x8000'0000) return {};
  const auto number = static_cast<std::int32_t>(raw);
  return number < 0 ? -std::int64_t{number} : number;
}

Value scaled(Decimal value, Rule rule) {
  if (rule == Rule::kilo) return shifted(value, kilo);
  if (rule != Rule::ratio) return value;
  const auto above_one = [](Decimal d) { return d > Decimal{1, 0} || d < Decimal{-1, 0}; };
  if (!above_one(value)) return value;
  const Decimal ratio = shifted(value, per_cent);
  return above_one(ratio) ? Value{} : Value{ratio};
}

Value float_of(std::uint64_t raw, Rule rule, int decimals) {
  double number = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw)));
  if (rule == Rule::kilo) number /= 1000;
  if (rule == Rule::ratio && std::abs(number) > 1) number /= 100;
  if (rule == Rule::ratio && !(std::abs(number) <= 1)) return {};
  const double steps = number * std::pow(10.0, decimals);
  if (!std::isfinite(steps) || std::abs(steps) > widest_float) return {};
  return Decimal{std::llround(steps), static_cast<std::int8_t>(-decimals)};
}

Value state_of(const Point& point, std::uint64_t raw, std::string& scratch) {
  if (point.names.empty()) return Decimal{static_cast<std::int64_t>(raw), 0};
  const std::string_view name = name_at(point.names, static_cast<unsigned>(raw));
  if (!name.empty()) return name;
  scratch = "code" + std::to_string(raw);
  return std::string_view(scratch);
}

Value bits_of(const Point& point, std::uint64_t raw, std::string& scratch) {
  if (raw == 0) return std::string_view("none");
  scratch.clear();
  for (unsigned bit = 0; bit < 32; ++bit) {
    if ((raw >> bit & 1) == 0) continue;
    if (!scratch.empty()) scratch += ", ";
    const std::string_view name = name_at(point.names, bit);
    if (name.empty()) {
      scratch += "bit" + std::to_string(bit);
    } else {
      scratch += name;
    }
  }
  return std::string_view(scratch);
}

}  // namespace

std::optional<std::uint64_t> raw_of(Type type, std::size_t at, Words words) {
  const std::size_t size = registers_of(type);
  if (at + size > words.size()) return {};
  std::uint64_t raw = words[at];
  if (size == 1) {  // most of them
    const std::uint64_t nothing = type == Type::int16 ? 0x8000 : 0xFFFF;
    return raw == nothing ? std::nullopt : std::optional(raw);
  }
  for (std::size_t n = 1; n < size; ++n) raw = raw << 16 | words[at + n];
  if (is_accumulator(type)) return raw == 0 ? std::nullopt : std::optional(raw);
  if (type == Type::float32) return raw;  // its own not-a-number marks it
  const std::uint64_t ones = all_ones(type);
  return raw == (type == Type::int32 ? ones / 2 + 1 : ones) ? std::nullopt : std::optional(raw);
}

std::optional<Decimal> plain_number(const Point& point, std::size_t at, Words words) {
  const bool number = point.type == Type::uint16 || point.type == Type::int16;
  if (!number || point.rule != Rule::plain || at >= words.size()) return {};
  if (point.factor == 0 || point.factor >= words.size()) return {};
  const bool has_sign = point.type == Type::int16;
  const std::uint16_t raw = words[at];
  const auto factor = static_cast<std::int16_t>(words[point.factor]);
  if (raw == (has_sign ? 0x8000 : 0xFFFF) || factor > 0 || factor < -widest_factor) return {};
  return Decimal{has_sign ? static_cast<std::int16_t>(raw) : raw, static_cast<std::int8_t>(factor)};
}

std::optional<int> factor_of(const Point& point, Words words) {
  if (point.factor == 0) return 0;
  if (point.factor >= words.size() || words[point.factor] == no_factor) return {};
  const int factor = static_cast<std::int16_t>(words[point.factor]);
  return std::abs(factor) > widest_factor ? std::nullopt : std::optional(factor);
}

std::string text_at(std::size_t at, std::size_t registers, Words words) {
  std::string text;
  for (std::size_t n = at; n < at + registers && n < words.size(); ++n) {
    text += static_cast<char>(words[n] >> 8);
    text += static_cast<char>(words[n] & 0xFF);
  }
  text.resize(std::min(text.find('\0'), text.size()));
  text = printable(text);
  const std::size_t end = text.find_last_not_of(' ');
  text.resize(end == text.npos ? 0 : end + 1);
  return text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
}

Value value_of(const Point& point, std::size_t at, Words words, const PointSettings& settings,
               std::string& scratch) {
  if (point.type >= Type::text4) {
    scratch = text_at(at, registers_of(point.type), words);
    return scratch.empty() ? Value{} : Value{std::string_view(scratch)};
  }
  const auto raw = raw_of(point.type, at, words);
  if (!raw) return {};
  switch (point.type) {
    case Type::enum16:
      return state_of(point, *raw, scratch);
    case Type::bitfield16:
    case Type::bitfield32:
      return bits_of(point, *raw, scratch);
    case Type::flag:
      return (*raw & 1) != 0;
    case Type::float32:
      return float_of(*raw, point.rule, settings.decimals);
    default:
      break;
  }
  if (point.rule == Rule::clock) return Timestamp{epoch + std::chrono::seconds{*raw}};
  const auto factor = factor_of(point, words);
  if (!factor || *raw > INT64_MAX) return {};
  std::int64_t number = number_of(point.type, *raw);
  if (point.type == Type::acc32 && settings.signed_accumulator) {
    const auto magnitude = as_signed(*raw);
    if (!magnitude) return {};
    number = *magnitude;
  }
  const int places = settings.inverted_factor ? -*factor : *factor;
  return scaled(shifted(Decimal{number, 0}, places), point.rule);
}

}  // namespace gridtap::sunspec
