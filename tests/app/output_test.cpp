// Standard output that takes no more: whoever reads has gone, or the disk is full.

#include "app/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "support/command_line.hpp"

using namespace gridtap;

namespace {

struct Pipe {
  Pipe() { REQUIRE(::pipe(ends) == 0); }
  ~Pipe() {
    close_reader();
    ::close(ends[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_reader() {
    if (ends[0] >= 0) ::close(ends[0]);
    ends[0] = -1;
  }
  int ends[2] = {-1, -1};
};

// A shell's command line in which $GRIDTAP is the program and the status of what stands in
// { } is kept.
int status_of(const CommandLine& gridtap, const std::string& braces, const std::string& behind) {
  const std::string status = gridtap.write("status", "");
  const std::string script = gridtap.write("script", "GRIDTAP=" GRIDTAP_BINARY "\n{ " + braces +
                                                         "; echo $? >" + status + "; } " + behind);
  REQUIRE(std::system(("sh " + script).c_str()) != -1);
  return std::atoi(content(status).c_str());
}

}  // namespace

TEST_CASE("output: what is written arrives whole, however long it is") {
  const CommandLine files;
  const std::string path = files.write("out", "");
  const int fd = ::open(path.c_str(), O_WRONLY);
  std::string text;
  {
    app::Output output(fd);
    for (int n = 0; n < 20'000; ++n) {
      const std::string line = "line " + std::to_string(n) + '\n';
      output.stream() << line;
      text += line;
    }
    CHECK(output.ended(3) == 3);
    CHECK_FALSE(output.failed());
    CHECK_FALSE(output.reader_gone());
  }
  ::close(fd);
  CHECK(content(path) == text);
}

TEST_CASE("output: a reader that has gone ends with success, whatever the command's own status") {
  Pipe pipe;
  app::Output output(pipe.ends[1]);
  output.stream() << "taken" << std::flush;
  CHECK_FALSE(output.failed());
  CHECK_FALSE(output.reader_gone());
  pipe.close_reader();
  CHECK(output.reader_gone());  // before anything is written
  output.stream() << "lost" << std::flush;
  CHECK(output.failed());
  CHECK(output.ended(1) == 0);
}

TEST_CASE("output: a full disk ends with 74") {
  const int fd = ::open("/dev/full", O_WRONLY);
  app::Output output(fd);
  output.stream() << std::string(200'000, 'x');
  CHECK(output.failed());
  CHECK(output.ended(0) == 74);
  ::close(fd);
}

TEST_CASE("output: a terminal that another program made non-blocking is waited for") {
  Pipe pipe;
  REQUIRE(::fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK) == 0);
  REQUIRE(::fcntl(pipe.ends[1], F_SETPIPE_SZ, 4096) >= 0);
  const int child = ::fork();
  if (child == 0) {
    app::Output output(pipe.ends[1]);
    output.stream() << std::string(50'000, 'x');
    ::_exit(output.ended(0));
  }
  ::close(pipe.ends[1]);
  pipe.ends[1] = ::dup(STDERR_FILENO);
  std::size_t read = 0;
  std::string chunk(4096, '\0');
  for (::ssize_t got; (got = ::read(pipe.ends[0], chunk.data(), chunk.size())) > 0;) {
    read += static_cast<std::size_t>(got);
  }
  CHECK(read == 50'000);
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("command line: every command that writes ends with 0 when its reader has gone") {
  const CommandLine gridtap;
  const std::string silent =  // nothing listens there: watch has nothing to write
      gridtap.write("c.yaml", "devices:\n  meter: {adapter: p1, line: tcp://127.0.0.1:1}\n");
  const std::string input = GRIDTAP_SOURCE_DIR "/tests/data/p1/iskra-am550-dsmr5.txt";
  // `timeout` ends what does not end, with 124.
  CHECK(status_of(gridtap, "timeout 60 $GRIDTAP watch --config " + silent, "| true") == 0);
  const std::string forever = "while cat " + input + "; do :; done 2>/dev/null | ";
  CHECK(status_of(gridtap, forever + "timeout 60 $GRIDTAP decode p1", "| head -n 1 >/dev/null") ==
        0);
  CHECK(status_of(gridtap, "sleep 0.2; $GRIDTAP decode p1 " + input, "| true") == 0);
  CHECK(status_of(gridtap, "sleep 0.2; $GRIDTAP --help", "| true") == 0);
}

TEST_CASE("command line: every command that cannot write reports why, with 74") {
  const CommandLine gridtap;
  const std::string good =
      gridtap.write("c.yaml", "devices:\n  meter: {adapter: p1, line: tcp://127.0.0.1:1}\n");
  const std::string input = GRIDTAP_SOURCE_DIR "/tests/data/p1/iskra-am550-dsmr5.txt";
  const std::string err = gridtap.write("errors", "");
  for (const std::string& command :
       {"decode p1 " + input, "check --config " + good, "watch --for 1 --config " + good,
        std::string("--version"), std::string("simulate --help"),
        std::string("simulate p1 --listen 0")}) {
    CAPTURE(command);
    CHECK(status_of(gridtap, "timeout 60 $GRIDTAP " + command, ">/dev/full 2>" + err) == 74);
    CHECK(content(err).ends_with("cannot write to standard output: No space left on device\n"));
  }
  CHECK(status_of(gridtap, "$GRIDTAP decode p1 " + input, ">&- 2>" + err) == 74);
}
