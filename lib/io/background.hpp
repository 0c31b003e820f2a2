#pragma once
// One thread beside the loop, for calls that may take long, as writing to an SD card does. What the
// call needs it owns; its result it leaves where `done` finds it, which runs on the loop.

#include <chrono>
#include <functional>
#include <memory>

#include "io/loop.hpp"

namespace gridtap::io {

class Background {
 public:
  // The loop outlives it. The thread begins with the first call.
  explicit Background(Loop& loop);
  // A call that still runs is not waited for: a disk that hangs must not hold up the end. It and
  // what it needs are left to the end of the process, and its `done` is not called.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // REQUIRES: idle(). Nothing queues here: callers with more to do keep the newest. The call does
  // not throw; where it does, the program ends, for who waits for `done` would wait for ever.
  void run(std::function<void()> call, std::function<void()> done);
  bool idle() const;  // the call has returned; its `done` may still be on its way
  // Waits at most so long until idle; false: it is not.
  bool wait(std::chrono::milliseconds longest) const;

 private:
  struct Thread;
  Loop& loop_;
  std::unique_ptr<Thread> thread_;
  std::shared_ptr<bool> era_ = std::make_shared<bool>(true);
};

}  // namespace gridtap::io
