#pragma once
// A state directory is used by one gridtap at a time: the daemon, or a command that changes what
// the daemon keeps. The lock ends with the process, however that ends.

#include <optional>
#include <string>

namespace gridtap::io {

class StateLock {
 public:
  struct Attempt;
  static Attempt take(const std::string& directory);

  ~StateLock();
  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&& other) noexcept;

 private:
  explicit StateLock(int file) : file_(file) {}
  int file_;
};

// Either the lock, or who has it ("pid 4711"), or the error number of errno.h why there is none: no
// such directory, no permission, a full disk.
struct StateLock::Attempt {
  std::optional<StateLock> lock = {};
  std::string holder = {};
  int error = 0;
};

}  // namespace gridtap::io
