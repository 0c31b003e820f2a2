#include "adapters/kgf/lines.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::kgf {
namespace {

constexpr std::size_t most_digits = 12;
constexpr std::int64_t last_address = 99;
constexpr std::size_t direction_field = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_line_end(char c) { return c == '\r' || c == '\n'; }
bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; });
}

tl::unexpected<Error> wrong(std::string detail) {
  return failed(Fault::bad_syntax, std::move(detail));
}

// The number up to the next comma, which it takes as well.
Result<std::int64_t> take_number(std::string_view& rest) {
  const std::size_t size = std::min(rest.find(','), rest.size());
  const std::string_view digits = rest.substr(0, size);
  rest.remove_prefix(std::min(size + 1, rest.size()));
  if (digits.empty()) return wrong("an empty field");
  if (digits.size() > most_digits) return wrong("a field of more than 12 digits");
  std::int64_t value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return wrong("a field is not a number: " + std::string(digits));
    value = 10 * value + (c - '0');
  }
  return value;
}

std::int64_t checksum(std::int64_t sum) { return sum % 255 + 1; }

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

std::optional<Error> form_problem(const Answer& answer) {
  const auto unsupported = [](std::string detail) {
    return Error{Fault::unsupported, std::move(detail)};
  };
  const std::string fields = std::to_string(answer.count) + " fields";
  switch (answer.number) {
    case r_identity:
      return answer.count < 3 ? std::optional(unsupported("R00 of " + fields)) : std::nullopt;
    case r_measurements:
      if (answer.count != fields_of_kg && answer.count != fields_of_kh) {
        return unsupported("R50 of " + fields);
      }
      if (answer.values[direction_field] <= 1) return {};
      return Error{Fault::out_of_range, "the direction of the current is neither 0 nor 1"};
    case r_settings:
      return answer.count < 14 ? std::optional(unsupported("R51 of " + fields)) : std::nullopt;
    default:
      return unsupported("an answer to R" + two_digits(answer.number));
  }
}

Result<std::optional<Answer>> parse_fields(std::string_view rest, Answer answer) {
  const bool whole = rest.ends_with(',');
  const auto address = take_number(rest);
  if (!address) return tl::unexpected(address.error());
  if (*address > last_address) return wrong("address " + std::to_string(*address));
  const auto sent = take_number(rest);
  if (!sent) return tl::unexpected(sent.error());
  std::int64_t sum = 0;
  while (!rest.empty()) {
    const auto value = take_number(rest);
    if (!value) return tl::unexpected(value.error());
    sum += *value;
    if (answer.count < most_fields) answer.values[answer.count++] = *value;
  }
  if (!whole) return failed(Fault::truncated, "the last comma is missing");
  if (*sent != 0 && *sent != checksum(sum)) {
    return failed(Fault::bad_checksum, "checksum " + std::to_string(*sent) + ", computed " +
                                           std::to_string(checksum(sum)));
  }
  answer.address = static_cast<int>(*address);
  if (auto problem = form_problem(answer)) return tl::unexpected(*std::move(problem));
  return answer.address == 0 ? std::nullopt : std::optional(answer);
}

}  // namespace

// The display asks on the same pair of wires, so its requests (`:R50=1,2,1,`) arrive between the
// answers and are no error. Two that were sent at once overlap: the bytes of one with the end of
// the other, or characters above 7E. Only the form is judged here; the checksum of an answer to R
// by parse_fields(), and the data of one to W not at all, as its meaning is not known.
Result<std::optional<Answer>> parse_line(std::string_view line) {
  if (line.size() > 1 && (line[1] == 'R' || line[1] == 'W')) return std::nullopt;
  if (!is_printable(line)) {
    return failed(Fault::noise, "a character that is not printable ASCII");
  }
  const bool headed = line.size() > 5 && (line[1] == 'r' || line[1] == 'w') && is_digit(line[2]) &&
                      is_digit(line[3]) && line[4] == '=';
  if (!headed) return wrong("no answer begins like this: " + std::string(line.substr(0, 8)));
  Answer answer;
  answer.write = line[1] == 'w';
  answer.number = 10 * (line[2] - '0') + (line[3] - '0');
  std::string_view rest = line.substr(5);
  if (!answer.write) return parse_fields(rest, answer);
  const auto address = take_number(rest);
  if (!address) return tl::unexpected(address.error());
  answer.address = static_cast<int>(std::min(*address, last_address + 1));
  return std::optional(answer);
}

std::string answer_line(char letter, int number, int address,
                        std::span<const std::int64_t> values) {
  std::int64_t sum = 0;
  std::string data;
  for (const std::int64_t value : values) {
    sum += value;
    (data += std::to_string(value)) += ',';
  }
  return std::string(":") + letter + two_digits(number) + '=' + std::to_string(address) + ',' +
         std::to_string(checksum(sum)) + ',' + data + "\r\n";
}

std::string read_request(int number, int address) {
  constexpr std::int64_t one = 1;
  return answer_line('R', number, address, {&one, 1});
}

std::string write_request(int number, int address, std::int64_t value) {
  return answer_line('W', number, address, {&value, 1});
}

std::optional<LineReader::Piece> LineReader::next(ByteView& bytes) {
  while (!bytes.empty()) {
    const char c = static_cast<char>(bytes[0]);
    if (c == ':' && line_ == ":") {  // a line that was not begun is no line that was cut
      bytes = bytes.subspan(1);
      continue;
    }
    if (c == ':' && (!line_.empty() || stray_ > 0)) return flush();
    bytes = bytes.subspan(1);
    if (!line_.empty() && is_line_end(c)) {
      return line_ended(c);
    }
    if (c == ':' || !line_.empty()) {
      line_ += c;
      if (line_.size() <= longest_line) continue;
      stray_ = line_.size();
      overlong_ = is_printable(line_);
      line_.clear();
    } else if (stray_ > 0 || !is_line_end(c)) {
      ++stray_;
    }
    if (stray_ >= Noise::chunk) return flush();
  }
  return {};
}

// A meter ends its line by CR LF: the LF follows, and belongs to it.
LineReader::Piece LineReader::line_ended(char by) {
  given_ = std::exchange(line_, {});
  const std::size_t size = given_.size();
  given_ += by == '\r' ? "\r\n" : "\n";
  return {Kind::line, std::string_view(given_).substr(0, size), size + 1, given_};
}

std::optional<LineReader::Piece> LineReader::end() {
  if (line_.empty() && stray_ == 0) return {};
  return flush();
}

std::optional<LineReader::Piece> LineReader::flush() {
  if (!line_.empty()) {
    given_ = std::exchange(line_, {});
    return Piece{Kind::cut, given_, given_.size(), given_};
  }
  const Kind kind = std::exchange(overlong_, false) ? Kind::overlong : Kind::noise;
  return Piece{kind, {}, std::exchange(stray_, 0)};
}

}  // namespace gridtap::kgf
