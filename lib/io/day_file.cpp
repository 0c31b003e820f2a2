#include "io/day_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/iso_time.hpp"

namespace gridtap::io {
namespace {

constexpr std::size_t longest_line = 64 * 1024;  // of a file that is continued
constexpr std::string_view ending = ".csv";
constexpr std::size_t date = 10;  // characters

// Nothing: it cannot be read.
std::optional<std::string> bytes_at(int file, ::off_t from, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const ::ssize_t got =
        ::pread(file, bytes.data() + have, size - have, from + static_cast<::off_t>(have));
    if (got <= 0) return {};
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

// What a power cut has left of a last line goes. False: it is no text of lines.
bool cut_torn_line(int file, ::off_t size) {
  const ::off_t from = std::max<::off_t>(size - static_cast<::off_t>(longest_line), 0);
  const auto tail = bytes_at(file, from, static_cast<std::size_t>(size - from));
  if (!tail) return false;
  const std::size_t end = tail->rfind('\n');
  if (end == tail->npos && from > 0) return false;
  const ::off_t whole = end == tail->npos ? 0 : from + static_cast<::off_t>(end) + 1;
  return whole == size || ::ftruncate(file, whole) == 0;
}

bool is_head(std::string_view line) {
  return line.starts_with("time,") && line.find('\r') == line.npos;
}

}  // namespace

OpenFile::~OpenFile() {
  if (file_ >= 0) ::close(file_);
}

DayName day_name(std::string_view file) {
  const std::string_view day = file.substr(0, date);
  if (!file.ends_with(ending) || file.size() < date + ending.size() || !parse_iso_date(day)) {
    return {};
  }
  const std::string_view middle = file.substr(date, file.size() - date - ending.size());
  if (middle.empty()) return {day, 1};
  unsigned part = 0;
  const char* const end = middle.data() + middle.size();
  const auto [rest, error] = std::from_chars(middle.data() + 1, end, part);
  const bool fits = middle.front() == '.' && error == std::errc() && rest == end && part > 1 &&
                    part <= max_day_parts && middle[1] != '0';
  return fits ? DayName{day, part} : DayName{};
}

std::string day_file(const std::string& day, unsigned part) {
  return day + (part > 1 ? '.' + std::to_string(part) : std::string()) + std::string(ending);
}

std::vector<std::string> names_in(int directory) {
  std::vector<std::string> names;
  const int own = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const entries = own < 0 ? nullptr : ::fdopendir(own);
  if (entries == nullptr) {
    if (own >= 0) ::close(own);
    return names;
  }
  while (const dirent* const entry = ::readdir(entries)) names.emplace_back(entry->d_name);
  ::closedir(entries);
  return names;
}

OpenFile open_below(int directory, const std::string& name) {
  return OpenFile(
      ::openat(directory, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// What is no plain file may block: it is not waited for.
DayFile open_day_file(int directory, const std::string& name) {
  OpenFile file(
      ::openat(directory, name.c_str(), O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct ::stat what = {};
  const bool is_file = file && ::fstat(file.number(), &what) == 0 && S_ISREG(what.st_mode);
  if (!is_file || !cut_torn_line(file.number(), what.st_size)) return {};
  if (::fstat(file.number(), &what) != 0) return {};
  if (what.st_size == 0) return {std::move(file), {}};
  const auto most = std::min(static_cast<std::size_t>(what.st_size), longest_line);
  const auto begin = bytes_at(file.number(), 0, most);
  const std::size_t end = begin ? begin->find('\n') : std::string::npos;
  if (end == std::string::npos || !is_head(std::string_view(*begin).substr(0, end))) return {};
  return {std::move(file), begin->substr(0, end)};
}

}  // namespace gridtap::io
