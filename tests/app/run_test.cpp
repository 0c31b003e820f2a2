// The daemon as its user sees it: what it says at start and at a signal, and what it leaves behind.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/command_line.hpp"

using namespace gridtap;

TEST_CASE(
    "command line: run warns of secrets, leaves no core file, and logs that HUP reads nothing") {
  const CommandLine shell;
  const std::string password = shell.write("password", "hunter2\n");
  using std::filesystem::perms;
  std::filesystem::permissions(password, perms::owner_read | perms::others_read);
  const std::string config = shell.write(
      "c.yaml", "state_dir: " + shell.write("state", "") +
                    "-dir\nmqtt: {host: 127.0.0.1, port: 1, user: me, password_file: " + password +
                    "}\ndevices:\n  meter: {adapter: p1, line: tcp://127.0.0.1:1}\n");
  const std::string log = shell.write("log", ""), limits = shell.write("limits", "");
  // Each wait ends when the line is there, or the program with it.
  const std::string script = shell.write(
      "script", "ulimit -c unlimited 2>/dev/null\n" GRIDTAP_BINARY " run " + config + " 2>" + log +
                    " & pid=$!\n"
                    "until grep -q unreachable " +
                    log +
                    "; do kill -0 $pid || exit 1; sleep 0.05; done\n"
                    "grep core /proc/$pid/limits >" +
                    limits +
                    "\n"
                    "kill -HUP $pid\n"
                    "until grep -q SIGHUP " +
                    log +
                    "; do kill -0 $pid || exit 1; sleep 0.05; done\n"
                    "kill -TERM $pid; wait $pid\n");
  CHECK(std::system(("timeout 60 sh " + script).c_str()) == 0);
  const std::string said = content(log);
  CHECK(said.find("WARNING gateway: " + config +
                  ":2:59: mqtt.password_file: others can read it: chmod 640 " + password + '\n') !=
        said.npos);
  CHECK(said.find("INFO gateway: SIGHUP: the configuration is read at start only; restart to apply "
                  "changes\n") != said.npos);
  CHECK(said.find("hunter2") == said.npos);
  CHECK(content(limits).find(" 0 ") != std::string::npos);
}
