#include "adapters/p1/objects.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "adapters/p1/fields.hpp"
#include "adapters/p1/values.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::size_t joined_capacity = 16 * 1024;  // of all joined lines: above any telegram

// Reads 0 to 255 at the front; returns -1 if there is no such number.
int take_byte(const char*& at, const char* end) {
  int value = 0;
  const char* const begin = at;
  while (at != end && *at >= '0' && *at <= '9' && at - begin < 3)
    value = value * 10 + (*at++ - '0');
  return at == begin || value > 255 ? -1 : value;
}

bool take_char(const char*& at, const char* end, char wanted) {
  if (at == end || *at != wanted) return false;
  ++at;
  return true;
}

bool take_part(const char*& at, const char* end, std::uint8_t& part) {
  const int value = take_byte(at, end);
  part = static_cast<std::uint8_t>(value);
  return value >= 0;
}

// "A-B:C.D.E", and ".F" or "*F" if present.
bool take_code(const char*& at, const char* end, Object& object) {
  const bool five =
      take_part(at, end, object.a) && take_char(at, end, '-') && take_part(at, end, object.b) &&
      take_char(at, end, ':') && take_part(at, end, object.c) && take_char(at, end, '.') &&
      take_part(at, end, object.d) && take_char(at, end, '.') && take_part(at, end, object.e);
  if (!five) return false;
  object.f = 255;
  if (take_char(at, end, '.') || take_char(at, end, '*')) return take_part(at, end, object.f);
  return true;
}

Fact fact_of(const Object& object) {
  const bool own = object.b == 0, first = object.a == 1 && object.b == 1;  // some count from 1
  if (object.f != 255 || !(own || first)) return Fact::none;
  switch (packed(object)) {
    case packed(0, 1, 0, 0):
      return Fact::time;
    case id_codes[0]:
    case id_codes[1]:
    case id_codes[2]:
    case id_codes[3]:
    case id_codes[4]:
      return own ? Fact::id : Fact::none;
    case packed(1, 0, 2, 0):
      return Fact::firmware;
    case packed(0, 96, 1, 4):
      return Fact::belgian;
    case packed(1, 0, 8, 2):
    case packed(1, 1, 5, 0):
      return Fact::lithuanian;
    case packed(1, 1, 8, 0):
      return Fact::total;
    case packed(1, 1, 8, 1):
      return Fact::tariff_1;
    case packed(1, 1, 7, 0):
      return Fact::power;
    case packed(1, 2, 7, 0):
    case packed(1, 22, 7, 0):
    case packed(1, 42, 7, 0):
    case packed(1, 62, 7, 0):
      return Fact::export_power;
    default:
      return Fact::none;
  }
}

// F = 255 is the current value, and goes without saying.
std::string_view without_current(std::string_view code) {
  const std::size_t size = code.size();
  const bool said = size > 4 && code.ends_with("255") && code.find(':') < size - 4 &&
                    (code[size - 4] == '*' ||
                     (code[size - 4] == '.' && std::count(code.begin(), code.end(), '.') == 3));
  return said ? code.substr(0, size - 4) : code;
}

// Groups and spaces between them, to the end.
bool well_bracketed(std::string_view groups) {
  while (take_group(groups)) {
  }
  return groups.empty();
}

bool has_open_bracket(std::string_view line) {
  return std::count(line.begin(), line.end(), '(') > std::count(line.begin(), line.end(), ')');
}

// Which bytes of two words belong to a code of that many characters and its bracket.
using Words = std::array<std::uint64_t, 2>;
const std::array<Words, sizeof(Words)> masks = [] {
  std::array<Words, sizeof(Words)> all{};
  for (std::size_t size = 0; size < all.size(); ++size) {
    std::memset(all[size].data(), 0xFF, size + 1);
  }
  return all;
}();

// The next line without its end; an LF with all CRs before it is one line end, a CR alone is one.
std::string_view take_line(std::string_view& rest) {
  const auto* cr = static_cast<const char*>(std::memchr(rest.data(), '\r', rest.size()));
  const std::size_t reach =
      cr != nullptr ? static_cast<std::size_t>(cr - rest.data()) : rest.size();
  const auto* lf = static_cast<const char*>(std::memchr(rest.data(), '\n', reach));
  std::size_t length = lf != nullptr ? static_cast<std::size_t>(lf - rest.data()) : reach;
  const std::string_view line = rest.substr(0, length);
  while (length < rest.size() && rest[length] == '\r') ++length;
  if (length < rest.size() && rest[length] == '\n') {
    ++length;
  } else if (lf == nullptr && cr != nullptr) {
    length = line.size() + 1;  // CR CR without LF: two line ends
  }
  rest.remove_prefix(std::min(length, rest.size()));
  return line;
}

// A record of many lines (Hungarian month values): a bare code, `(` alone, whole objects, `)`
// alone. What is inside is not of today, and stays together as the one group of the code. `body`
// begins with the `(`; it is moved behind the `)`, or is left as it is where none follows.
bool take_block(std::string_view line, std::string_view& body, Lines& lines) {
  Object object;
  line = trim(line);
  const char* at = line.data();
  if (!take_code(at, line.data() + line.size(), object) || at != line.data() + line.size()) {
    return false;
  }
  std::string_view rest = body;
  if (trim(take_line(rest)) != "(") return false;
  while (!rest.empty()) {
    const std::string_view inner = take_line(rest);
    if (trim(inner) != ")") continue;
    object.code = without_current(line);
    object.groups = {body.data(), inner.data() + inner.size()};
    lines.objects.push_back(object);
    body = rest;
    return true;
  }
  return false;
}

void take(std::string_view line, Lines& lines) {
  if (lines.objects.size() + lines.odd.size() >= Lines::max) {
    lines.left_bytes += line.size();
    return;
  }
  if (line.empty()) return;
  Object object;
  if (line.size() <= max_line && parse_object(line, object)) {
    object.field = find_field(object);
    object.fact = fact_of(object);
    lines.objects.push_back(object);
  } else {
    lines.odd.push_back(line);
  }
}

// The first `)` or LF, or `end`. Nothing else below `*` is usual in a group, so words without such
// a character are stepped over; most groups are two words long, too short to call memchr twice.
const char* bracket_or_line_end(const char* at, const char* end) {
  constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
  for (std::uint64_t word; at != end; ++at) {
    while (std::endian::native == std::endian::little && end - at >= 8) {
      std::memcpy(&word, at, sizeof word);
      const std::uint64_t below = (word - ones * '*') & ~word & tops;
      at += below == 0 ? 8 : std::countr_zero(below) / 8;
      if (below != 0) break;
    }
    if (at == end || *at == ')' || *at == '\n') break;
  }
  return at;
}

}  // namespace

bool begins_object(std::string_view line) {
  Object object;
  const char* at = line.data();
  const char* const end = at + line.size();
  if (!take_code(at, end, object)) return false;
  while (at != end && is_blank(*at)) ++at;
  return at != end && *at == '(';
}

bool parse_object(std::string_view line, Object& object) {
  line = trim(line);
  const char* at = line.data();
  const char* const end = at + line.size();
  if (!take_code(at, end, object)) return false;
  object.code = without_current(line.substr(0, static_cast<std::size_t>(at - line.data())));
  object.groups = trim({at, static_cast<std::size_t>(end - at)});
  std::string_view groups = object.groups;
  object.first = take_group(groups).value_or("");
  return object.groups.starts_with('(') && well_bracketed(object.groups);
}

std::optional<std::string_view> take_group(std::string_view& groups) {
  const char* at = groups.data();
  const char* const end = at + groups.size();
  while (at != end && is_blank(*at)) ++at;
  if (at == end || *at != '(') return {};
  ++at;
  const bool doubled = at != end && *at == '(';
  if (doubled) ++at;
  const char* const begin = at;
  while (at != end && (*at != ')' || (doubled && (end - at < 2 || at[1] != ')')))) ++at;
  if (at == end) return {};
  const std::string_view group(begin, static_cast<std::size_t>(at - begin));
  at += doubled ? 2 : 1;
  groups = {at, static_cast<std::size_t>(end - at)};
  return group;
}

void Objects::split(std::string_view body, Lines& lines) {
  lines.objects.reserve(known_.size());
  joined_count_ = joined_size_ = 0;
  std::string_view line;  // seen, but the next one may belong to it
  while (!body.empty()) {
    if (line.empty() && take_whole_line(body, lines)) continue;
    if (!line.empty() && lines.objects.size() < Lines::max && take_block(line, body, lines)) {
      line = {};
      continue;
    }
    std::string_view rest = body;
    const std::string_view next = take_line(rest);
    const bool belongs = !line.empty() && !next.empty() &&
                         ((has_open_bracket(line) && !begins_object(next)) ||
                          (next.front() == '(' && begins_object(line)));
    if (belongs && joined_size_ + line.size() + next.size() <= joined_capacity) {
      line = joined(line, next);
    } else if (line.empty() || next.empty()) {
      if (!next.empty()) line = next;
    } else {
      take(line, lines);
      line = {};
      continue;  // the next one is complete by itself: parsed anew
    }
    body = rest;
  }
  take(line, lines);
  if (known_.size() < known_.capacity()) known_.shrink_to_fit();  // it is the size of a telegram
}

// Few meters break lines; those that do, break the same ones every time.
std::string_view Objects::joined(std::string_view line, std::string_view next) {
  if (joined_count_ == joined_.size()) joined_.push_back(std::make_unique<std::string>());
  std::string& text = *joined_[joined_count_++];  // `line` may be the one before: it stays
  (text = line) += next;
  joined_size_ += text.size();
  return text;
}

// Nearly every line is a code, groups and CR LF, and nothing of it follows: one pass does it all.
// For anything else nothing is taken.
bool Objects::take_whole_line(std::string_view& body, Lines& lines) {
  const char* const end = body.data() + body.size();
  const std::size_t place = lines.objects.size();
  const Known* const known = place < Lines::max ? known_code(body, place) : nullptr;
  if (known == nullptr) return false;
  const char* const groups = body.data() + known->code_size;
  const char* at = groups;
  const char* first_end = nullptr;
  while (*at == '(') {
    if (at[1] == '(') return false;
    at = bracket_or_line_end(at + 1, end);
    if (end - at < 3 || *at != ')') return false;
    if (first_end == nullptr) first_end = at;
    ++at;
  }
  const auto length = static_cast<std::size_t>(at - body.data());
  const bool whole = at[0] == '\r' && at[1] == '\n' && (end - at == 2 || at[2] != '(');
  const auto size = static_cast<std::size_t>(at - groups);
  if (!whole || length > max_line) return false;
  using View = std::string_view;
  lines.objects.emplace_back(known->code, View(body.data(), known->shown_size), View(groups, size),
                             View(groups + 1, first_end), known->field);
  body.remove_prefix(length + 2);
  return true;
}

// The code in front of `body` and of a bracket; null where none stands there.
const Objects::Known* Objects::known_code(std::string_view body, std::size_t place) {
  if (place == known_.size()) known_.emplace_back();
  Known& known = known_[place];
  Words words;
  if (body.size() < sizeof words) return nullptr;
  std::memcpy(words.data(), body.data(), sizeof words);
  const Words& mask = masks[known.code_size];
  const std::uint64_t changed =
      ((words[0] ^ known.text[0]) & mask[0]) | ((words[1] ^ known.text[1]) & mask[1]);
  if (changed == 0 && known.code_size > 0) return &known;
  const char* at = body.data();
  Object read;
  if (!take_code(at, at + sizeof words - 1, read) || read.f != 255 || *at != '(') return nullptr;
  const std::string_view code(body.data(), at);
  known.code_size = code.size() & 0xF;  // shorter than its words
  known.shown_size = without_current(code).size() & 0xF;
  known.text = words;
  known.field = find_field(read);
  read.fact = fact_of(read);
  known.code = read;
  return &known;
}

}  // namespace gridtap::p1
