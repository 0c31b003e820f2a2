#include "app/new_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace gridtap::app {

NewFile::NewFile(std::string path)
    : path_(std::move(path)), fresh_(path_ + ".new"), stream_(fresh_, std::ios::binary) {
  if (!stream_.is_open()) problem_ = "cannot write " + fresh_ + ": " + std::strerror(errno);
}

NewFile::~NewFile() {
  if (!fresh_.empty() && stream_.is_open()) std::remove(fresh_.c_str());
}

std::string NewFile::keep() {
  if (!problem_.empty()) return problem_;
  errno = 0;
  stream_.flush();
  if (!stream_) {
    problem_ = "cannot write " + fresh_ + ": " + std::strerror(errno != 0 ? errno : EIO);
  } else if (std::rename(fresh_.c_str(), path_.c_str()) != 0) {
    problem_ = "cannot write " + path_ + ": " + std::strerror(errno);
  }
  if (problem_.empty()) fresh_.clear();
  return problem_;
}

}  // namespace gridtap::app
