#include "config/yaml_slips.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace gridtap::config {
namespace {

// A line that holds more than a comment.
struct Line {
  int number;
  std::size_t indent;
  std::string_view text;  // behind the indentation

  Problem problem(std::string what) const {
    return {{number, static_cast<int>(indent) + 1}, "", std::move(what)};
  }
  bool opens_map() const { return text.ends_with(':'); }
};
using Lines = std::vector<Line>;

std::string line_name(const Line& line) { return "line " + std::to_string(line.number); }

// Without the comment and the spaces at the end of a line.
std::string_view content_of(std::string_view text) {
  if (const std::size_t mark = text.find(" #"); mark != text.npos) text = text.substr(0, mark);
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

// The lines up to and with this number.
Lines lines_of(std::string_view text, int last) {
  Lines lines;
  for (int number = 1; number <= last && !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    const std::string_view content = content_of(line.substr(indent));
    if (!content.empty() && content.front() != '#') lines.push_back({number, indent, content});
  }
  return lines;
}

// Where a quote opens that is not closed on its line. A quote within a word does not count.
std::optional<std::size_t> open_quote(std::string_view text) {
  char open = 0;
  std::size_t at = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    if (open == '"' && c == '\\') {
      ++n;
    } else if (open != 0) {
      if (c == open) open = 0;
    } else if ((c == '"' || c == '\'') && (n == 0 || text.find_first_of(" [{,", n - 1) == n - 1)) {
      open = c;
      at = n;
    }
  }
  return open != 0 ? std::optional(at) : std::nullopt;
}

std::optional<Problem> unclosed_quote(const Lines& lines) {
  for (const Line& line : lines) {
    if (const auto at = open_quote(line.text)) {
      Line from = line;
      from.indent += *at;
      return from.problem("the quote that opens here is not closed on this line");
    }
  }
  return {};
}

std::optional<Problem> foreign_comment(const Lines& lines) {
  for (const Line& line : lines) {
    const std::size_t at = line.text.starts_with("//") ? 0 : line.text.find(" //");
    if (at == line.text.npos) continue;
    Line from = line;
    from.indent += at == 0 ? 0 : at + 1;
    return from.problem("a comment begins with #, not //");
  }
  return {};
}

// Where the key of a line ends, at its colon.
std::optional<std::size_t> key_end(const Line& line) {
  const std::size_t end = line.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
  const bool is_key = end != line.text.npos && end > 0 && line.text[end] == ':';
  return is_key ? std::optional(end) : std::nullopt;
}

// "adapter:p1"
bool is_joined(const Line& line) {
  const auto end = key_end(line);
  if (!end) return false;
  const std::string_view rest = line.text.substr(*end + 1);
  return !rest.empty() && rest.front() != ' ' && !rest.starts_with("//");
}

Problem joined_problem(const Line& line) {
  return line.problem("a space is missing after the colon: write `" +
                      std::string(line.text.substr(0, *key_end(line))) + ": ...`");
}

std::optional<Problem> joined_key(const Lines& lines) {
  const auto found = std::find_if(lines.begin(), lines.end(), is_joined);
  if (found == lines.end()) return {};
  return joined_problem(*found);
}

// The last line is deeper than the one before, which has a value already.
std::optional<Problem> deeper_line(const Lines& lines) {
  const Line& last = lines.back();
  const Line& before = lines[lines.size() - 2];
  if (last.indent <= before.indent || before.opens_map() || before.text.front() == '-') return {};
  if (before.text.find_first_of(": ") == before.text.npos) {
    return before.problem("a colon is missing at the end of " + line_name(before));
  }
  return last.problem(line_name(last) + " is indented deeper than " + line_name(before) +
                      ": begin both in the same column");
}

// A line that goes back to a column in which no line above begins.
std::optional<Problem> odd_column(const Lines& lines) {
  std::vector<std::size_t> columns;
  for (const Line& line : lines) {
    const bool back = !columns.empty() && line.indent < columns.back();
    while (!columns.empty() && line.indent < columns.back()) columns.pop_back();
    const bool known = !columns.empty() && line.indent == columns.back();
    if (back && !known) {
      return line.problem(line_name(line) +
                          " begins in a column of its own: begin it in the same column as the "
                          "lines that it belongs to");
    }
    if (!known) columns.push_back(line.indent);
  }
  return {};
}

// "name: House: the meter"
std::optional<Problem> second_colon(const Lines& lines) {
  const Line& last = lines.back();
  const std::size_t first = last.text.find(": ");
  if (first == last.text.npos) return {};
  const std::size_t value = std::min(last.text.find_first_not_of(' ', first + 1), last.text.size());
  const std::string_view text = last.text.substr(value);
  if (text.empty() || text.find_first_of("\"'[{") == 0) return {};
  if (text.find(": ") == text.npos && !text.ends_with(':')) return {};
  Line from = last;
  from.indent += value;
  return from.problem("a value with a colon and a space must be in quotes");
}

}  // namespace

Problems joined_lines(std::string_view text) {
  Problems problems;
  const Lines lines = lines_of(text, std::numeric_limits<int>::max());
  for (std::size_t n = 1; n < lines.size(); ++n) {
    const bool beside = lines[n].indent == lines[n - 1].indent && key_end(lines[n - 1]);
    const bool below = lines[n].indent > lines[n - 1].indent && lines[n - 1].opens_map();
    if ((beside || below) && is_joined(lines[n])) problems.push_back(joined_problem(lines[n]));
  }
  return problems;
}

std::optional<Problem> yaml_slip(std::string_view text, int line) {
  const Lines lines = lines_of(text, line);
  if (lines.empty()) return {};
  if (const auto slip = unclosed_quote(lines)) return slip;
  if (const auto slip = foreign_comment(lines)) return slip;
  if (const auto slip = joined_key(lines)) return slip;
  if (lines.size() > 1) {
    if (const auto slip = deeper_line(lines)) return slip;
  }
  if (const auto slip = odd_column(lines)) return slip;
  return second_colon(lines);
}

}  // namespace gridtap::config
