#include "io/background.hpp"

#include <future>
#include <utility>

#include <asio.hpp>

namespace gridtap::io {

using namespace std::chrono_literals;

struct Background::Thread {
  asio::thread_pool pool{1};
  std::future<void> running;
};

Background::Background(Loop& loop) : loop_(loop) {}

Background::~Background() {
  *era_ = false;
  if (idle()) return;
  loop_.leave_behind();
  static_cast<void>(thread_.release());
}

void Background::run(std::function<void()> call, std::function<void()> done) {
  if (!thread_) thread_ = std::make_unique<Thread>();
  // The context stays where the call is left behind; the loop around it does not.
  auto both = [&context = loop_.context(), call = std::move(call), done = std::move(done),
               era = era_]() mutable noexcept {
    std::exchange(call, nullptr)();  // what it owns goes with it, not with the next call
    asio::post(context, [done, era] {
      if (*era) done();
    });
  };
  thread_->running = asio::post(thread_->pool, std::packaged_task<void()>(std::move(both)));
}

bool Background::idle() const { return wait(0ms); }

bool Background::wait(std::chrono::milliseconds longest) const {
  if (!thread_ || !thread_->running.valid()) return true;
  return thread_->running.wait_for(longest) == std::future_status::ready;
}

}  // namespace gridtap::io
