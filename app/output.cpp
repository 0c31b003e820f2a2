#include "app/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>

#include "app/exit_status.hpp"

namespace gridtap::app {
namespace {

// A file or a serial port that is opened later must not get the number of standard output.
void take_free_numbers() {
  while (::fcntl(STDERR_FILENO, F_GETFD) < 0 || ::fcntl(STDOUT_FILENO, F_GETFD) < 0) {
    const int fd = ::open("/dev/null", O_RDONLY);
    if (fd < 0 || fd > STDERR_FILENO) return;
  }
}

// Waits where the terminal that we share was made non-blocking by another program.
bool wait_until_writable(int fd) {
  pollfd wanted{fd, POLLOUT, 0};
  return ::poll(&wanted, 1, -1) > 0 || errno == EINTR;
}

}  // namespace

Output::Output(int fd) : fd_(fd) {
  take_free_numbers();
  std::signal(SIGPIPE, SIG_IGN);
  setp(buffer_.begin(), buffer_.end());
}

bool Output::reader_gone() const {
  pollfd wanted{fd_, 0, 0};
  return ::poll(&wanted, 1, 0) > 0 && (wanted.revents & (POLLERR | POLLHUP)) != 0;
}

bool Output::write_out() {
  const char* from = pbase();
  while (error_ == 0 && from < pptr()) {
    const ::ssize_t written = ::write(fd_, from, static_cast<std::size_t>(pptr() - from));
    if (written >= 0) {
      from += written;
    } else if (errno != EINTR && !(errno == EAGAIN && wait_until_writable(fd_))) {
      error_ = errno;
    }
  }
  setp(buffer_.begin(), buffer_.end());
  return error_ == 0;
}

int Output::overflow(int c) {
  if (!write_out()) return traits_type::eof();
  return traits_type::eq_int_type(c, traits_type::eof()) ? traits_type::not_eof(c)
                                                         : sputc(traits_type::to_char_type(c));
}

int Output::sync() { return write_out() ? 0 : -1; }

int Output::ended(int status) {
  stream_.flush();
  if (error_ == 0) return status;
  if (error_ == EPIPE) return exit_good;
  std::cerr << "cannot write to standard output: " << std::strerror(error_) << '\n';
  return exit_output;
}

}  // namespace gridtap::app
