#include "io/own_process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>

#include "io/read_file.hpp"

namespace gridtap::io {

// "size resident shared ...", in pages (proc_pid_statm(5))
std::uint64_t resident_bytes() {
  const auto text = read_file("/proc/self/statm");
  if (!text) return 0;
  const std::size_t second = text->find(' ') + 1;
  std::uint64_t pages = 0;
  std::from_chars(text->data() + second, text->data() + text->size(), pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::chrono::milliseconds cpu_time() {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) != 0) return {};
  const auto of = [](const timeval& time) {
    return std::chrono::milliseconds(time.tv_sec * 1000 + time.tv_usec / 1000);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  const std::string whole(name.data());
  return whole.substr(0, whole.find('.'));
}

}  // namespace gridtap::io
