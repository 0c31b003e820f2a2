#include "io/sign_of_life.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "io/read_file.hpp"

namespace gridtap::io {
namespace {

constexpr const char* name = "/alive";

std::int64_t milliseconds_of(Mono when) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

std::optional<std::int64_t> parse(const std::string& text) {
  std::int64_t time = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), time);
  if (parsed.ec != std::errc()) return {};
  return time;
}

std::string no_sign(const std::string& path) {
  if (errno == EACCES) return "cannot look at " + path + ": permission denied: run it with sudo";
  return "gridtap does not run: there is no " + path;
}

}  // namespace

SignOfLife::SignOfLife(const std::string& directory, const std::string& runtime)
    : link_(directory + name), file_((runtime.empty() ? directory : runtime) + name) {
  ::unlink(link_.c_str());
  if (!runtime.empty()) {
    ::unlink(file_.c_str());
    if (::symlink(file_.c_str(), link_.c_str()) != 0) file_ = link_;
  }
}

SignOfLife::~SignOfLife() {
  ::unlink(file_.c_str());
  ::unlink(link_.c_str());
}

void SignOfLife::write(Mono now) const {
  const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0) return;
  char text[32];
  const int size =
      std::snprintf(text, sizeof text, "%020lld\n", static_cast<long long>(milliseconds_of(now)));
  static_cast<void>(::pwrite(fd, text, static_cast<std::size_t>(size), 0));
  ::close(fd);
}

std::string no_life(const std::string& directory, Mono now) {
  const std::string path = directory + name;
  if (::access(path.c_str(), R_OK) != 0) return no_sign(path);
  const auto text = read_file(path);
  if (!text) return text.error().detail;
  const auto written = parse(*text);
  const std::int64_t age = written ? (milliseconds_of(now) - *written) / 1000 : -1;
  if (age < 0) return "gridtap does not run: " + path + " is of an earlier start of the machine";
  if (age <= SignOfLife::patience.count()) return {};
  return "gridtap ended or hangs: its last sign of life is " + std::to_string(age) + " s old";
}

}  // namespace gridtap::io
