#include "io/state_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace gridtap::io {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t written = ::write(fd, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void synchronise_directory(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

std::optional<std::string> content_of(const std::string& path, std::error_code& error) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) {
    error.assign(errno, std::generic_category());
    return {};
  }
  std::string text;
  char piece[4096];
  ::ssize_t got = 0;
  while (text.size() <= max_state_file && (got = ::read(fd, piece, sizeof piece)) > 0) {
    text.append(piece, static_cast<std::size_t>(got));
  }
  if (got < 0) error.assign(errno, std::generic_category());
  ::close(fd);
  return error ? std::nullopt : std::optional(std::move(text));
}

std::string write_state(const std::string& directory, const std::string& path,
                        const std::string& rows) {
  if (rows.size() > max_state_file - 64) {
    return "more than " + std::to_string(max_state_file) + " bytes";
  }
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return std::strerror(errno);
  const bool written =
      write_all(fd, first_line_of(rows)) && write_all(fd, rows) && ::fsync(fd) == 0;
  std::string why = written ? "" : std::strerror(errno);
  ::close(fd);
  if (!written) {
    ::unlink(fresh.c_str());
    return why;
  }
  std::rename(path.c_str(), (path + ".old").c_str());
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return std::strerror(errno);
  synchronise_directory(directory);
  return {};
}

}  // namespace gridtap::io
