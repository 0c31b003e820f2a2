#include "io/state_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "io/made_files.hpp"

namespace gridtap::io {
namespace {

// The lock file holds the number of the process that has it.
void sign(int lock) {
  const std::string pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(lock, 0) == 0) static_cast<void>(::pwrite(lock, pid.data(), pid.size(), 0));
}

std::string holder(int lock) {
  char text[16];
  const ::ssize_t size = ::pread(lock, text, sizeof text, 0);
  const std::string_view said(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string_view digits = said.substr(0, said.find_first_not_of("0123456789"));
  return digits.empty() ? "of unknown pid" : "pid " + std::string(digits);
}

}  // namespace

StateLock::Attempt StateLock::take(const std::string& directory) {
  const std::string path = directory + "/lock";
  int file = make_file(path, O_RDWR, 0600);
  if (file < 0 && errno == EEXIST) file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return {.error = errno};
  StateLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) return {.holder = holder(file)};
  sign(file);
  return {.lock = std::move(lock)};
}

StateLock::~StateLock() {
  if (file_ >= 0) ::close(file_);
}

StateLock::StateLock(StateLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

StateLock& StateLock::operator=(StateLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

}  // namespace gridtap::io
