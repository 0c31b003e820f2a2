#include "config/source_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "core/json_text.hpp"

namespace gridtap::config {
namespace {

constexpr std::size_t max_odd_lines = 20;

tl::unexpected<Error> cannot_read(std::string why) { return failed(Fault::io, std::move(why)); }

Result<std::string> read_all(int fd) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return cannot_read(std::strerror(errno));
  if (S_ISDIR(status.st_mode)) return cannot_read("a directory, not a file");
  if (!S_ISREG(status.st_mode)) return cannot_read("not a regular file");
  std::string text(max_file_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ::ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0) return cannot_read(std::strerror(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_file_bytes) {
    return cannot_read("larger than " + std::to_string(max_file_bytes / 1024) +
                       " kB: not a configuration file");
  }
  text.resize(size);
  return text;
}

std::string reason(int error) {
  if (error == ENOENT) return "no such file: copy config.example.yaml there, and edit it";
  if (error == EACCES) {
    return "permission denied: run it as the user that may read it: sudo -u gridtap gridtap ...";
  }
  return std::strerror(error);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

Problem problem_at(std::size_t line, std::size_t column, std::string text) {
  return {{static_cast<int>(line), static_cast<int>(column) + 1}, "", std::move(text)};
}

// Where more brackets open in a row than maps and lists may be in each other.
std::size_t too_deep(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] == ' ') continue;
    depth = text[n] == '[' || text[n] == '{' ? depth + 1 : 0;
    if (depth > max_depth) return n;
  }
  return text.npos;
}

// Editors of Windows call it "Unicode": a mark in front, or every other byte of plain text a zero.
bool is_utf16(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
  constexpr std::size_t looked_at = 64;
  const std::string_view head = text.substr(0, std::min(looked_at, text.size() & ~std::size_t{1}));
  const auto zeros = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\0'));
  return head.size() >= 4 && zeros * 5 >= head.size() * 2;
}

// What is odd in one line, without its line end.
std::optional<Problem> odd_character(std::string_view text, std::size_t line) {
  if (const std::size_t bad = valid_utf8(text); bad < text.size()) {
    return problem_at(line, bad, "not UTF-8: save the file as UTF-8");
  }
  if (const std::size_t deep = too_deep(text); deep != text.npos) {
    return problem_at(line, deep,
                      "nested too deep: at most " + std::to_string(max_depth) + " levels");
  }
  const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] == '\t' && n != indent) continue;
    if (text[n] == '\t') return problem_at(line, n, "a tab in the indentation: use spaces");
    if (is_control(text[n])) {
      return problem_at(line, n, "a control character: not a plain text file");
    }
  }
  return {};
}

}  // namespace

Result<std::string> read_source(const std::string& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return cannot_read(reason(errno));
  auto text = read_all(fd);
  ::close(fd);
  return text;
}

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

bool check_characters(std::string_view text, Problems& problems) {
  if (is_utf16(text)) {
    problems.push_back({{1, 1}, "", "this is UTF-16: save the file as UTF-8"});
    return false;
  }
  std::size_t found = 0, line = 1;
  for (; !text.empty() && found < max_odd_lines; ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.ends_with('\r')) content.remove_suffix(1);
    if (auto odd = odd_character(content, line)) {
      problems.push_back(std::move(*odd));
      ++found;
    }
  }
  if (found == max_odd_lines && !text.empty()) {
    problems.push_back(
        {{static_cast<int>(line), 1}, "", "too many odd lines: what follows is not read"});
  }
  return found == 0;
}

bool is_odd_text(std::string_view text) {
  return valid_utf8(text) < text.size() || std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace gridtap::config
