// The pulse of the daemon, for the service manager and for `gridtap health`.
#include "app/pulse.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <thread>

#include "io/manual_clock.hpp"
#include "support/command_line.hpp"
#include "support/notify_socket.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("pulse: beats every 10 s, sooner where the watchdog asks, and not after the end") {
  const Scratch scratch;
  const NotifySocket socket(scratch / "notify");
  const auto beats = [&] {
    int count = 0;
    for (std::string said = socket.next(); !said.empty(); said = socket.next()) {
      count += said == "WATCHDOG=1";
    }
    return count;
  };
  for (const auto& [watchdog, in_a_minute] : {std::pair{0s, 6}, {60s, 6}, {6s, 30}}) {
    io::ManualClock clock;
    app::Pulse pulse(scratch / "", clock, io::ServiceManager(scratch / "notify", watchdog));
    pulse.start("1 device");
    CHECK(socket.next() == "READY=1\nSTATUS=1 device");
    CHECK(beats() == 1);
    int heard = 0;
    for (int n = 0; n < 6; ++n) {  // the socket holds ten
      clock.advance(10s);
      heard += beats();
    }
    CHECK(heard == in_a_minute);
    CHECK(io::no_life(scratch / "", clock.now().mono) == "");
    pulse.stop();
    CHECK(socket.next() == "STOPPING=1");
    clock.advance(60s);
    CHECK(beats() == 0);
  }
}

TEST_CASE("command line: health tells of the daemon that runs, of its end, and of its absence") {
  const CommandLine shell;
  const std::string state = shell.write("state", "") + "-dir";
  const std::string config =
      shell.write("c.yaml", "state_dir: " + state +
                                "\nmqtt: {host: 127.0.0.1, port: 1}\n"
                                "devices:\n  meter: {adapter: p1, line: tcp://127.0.0.1:1}\n");
  const Ended before = shell("health " + config);
  CHECK(before.status == 1);
  CHECK(before.err == "gridtap does not run: there is no " + state + "/alive\n");
  const std::string script = shell.write(
      "script", GRIDTAP_BINARY " run " + config +
                    " 2>/dev/null & pid=$!\n"
                    "until test -e " +
                    state +
                    "/alive; do kill -0 $pid || exit 1; sleep 0.05; done\n" GRIDTAP_BINARY
                    " health --config " +
                    config +
                    " || exit 2\n"
                    "kill -TERM $pid; wait $pid || exit 3\n"
                    "! " GRIDTAP_BINARY " health " +
                    config + " 2>/dev/null\n");
  const std::string said = shell.write("said", "");
  CHECK(std::system(("timeout 60 sh " + script + " >" + said).c_str()) == 0);
  CHECK(content(said) == "gridtap is running\n");
  // What is wrong in the file now does not matter to the daemon that runs.
  CHECK(shell("health " + shell.write("bad.yaml", "state_dir: " + state + "\nmqqt: {}\n")).err ==
        before.err);
  const Ended missing = shell("health /nowhere.yaml");
  CHECK(missing.status == 1);
  CHECK(missing.err.find("/nowhere.yaml") != std::string::npos);
}

TEST_CASE("command line: run without devices waits under a service manager, else says what to do") {
  const CommandLine shell;
  const std::string state = shell.write("state", "") + "-dir";
  const std::string config =
      shell.write("c.yaml", "state_dir: " + state + "\nlog: {level: info}\ndevices: {}\n");
  const Ended alone = shell("run " + config);
  CHECK(alone.status == 78);
  CHECK(alone.err.find("no devices: add one below `devices:`") != std::string::npos);

  const std::string notify = shell.write("notify", "") + ".socket";
  const NotifySocket socket(notify);
  REQUIRE(socket.bound());
  std::string first, watchdog, stopping;
  Ended ended{};
  {
    const std::string pid = shell.write("pid", "");
    const std::string script = shell.write(
        "script", "NOTIFY_SOCKET=" + notify + " WATCHDOG_USEC=300000 " GRIDTAP_BINARY " run " +
                      config + " 2>" + pid + ".log & echo $! >" + pid + "; wait $!\n");
    std::thread run([&] { ended.status = std::system(("timeout 60 sh " + script).c_str()); });
    first = socket.next(30'000);
    CHECK(socket.next(30'000) == "WATCHDOG=1");
    watchdog = socket.next(30'000);
    CHECK(std::system(("kill -TERM $(cat " + pid + ")").c_str()) == 0);
    while (!(stopping = socket.next(30'000)).empty() && stopping == "WATCHDOG=1") continue;
    run.join();
    ended.err = content(pid + ".log");
  }
  const std::string advice =
      "nothing to do yet: add devices to " + config + ", then: sudo systemctl restart gridtap";
  CHECK(first == "READY=1\nSTATUS=" + advice);
  CHECK(watchdog == "WATCHDOG=1");
  CHECK(stopping == "STOPPING=1");
  CHECK(ended.status == 0);
  CHECK(ended.err.find("WARNING gateway: " + advice) != std::string::npos);
  // Another mistake is never waited for.
  const std::string wrong = shell.write("w.yaml", "devices: {}\nqqt: {}\n");
  const int status = std::system(
      ("NOTIFY_SOCKET=" + notify + " " GRIDTAP_BINARY " run " + wrong + " 2>/dev/null").c_str());
  CHECK(WEXITSTATUS(status) == 78);
}
