// What reaches standard error: which levels, in which form, and that no text breaks a line.
#include "io/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

using namespace gridtap;

namespace {

// What is written to standard error during the call. `journal`: it is the journal's.
std::string written(const std::function<void()>& call, bool journal = false) {
  const Scratch scratch;
  const std::string path = scratch / "stderr";
  const int before = ::dup(STDERR_FILENO);
  REQUIRE(::freopen(path.c_str(), "w", stderr) != nullptr);
  struct stat status{};
  REQUIRE(::fstat(STDERR_FILENO, &status) == 0);
  const std::string stream =
      std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino + (journal ? 0 : 1));
  ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
  call();
  ::unsetenv("JOURNAL_STREAM");
  ::fflush(stderr);
  REQUIRE(::dup2(before, STDERR_FILENO) >= 0);
  ::close(before);
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string all_levels(Level least, bool journal) {
  return written(
      [&] {
        const auto log = io::make_log(least);
        log->write(Level::debug, "meter", "bytes");
        log->write(Level::info, "meter", "online");
        log->write(Level::warning, "meter", "offline");
        log->write(Level::error, "gateway", "no room");
      },
      journal);
}

// The line without its time.
std::string behind_time(const std::string& line) { return line.substr(line.find(' ', 11) + 1); }

}  // namespace

TEST_CASE("log: under systemd each line has journald's level, and no time") {
  CHECK(all_levels(Level::debug, true) ==
        "<7>DEBUG meter: bytes\n"
        "<6>INFO meter: online\n"
        "<4>WARNING meter: offline\n"
        "<3>ERROR gateway: no room\n");
}

TEST_CASE("log: what is below the level that was asked for is left out") {
  CHECK(all_levels(Level::info, true).starts_with("<6>INFO meter: online\n<4>"));
  CHECK(all_levels(Level::warning, true) ==
        "<4>WARNING meter: offline\n<3>ERROR gateway: no room\n");
  CHECK(all_levels(Level::error, true) == "<3>ERROR gateway: no room\n");
}

TEST_CASE("log: elsewhere each line begins with its time, though the variable is inherited") {
  const std::string text = all_levels(Level::error, false);
  REQUIRE(text.size() > 20);
  for (const std::size_t dash : {4U, 7U}) CHECK(text[dash] == '-');
  for (const std::size_t colon : {13U, 16U}) CHECK(text[colon] == ':');
  CHECK(behind_time(text) == "ERROR gateway: no room\n");
}

TEST_CASE("log: no text breaks its line, drives the terminal, or is taken for a format") {
  const auto logged = [](std::string_view text) {
    return behind_time(written([&] { io::make_log(Level::info)->write(Level::info, "m", text); }));
  };
  CHECK(logged("one\ntwo\r\n<3>ERROR three") == "INFO m: one two  <3>ERROR three\n");
  CHECK(logged("\x1b[2J\x07") == "INFO m:  [2J \n");
  CHECK(logged("{} {0} %n %s {:99999}") == "INFO m: {} {0} %n %s {:99999}\n");
  CHECK(logged("\xff\xfe") == "INFO m: \xef\xbf\xbd\xef\xbf\xbd\n");
  CHECK(logged("Z\xc3\xa4hler") == "INFO m: Z\xc3\xa4hler\n");
  CHECK(logged("") == "INFO m: \n");
}

TEST_CASE("log: a long line stays whole") {
  const std::string text(100'000, 'x');
  const std::string logged =
      written([&] { io::make_log(Level::info)->write(Level::info, "m", text); });
  CHECK(behind_time(logged) == "INFO m: " + text + '\n');
}
