#include "io/state_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace gridtap::io {
namespace {

int write_all(Disk& disk, int file, std::string_view text) {
  while (!text.empty()) {
    std::size_t written = 0;
    if (const int error = disk.write(file, text, written)) return error;
    text.remove_prefix(written);
  }
  return 0;
}

int write_file(Disk& disk, const std::string& path, const std::string& rows) {
  int file = -1;
  if (const int error = disk.create(path, file)) return error;
  int error = write_all(disk, file, first_line_of(rows));
  if (error == 0) error = write_all(disk, file, rows);
  if (error == 0) error = disk.synchronise(file);
  disk.close(file);
  if (error != 0) disk.remove(path);
  return error;
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

std::string write_state_on(Disk& disk, const std::string& directory, const std::string& path,
                           const std::string& rows) {
  if (rows.size() > max_state_file - 64) {
    return "more than " + std::to_string(max_state_file) + " bytes";
  }
  const std::string fresh = path + ".new";
  disk.remove(fresh);
  int error = write_file(disk, fresh, rows);
  if (error == 0) {
    disk.rename(path, path + ".old");  // there is none yet at the first time
    error = disk.rename(fresh, path);
  }
  if (error != 0) return std::strerror(error);
  disk.synchronise_directory(directory);
  return {};
}

std::string write_state(const std::string& directory, const std::string& path,
                        const std::string& rows) {
  RealDisk disk;
  return write_state_on(disk, directory, path, rows);
}

}  // namespace gridtap::io
