#include "app/new_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

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
    : path_(place_of(path)), fresh_(fresh_of(path_)), stream_(fresh_, std::ios::binary) {
  if (!stream_.is_open()) problem_ = "cannot write " + fresh_ + ": " + std::strerror(errno);
}

NewFile::~NewFile() {
  if (!fresh_.empty() && fresh_ != path_ && stream_.is_open()) std::remove(fresh_.c_str());
}

std::string NewFile::keep() {
  if (!problem_.empty()) return problem_;
  errno = 0;
  stream_.flush();
  if (!stream_) {
    problem_ = "cannot write " + fresh_ + ": " + std::strerror(errno != 0 ? errno : EIO);
  } else if (fresh_ != path_ && std::rename(fresh_.c_str(), path_.c_str()) != 0) {
    problem_ = "cannot write " + path_ + ": " + std::strerror(errno);
  }
  if (problem_.empty()) fresh_.clear();
  return problem_;
}

}  // namespace gridtap::app
