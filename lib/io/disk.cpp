#include "io/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace gridtap::io {
namespace {

int error_of(int result) { return result == 0 ? 0 : errno; }

}  // namespace

int RealDisk::create(const std::string& path, int& file) {
  file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return file < 0 ? errno : 0;
}

int RealDisk::write(int file, std::string_view bytes, std::size_t& written) {
  const ::ssize_t taken = ::write(file, bytes.data(), bytes.size());
  if (taken <= 0) return taken < 0 ? errno : EIO;
  written = static_cast<std::size_t>(taken);
  return 0;
}

int RealDisk::synchronise(int file) { return error_of(::fsync(file)); }

void RealDisk::close(int file) { ::close(file); }

int RealDisk::remove(const std::string& path) { return error_of(::unlink(path.c_str())); }

int RealDisk::rename(const std::string& from, const std::string& to) {
  return error_of(std::rename(from.c_str(), to.c_str()));
}

int RealDisk::synchronise_directory(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return errno;
  const int error = error_of(::fsync(directory));
  ::close(directory);
  return error;
}

}  // namespace gridtap::io
