#pragma once
// The one loop of the program: one thread runs everything that is ours. Paho's threads reach it by
// post(). Asio stays inside lib/io.

#include <functional>
#include <memory>

namespace asio {
class io_context;
}

namespace gridtap::io {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();   // until stop()
  void stop();  // from any thread
  // Puts a call on the loop, from any thread.
  void post(std::function<void()> call);
  // Called on the first SIGTERM or SIGINT, further ones change nothing; SIGHUP and SIGPIPE are
  // ignored from then on.
  void on_signal(std::function<void()> call);
  // Called on each SIGHUP.
  void on_hangup(std::function<void()> call);

  // For lib/io.
  asio::io_context& context();
  void lookup_began();  // of a name, on a thread of Asio's
  void lookup_ended();
  // A call on another thread is not waited for and may still post: what it meets stays as long as
  // the process.
  void leave_behind();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gridtap::io
