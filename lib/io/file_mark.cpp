#include "io/file_mark.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace gridtap::io {

std::optional<FileMark> FileMark::of(const std::string& path) {
  const int file = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  return file < 0 ? std::nullopt : std::optional(FileMark(file));
}

FileMark::~FileMark() {
  if (file_ >= 0) ::close(file_);
}

FileMark::FileMark(FileMark&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileMark& FileMark::operator=(FileMark&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

bool FileMark::is_at(const std::string& path) const {
  struct ::stat mine = {}, there = {};
  return ::fstat(file_, &mine) == 0 && ::stat(path.c_str(), &there) == 0 &&
         mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

bool FileMark::is_removed() const {
  struct ::stat mine = {};
  return ::fstat(file_, &mine) == 0 && mine.st_nlink == 0;
}

}  // namespace gridtap::io
