#include "io/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "io/made_files.hpp"

namespace gridtap::io {
namespace {

int error_of(int result) { return result == 0 ? 0 : errno; }

int synchronise_at(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (file < 0) return errno;
  const int error = error_of(::fsync(file));
  ::close(file);
  return error;
}

}  // namespace

int RealDisk::create(const std::string& path, int& file) {
  file = make_file(path, O_WRONLY, 0600);
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
  return synchronise_at(path, O_DIRECTORY);
}

int RealDisk::synchronise_file(const std::string& path) { return synchronise_at(path, 0); }

}  // namespace gridtap::io
