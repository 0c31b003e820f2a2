#pragma once
// The pulse of the daemon: as long as its loop turns, the service manager hears so (its watchdog
// restarts a daemon that hangs) and the state directory has a sign of life for `gridtap health`.

#include <memory>
#include <string>
#include <string_view>

#include "core/ports.hpp"
#include "io/service_manager.hpp"
#include "io/sign_of_life.hpp"

namespace gridtap::app {

class Pulse {
 public:
  Pulse(const std::string& state_dir, Clock& clock, io::ServiceManager manager);

  // The loop is about to turn. `status` is a line that `systemctl status` shows.
  void start(std::string_view status);
  void status(std::string_view text) { manager_.status(text); }
  // The loop has ended: what follows has a time limit of the manager's own.
  void stop();

 private:
  void beat();

  Clock& clock_;
  io::ServiceManager manager_;
  io::SignOfLife sign_;
  std::unique_ptr<Timer> timer_;
};

}  // namespace gridtap::app
