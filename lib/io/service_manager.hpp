#pragma once
// What a service manager is told about the program: that it is ready, how it is, that its loop
// still turns, that it ends. One datagram each to the socket that systemd names in $NOTIFY_SOCKET
// (sd_notify(3)); without one nothing is sent. Never blocks, and a manager that has gone changes
// nothing.

#include <chrono>
#include <string>
#include <string_view>

namespace gridtap::io {

class ServiceManager {
 public:
  // `socket`: a path, or @NAME in the abstract name space; empty: there is none. `watchdog`:
  // without alive() for that long the manager ends the program; 0: it does not watch.
  explicit ServiceManager(std::string socket, std::chrono::microseconds watchdog = {});
  // That of this process, by $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID.
  static ServiceManager of_process();

  bool is_there() const { return !socket_.empty(); }
  // How often alive() is due: thrice in the time of the watchdog; 0: never.
  std::chrono::microseconds alive_period() const { return watchdog_ / 3; }

  void ready(std::string_view status) const;
  void status(std::string_view text) const;  // a line that `systemctl status` shows
  void alive() const;
  void stopping() const;

 private:
  void tell(const std::string& lines) const;

  std::string socket_;
  std::chrono::microseconds watchdog_;
};

// The directory in memory that the manager made for this process ($RUNTIME_DIRECTORY), or empty.
std::string runtime_directory();

}  // namespace gridtap::io
