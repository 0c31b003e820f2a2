#include "io/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gridtap::io {
namespace {

tl::unexpected<Error> cannot_read(const std::string& path, const std::string& why) {
  return failed(Fault::io, "cannot read " + path + ": " + why);
}

std::string reason(int error) {
  if (error == ENOENT) return "no such file";
  if (error == EACCES) {
    return "permission denied: the user that runs gridtap must be its owner or of its group";
  }
  return std::strerror(error);
}

Result<std::string> read_all(int fd, const std::string& path) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return cannot_read(path, reason(errno));
  if (!S_ISREG(status.st_mode)) return cannot_read(path, "not a regular file");
  std::string text(max_small_file + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ::ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0) return cannot_read(path, reason(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_small_file) return cannot_read(path, "larger than 64 kB");
  text.resize(size);
  return text;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return cannot_read(path, reason(errno));
  auto text = read_all(fd, path);
  ::close(fd);
  return text;
}

bool readable_by_all(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

}  // namespace gridtap::io
