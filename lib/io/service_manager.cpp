#include "io/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/json_text.hpp"

namespace gridtap::io {
namespace {

std::string_view variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string_view() : text;
}

// 0 where it is no number.
std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && at == end ? value : 0;
}

// The variable is inherited by children: it counts where it names no other process.
bool is_for_us(std::string_view pid) {
  return pid.empty() || number(pid) == static_cast<std::uint64_t>(::getpid());
}

}  // namespace

ServiceManager::ServiceManager(std::string socket, std::chrono::microseconds watchdog)
    : socket_(std::move(socket)), watchdog_(watchdog) {
  const bool fits = socket_.size() < sizeof sockaddr_un{}.sun_path;
  if (!fits || !(socket_.starts_with('/') || socket_.starts_with('@'))) socket_.clear();
  if (socket_.empty()) watchdog_ = {};
}

ServiceManager ServiceManager::of_process() {
  constexpr std::uint64_t longest = 24ULL * 3600 * 1'000'000;
  const std::uint64_t watchdog =
      is_for_us(variable("WATCHDOG_PID")) ? number(variable("WATCHDOG_USEC")) : 0;
  return ServiceManager(std::string(variable("NOTIFY_SOCKET")),
                        std::chrono::microseconds(std::min(watchdog, longest)));
}

void ServiceManager::ready(std::string_view status) const {
  tell("READY=1\nSTATUS=" + printable(status));
}
void ServiceManager::status(std::string_view text) const { tell("STATUS=" + printable(text)); }
void ServiceManager::alive() const { tell("WATCHDOG=1"); }
void ServiceManager::stopping() const { tell("STOPPING=1"); }

void ServiceManager::tell(const std::string& lines) const {
  if (socket_.empty()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_[0] == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  static_cast<void>(::sendto(fd, lines.data(), lines.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), size));
  ::close(fd);
}

std::string runtime_directory() {
  const std::string_view all = variable("RUNTIME_DIRECTORY");  // several are joined by colons
  return std::string(all.substr(0, all.find(':')));
}

}  // namespace gridtap::io
