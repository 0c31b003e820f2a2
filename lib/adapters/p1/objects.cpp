#include "adapters/p1/objects.hpp"

#include <algorithm>
#include <cstring>

namespace gridtap::p1 {
namespace {

constexpr std::size_t joined_capacity = 16 * 1024;  // above any telegram: views must not move

// Reads 0 to 255 at the front; -1 where there is none.
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

// "A-B:C.D.E", and ".F" or "*F" where it stands there.
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

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Groups and blanks between them, to the end.
bool well_bracketed(std::string_view groups) {
  while (take_group(groups)) {
  }
  return groups.empty();
}

bool has_open_bracket(std::string_view line) {
  return std::count(line.begin(), line.end(), '(') > std::count(line.begin(), line.end(), ')');
}

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
  line = trimmed(line);
  const char* at = line.data();
  const char* const end = at + line.size();
  if (!take_code(at, end, object)) return false;
  object.code = {line.data(), static_cast<std::size_t>(at - line.data())};
  object.groups = trimmed({at, static_cast<std::size_t>(end - at)});
  return object.groups.starts_with('(') && well_bracketed(object.groups);
}

std::optional<std::string_view> take_group(std::string_view& groups) {
  while (!groups.empty() && is_blank(groups.front())) groups.remove_prefix(1);
  if (groups.empty() || groups.front() != '(') return {};
  const bool doubled = groups.size() > 1 && groups[1] == '(';
  const std::size_t begin = doubled ? 2 : 1;
  const std::size_t end = doubled ? groups.find("))", begin) : groups.find(')', begin);
  if (end == groups.npos) return {};
  const std::string_view group = groups.substr(begin, end - begin);
  groups.remove_prefix(end + begin);
  return group;
}

void Objects::split(std::string_view body) {
  objects_.clear();
  odd_.clear();
  joined_.clear();
  joined_.reserve(joined_capacity);
  std::string_view line;
  while (!body.empty()) {
    std::string_view next = take_line(body);
    if (next.empty()) continue;
    const bool belongs = !line.empty() && ((has_open_bracket(line) && !begins_object(next)) ||
                                           (next.front() == '(' && begins_object(line)));
    if (belongs && joined_.size() + line.size() + next.size() <= joined_capacity) {
      const std::size_t begin = joined_.size();
      (joined_ += line) += next;
      line = std::string_view(joined_).substr(begin);
      continue;
    }
    take(line);
    line = next;
  }
  take(line);
}

void Objects::take(std::string_view line) {
  if (line.empty() || objects_.size() + odd_.size() >= max_objects) return;
  Object object;
  if (line.size() <= max_line && parse_object(line, object)) {
    objects_.push_back(object);
  } else {
    odd_.push_back(line);
  }
}

}  // namespace gridtap::p1
