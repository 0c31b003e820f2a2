// A call beside the loop: its end is told on the loop, and one that throws ends the program.
#include "io/background.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// How a process ends in which such a call is run.
int end_of(void (*call)()) {
  const ::pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    const ::rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    io::Loop loop;
    io::Background background(loop);
    background.run(call, [&loop] { loop.stop(); });
    loop.run();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("background: the end of a call is told on the loop, each time") {
  io::Loop loop;
  io::Background background(loop);
  int calls = 0, told = 0;
  for (int n = 1; n <= 3; ++n) {
    background.run([&] { ++calls; },
                   [&] {
                     ++told;
                     loop.stop();
                   });
    loop.run();
    CHECK(background.wait(5s));
    CHECK(calls == n);
    CHECK(told == n);
  }
}

TEST_CASE("background: a call that throws ends the program, and nobody waits for ever") {
  const int well = end_of([] {});
  CHECK(WIFEXITED(well));
  CHECK(WEXITSTATUS(well) == 0);
  const int thrown = end_of([] { throw std::runtime_error("no memory"); });
  REQUIRE(WIFSIGNALED(thrown));
  CHECK(WTERMSIG(thrown) == SIGABRT);
}
