#include "mqtt/sender_threads.hpp"

#include <doctest/doctest.h>
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <thread>

using namespace gridtap::mqtt;

namespace {

// A thread with a name, that lives until the test ends.
class Named {
 public:
  explicit Named(const char* name)
      : thread_([this] {
          while (!done_) std::this_thread::yield();
        }) {
    pthread_setname_np(thread_.native_handle(), name);
  }
  ~Named() {
    done_ = true;
    thread_.join();
  }
  Named(const Named&) = delete;
  Named& operator=(const Named&) = delete;

  // The only processor that it may run on; -1: there are several.
  int core() {
    cpu_set_t set;
    CPU_ZERO(&set);
    pthread_getaffinity_np(thread_.native_handle(), sizeof set, &set);
    if (CPU_COUNT(&set) != 1) return -1;
    for (int n = 0; n < CPU_SETSIZE; ++n) {
      if (CPU_ISSET(static_cast<std::size_t>(n), &set)) return n;
    }
    return -1;
  }

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

// Nails this thread to a processor that it may use, for as long as it lives.
class Nailed {
 public:
  Nailed() {
    CPU_ZERO(&before_);
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t only;
    CPU_ZERO(&only);
    core_ = sched_getcpu();
    CPU_SET(static_cast<std::size_t>(core_), &only);
    sched_setaffinity(0, sizeof only, &only);
  }
  ~Nailed() { sched_setaffinity(0, sizeof before_, &before_); }
  Nailed(const Nailed&) = delete;
  Nailed& operator=(const Nailed&) = delete;
  int core() const { return core_; }

 private:
  cpu_set_t before_;
  int core_;
};

}  // namespace

TEST_CASE("sender threads: those of that name follow the loop, others are left alone") {
  Named sender("GridtapTest_1"), other("SomethingElse");
  const Nailed loop;
  SenderThreads threads;
  CHECK(threads.find("GridtapTest_") == 1);
  threads.follow();
  CHECK(sender.core() == loop.core());
  if (std::thread::hardware_concurrency() > 1) CHECK(other.core() == -1);
}

TEST_CASE("sender threads: those that have ended meanwhile do no harm") {
  SenderThreads threads;
  {
    const Named sender("GridtapTest_2");
    CHECK(threads.find("GridtapTest_") == 1);
  }
  threads.follow();
  CHECK(threads.find("GridtapTest_") == 0);
  threads.follow();
}
