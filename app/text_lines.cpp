#include "app/text_lines.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace gridtap::app {

Result<TextLines> TextLines::open(const std::string& path) {
  const auto cannot = [&](const std::string& why) {
    return failed(Fault::io, "cannot read " + path + ": " + why);
  };
  std::error_code error;
  const auto type = std::filesystem::status(path, error).type();
  if (error) return cannot(error.message());
  if (type == std::filesystem::file_type::directory) return cannot("a directory, not a file");
  if (type != std::filesystem::file_type::regular) return cannot("not a regular file");
  TextLines lines;
  lines.path_ = path;
  lines.stream_.open(path, std::ios::binary);
  if (!lines.stream_.is_open()) return cannot(std::strerror(errno));
  return lines;
}

// A mark in front and ends of lines as in Windows are no part of the text.
std::optional<std::string> TextLines::next() {
  std::string text;
  int c = 0;
  std::streambuf& bytes = *stream_.rdbuf();
  while ((c = bytes.sbumpc()) != std::char_traits<char>::eof() && c != '\n') {
    if (text.size() == longest_line) {
      problem_ = path_ + ':' + std::to_string(line_ + 1) + ": a line of more than " +
                 std::to_string(longest_line / 1024) + " kB: not a table and not a day file";
      return {};
    }
    text += static_cast<char>(c);
  }
  if (c != '\n' && text.empty()) return {};
  if (++line_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace gridtap::app
