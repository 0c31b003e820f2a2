#pragma once
// What tests of lines have in common: a loop that runs until something has happened, or a deadline
// says that it has not; who hears a line; and far ends that misbehave: a terminal that nobody
// reads, a raw server on the loopback, another program, a user without rights.

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "io/pty_line.hpp"
#include "io/system_clock.hpp"
#include "support/scratch.hpp"

namespace gridtap::io {

using namespace std::chrono_literals;

inline constexpr SerialSettings usual{115200, 8, 'N', 1};

struct Heard final : LineEvents {
  void on_open() override { ++opened; }
  void on_bytes(ByteView arrived) override { bytes += as_text(arrived); }
  void on_closed(const Error& why) override {
    ++closed;
    last = why;
  }
  int opened = 0, closed = 0;
  std::string bytes;
  Error last{Fault::io, ""};
};

struct Street {
  Loop loop;
  SystemClock clock{loop};
  Scratch scratch;

  // Runs the loop until it is so; false after a deadline.
  bool until(const std::function<bool()>& so, std::chrono::milliseconds patience = 20s) {
    const Mono deadline = clock.now().mono + patience;
    bool reached = false;
    std::unique_ptr<Timer> timer;
    timer = clock.timer([&] {
      reached = so();
      if (reached || clock.now().mono > deadline) return loop.stop();
      timer->set(clock.now().mono + 5ms);
    });
    timer->set(clock.now().mono);
    loop.run();
    return reached;
  }
  std::unique_ptr<PtyLine> pty(const std::string& link) {
    auto line = PtyLine::make(loop, link);
    REQUIRE(line);
    return std::move(*line);
  }
};

// A terminal whose far end does nothing by itself.
class Terminal {
 public:
  Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    REQUIRE(master_ >= 0);
    REQUIRE(::grantpt(master_) == 0);
    REQUIRE(::unlockpt(master_) == 0);
    char name[64];
    REQUIRE(::ptsname_r(master_, name, sizeof name) == 0);
    path_ = name;
  }
  ~Terminal() { hang_up(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  const std::string& path() const { return path_; }
  // The settings of its line, as a driver sees them.
  termios settings() const {
    termios line{};
    REQUIRE(::tcgetattr(master_, &line) == 0);
    return line;
  }
  void hang_up() {
    if (master_ >= 0) ::close(std::exchange(master_, -1));
  }
  void send(std::string_view bytes) const {
    REQUIRE(::write(master_, bytes.data(), bytes.size()) == static_cast<::ssize_t>(bytes.size()));
  }

 private:
  int master_;
  std::string path_;
};

// A server on the loopback that does only what it is told; port 0: a free one.
class Server {
 public:
  explicit Server(bool version_6 = false, int backlog = 8)
      : fd_(::socket(version_6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) return;
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* at = version_6 ? static_cast<const void*>(&six) : static_cast<const void*>(&four);
    const auto size = static_cast<socklen_t>(version_6 ? sizeof six : sizeof four);
    bound_ =
        ::bind(fd_, static_cast<const sockaddr*>(at), size) == 0 && ::listen(fd_, backlog) == 0;
  }
  ~Server() { end(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  bool bound() const { return bound_; }
  std::uint16_t port() const {
    sockaddr_in6 at{};
    socklen_t size = sizeof at;
    REQUIRE(::getsockname(fd_, static_cast<sockaddr*>(static_cast<void*>(&at)), &size) == 0);
    return ntohs(at.sin6_port);  // where sockaddr_in has its own
  }
  // REQUIRES: a client is there already.
  void accept() {
    client_ = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    REQUIRE(client_ >= 0);
  }
  void send(std::string_view bytes) const {
    REQUIRE(::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<::ssize_t>(bytes.size()));
  }
  std::string receive() const {
    char buffer[256];
    const ::ssize_t size = ::recv(client_, buffer, sizeof buffer, 0);
    REQUIRE(size >= 0);
    return {buffer, static_cast<std::size_t>(size)};
  }
  void close_client() { ::close(std::exchange(client_, -1)); }
  // The end of one direction: the client hears the end of the stream, and may still write.
  void half_close() const { REQUIRE(::shutdown(client_, SHUT_WR) == 0); }
  // RST instead of FIN, as a device that has restarted sends it.
  void reset_client() {
    const linger at_once{1, 0};
    REQUIRE(::setsockopt(client_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    close_client();
  }
  void end() {
    if (client_ >= 0) close_client();
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_, client_ = -1;
  bool bound_ = false;
};

// Another program that does something first and then waits, until the test ends it.
class OtherProgram {
 public:
  explicit OtherProgram(const std::function<bool()>& first) {
    int ready[2];
    REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      const char done = first() ? 'y' : 'n';
      const bool told = ::write(ready[1], &done, 1) == 1;
      while (told) ::pause();
      ::_exit(1);
    }
    ::close(ready[1]);
    char done = 'n';
    const bool told = ::read(ready[0], &done, 1) == 1;
    ::close(ready[0]);
    began = told && done == 'y';
  }
  ~OtherProgram() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;

  std::string pid() const { return std::to_string(pid_); }
  bool began = false;

 private:
  ::pid_t pid_ = -1;
};

// For its life a user without rights; root would be let in everywhere.
class AsNobody {
 public:
  AsNobody() : root_(::geteuid() == 0) {
    if (root_) REQUIRE(::seteuid(65534) == 0);
  }
  ~AsNobody() {
    if (root_ && ::seteuid(0) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool root_;
};

}  // namespace gridtap::io
