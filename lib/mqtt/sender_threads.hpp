#pragma once
// The threads of Paho in this process, kept on the processor of the loop. Its sender wakes for each
// message: on another core it runs beside the loop, and a telegram of 43 values costs some 70
// thread switches and twice the time. On the loop's core, where SCHED_BATCH keeps it from taking
// over, it runs once, when the loop has handed over everything.

#include <sys/types.h>

#include <array>
#include <cstddef>

namespace gridtap::mqtt {

class SenderThreads {
 public:
  static constexpr std::size_t max_threads = 8;

  // Finds them by their names, of which `prefix` is the begin. They end with the last client, so
  // this is to be done after each connect. Returns how many there are.
  std::size_t find(const char* prefix = "MQTTAsync_");

  // Before the first message of a turn of the loop: follows where the loop has been moved. Costs no
  // system call while it stays. Where it is not allowed everything works as without.
  void follow();

 private:
  std::array<pid_t, max_threads> found_{};
  std::size_t count_ = 0;
  int core_ = -1;
};

}  // namespace gridtap::mqtt
