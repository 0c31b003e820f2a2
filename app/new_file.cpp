#include "app/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace gridtap::app {

namespace {

namespace fs = std::filesystem;

// A link is followed.
std::string place_of(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  return error ? path : real.string();
}

// What is no file, as /dev/stdout or a FIFO, is written into as it is.
std::string fresh_of(const std::string& path) {
  std::error_code error;
  const fs::file_status found = fs::status(path, error);
  if (fs::exists(found) && !fs::is_regular_file(found)) return path;
  std::string fresh = path + ".new";
  fs::remove(fresh, error);  // it may be a link that leads elsewhere
  return fresh;
}

}  // namespace

NewFile::NewFile(const std::string& path)
    : path_(place_of(path)),
      fresh_(fresh_of(path_)),
      file_(::open(fresh_.c_str(), O_WRONLY | O_CLOEXEC | (is_beside() ? O_CREAT | O_EXCL : 0),
                   0666)),
      error_(file_ < 0 ? errno : 0),
      is_half_(file_ >= 0 && is_beside()),
      output_(file_) {}

NewFile::~NewFile() {
  if (file_ >= 0) ::close(file_);
  if (is_half_) std::remove(fresh_.c_str());
}

// A disk may say that it is full only when it has to write, or at the close.
int NewFile::finish() {
  output_.stream().flush();
  if (output_.error() != 0) return output_.error();
  if (is_half_ && ::fsync(file_) != 0) return errno;
  if (::close(std::exchange(file_, -1)) != 0) return errno;
  if (is_half_ && std::rename(fresh_.c_str(), path_.c_str()) != 0) return errno;
  is_half_ = false;
  return 0;
}

std::string NewFile::keep() {
  if (error_ == 0) error_ = finish();
  return error_ == 0 ? "" : "cannot write " + path_ + ": " + std::strerror(error_);
}

std::string overwritten_problem(const std::string& path, const std::vector<std::string>& read) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};
  const auto same = std::find_if(read.begin(), read.end(), [&](const std::string& each) {
    return fs::equivalent(path, each, error);
  });
  return same == read.end() ? ""
                            : "--output " + path + ": it would be written over " + *same +
                                  ", which is read: choose another name";
}

}  // namespace gridtap::app
