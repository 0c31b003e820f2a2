// What systemd hears of the program, by a socket as systemd's own.
#include "io/service_manager.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "support/notify_socket.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using io::ServiceManager;

namespace {

// Variables of the environment, unset at the end.
class Environment {
 public:
  using Rows = std::vector<std::pair<std::string, std::string>>;
  explicit Environment(Rows rows) : rows_(std::move(rows)) {
    for (const auto& [name, value] : rows_) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& row : rows_) ::unsetenv(row.first.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  Rows rows_;
};

}  // namespace

TEST_CASE("service manager: hears each message as one datagram, on either kind of socket") {
  const Scratch directory;
  const std::string abstract = "@gridtap-test-" + std::to_string(::getpid());
  for (const std::string& name : {directory / "notify", abstract}) {
    const NotifySocket socket(name);
    REQUIRE(socket.bound());
    const ServiceManager manager(name, 60s);
    CHECK(manager.is_there());
    CHECK(manager.alive_period() == 20s);
    manager.ready("2 devices; waits for the broker");
    manager.alive();
    manager.status("two\nlines");  // else the second would be a message of its own
    manager.stopping();
    CHECK(socket.next() == "READY=1\nSTATUS=2 devices; waits for the broker");
    CHECK(socket.next() == "WATCHDOG=1");
    CHECK(socket.next() == "STATUS=two lines");
    CHECK(socket.next() == "STOPPING=1");
    CHECK(socket.next() == "");
  }
}

TEST_CASE("service manager: without a socket, or with one that is gone, nothing happens") {
  const Scratch directory;
  for (const std::string& name :
       {std::string(), std::string("vsock:2:3"), std::string(200, '/'), directory / "gone"}) {
    const ServiceManager manager(name, 60s);
    CHECK(manager.is_there() == (name == directory / "gone"));
    CHECK(manager.alive_period() == (manager.is_there() ? 20s : 0s));
    manager.ready("");
    manager.stopping();
  }
}

TEST_CASE("service manager: one that takes no more is not waited for") {
  const Scratch directory;
  const NotifySocket socket(directory / "notify");
  const ServiceManager manager(directory / "notify");
  for (int n = 0; n < 10'000; ++n) manager.alive();  // more than a socket holds
  CHECK(socket.next() == "WATCHDOG=1");
}

TEST_CASE("service manager: is that of the environment, the watchdog only where it is for us") {
  const Scratch directory;
  CHECK_FALSE(ServiceManager::of_process().is_there());
  CHECK(io::runtime_directory() == "");
  const Environment all(Environment::Rows{{"NOTIFY_SOCKET", directory / "notify"},
                                          {"WATCHDOG_USEC", "3000000"},
                                          {"RUNTIME_DIRECTORY", "/run/one:/run/two"}});
  CHECK(ServiceManager::of_process().is_there());
  CHECK(ServiceManager::of_process().alive_period() == 1s);
  CHECK(io::runtime_directory() == "/run/one");
  {
    const Environment ours(Environment::Rows{{"WATCHDOG_PID", std::to_string(::getpid())}});
    CHECK(ServiceManager::of_process().alive_period() == 1s);
  }
  {
    const Environment other(Environment::Rows{{"WATCHDOG_PID", "1"}});
    CHECK(ServiceManager::of_process().alive_period() == 0s);
  }
  const Environment wrong(Environment::Rows{{"WATCHDOG_USEC", "soon"}});
  CHECK(ServiceManager::of_process().alive_period() == 0s);
}
