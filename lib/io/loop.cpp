#include "io/loop.hpp"

#include <csignal>
#include <utility>

#include <asio.hpp>

namespace gridtap::io {

struct Loop::State {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  asio::signal_set signals{context}, hangups{context};
  int lookups = 0;

  void wait_for_hangup(std::function<void()> call) {
    hangups.async_wait([this, call = std::move(call)](std::error_code failed, int) {
      if (failed) return;
      call();
      wait_for_hangup(call);
    });
  }
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

void Loop::on_hangup(std::function<void()> call) {
  std::error_code error;
  state_->hangups.add(SIGHUP, error);
  state_->wait_for_hangup(std::move(call));
}

asio::io_context& Loop::context() { return state_->context; }
void Loop::lookup_began() { ++state_->lookups; }
void Loop::lookup_ended() { --state_->lookups; }
void Loop::leave_behind() { ++state_->lookups; }

}  // namespace gridtap::io
