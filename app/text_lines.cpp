#include "app/text_lines.hpp"

#include <algorithm>
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

// More of the file behind what is left of it; false: there is no more.
bool TextLines::fill() {
  bytes_.erase(0, std::exchange(at_, 0));
  const std::size_t left = bytes_.size();
  bytes_.resize(left + longest_line);
  stream_.read(&bytes_[left], longest_line);
  bytes_.resize(left + static_cast<std::size_t>(stream_.gcount()));
  return bytes_.size() > left;
}

// Where the next line ends.
std::size_t TextLines::find_end() {
  std::size_t end = bytes_.find('\n', at_);
  while (end == bytes_.npos && bytes_.size() - at_ <= longest_line) {
    const std::size_t searched = bytes_.size() - at_;
    if (!fill()) break;
    end = bytes_.find('\n', searched);
  }
  return std::min(end, bytes_.size());
}

// A mark in front and ends of lines as in Windows are no part of the text.
std::optional<std::string> TextLines::next() {
  const std::size_t end = find_end();
  if (end - at_ > longest_line) {
    problem_ = path_ + ':' + std::to_string(line_ + 1) + ": a line of more than " +
               std::to_string(longest_line / 1024) + " kB: not a table and not a day file";
    return {};
  }
  if (end == bytes_.size() && end == at_) return {};
  std::string text = bytes_.substr(at_, end - at_);
  is_cut_off_ = end == bytes_.size();
  at_ = std::min(end + 1, bytes_.size());
  if (++line_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace gridtap::app
