#include "mqtt/sender_threads.hpp"

#include <sched.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace gridtap::mqtt {

std::size_t SenderThreads::find(const char* prefix) {
  count_ = 0;
  core_ = -1;
  std::error_code error;
  std::filesystem::directory_iterator at("/proc/self/task", error);
  for (; !error && at != std::filesystem::directory_iterator{}; at.increment(error)) {
    std::string name;
    std::getline(std::ifstream(at->path() / "comm"), name);
    if (!name.starts_with(prefix) || count_ == max_threads) continue;
    const std::string number = at->path().filename().string();
    pid_t thread = 0;
    std::from_chars(number.data(), number.data() + number.size(), thread);
    found_[count_++] = thread;
  }
  return count_;
}

// A machine of more processors than cpu_set_t has is left alone.
void SenderThreads::follow() {
  const int core = sched_getcpu();
  if (core == core_ || core < 0 || core >= CPU_SETSIZE) return;
  core_ = core;
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<std::size_t>(core), &only);
  for (std::size_t n = 0; n < count_; ++n) sched_setaffinity(found_[n], sizeof only, &only);
}

}  // namespace gridtap::mqtt
