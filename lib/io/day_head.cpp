#include "io/day_head.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gridtap::io {
namespace {

using Fields = std::vector<std::string_view>;

constexpr auto nowhere = static_cast<std::size_t>(-1);

Fields split(std::string_view line) {
  Fields fields;
  bool is_quoted = false;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '"') is_quoted = !is_quoted;
    if (line[at] != ',' || is_quoted) continue;
    fields.push_back(line.substr(begin, at - begin));
    begin = at + 1;
  }
  fields.push_back(line.substr(begin));
  return fields;
}

bool has(const Fields& fields, std::string_view field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

// Where each column of a head is in another one.
std::vector<std::size_t> places(const Fields& head, const Fields& other) {
  std::vector<std::size_t> all;
  for (const std::string_view column : head) {
    const auto found = std::find(other.begin(), other.end(), column);
    all.push_back(found == other.end() ? nowhere : static_cast<std::size_t>(found - other.begin()));
  }
  return all;
}

}  // namespace

std::string joined_head(std::string_view first, std::string_view second) {
  const Fields known = split(first);
  std::string all(first);
  for (const std::string_view column : split(second)) {
    if (!has(known, column)) (all += ',') += column;
  }
  return all;
}

std::string lines_under(std::string_view head, std::string_view lines,
                        std::string_view their_head) {
  if (head == their_head) return std::string(lines);
  const std::vector<std::size_t> from = places(split(head), split(their_head));
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const Fields fields = split(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    for (std::size_t n = 0; n < from.size(); ++n) {
      if (n > 0) out += ',';
      if (from[n] < fields.size()) out += fields[from[n]];
    }
    out += '\n';
  }
  return out;
}

}  // namespace gridtap::io
