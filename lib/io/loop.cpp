#include "io/loop.hpp"

#include <csignal>

#include <asio.hpp>

namespace gridtap::io {

struct Loop::State {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  asio::signal_set signals{context};
  int lookups = 0;
};

Loop::Loop() : state_(std::make_unique<State>()) {}

// While a name server hangs, the end of Asio's thread is half a minute away: it is not waited for,
// and what it still needs is left to the end of the process.
Loop::~Loop() {
  if (state_->lookups > 0) static_cast<void>(state_.release());
}

void Loop::run() {
  state_->context.restart();
  state_->context.run();
}

void Loop::stop() { state_->context.stop(); }

void Loop::post(std::function<void()> call) { asio::post(state_->context, std::move(call)); }

void Loop::on_signal(std::function<void()> call) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  std::error_code error;
  state_->signals.add(SIGTERM, error);
  state_->signals.add(SIGINT, error);
  state_->signals.async_wait([call = std::move(call)](std::error_code failed, int) {
    if (!failed) call();
  });
}

asio::io_context& Loop::context() { return state_->context; }
void Loop::lookup_began() { ++state_->lookups; }
void Loop::lookup_ended() { --state_->lookups; }

}  // namespace gridtap::io
