// Requests of the program curl: against programs that play it, and against a server of ours.
#include "io/curl_client.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "io/loop.hpp"
#include "io/system_clock.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace gridtap::io;
using namespace std::chrono_literals;

namespace {

// A program that is started in place of curl, with these lines.
std::string program(const Scratch& directory, const std::string& lines) {
  const std::string path = (directory / "curl");
  std::ofstream(path) << "#!/bin/sh\n" << lines;
  ::chmod(path.c_str(), 0700);
  return path;
}

struct Asked {
  std::optional<Result<WebAnswer>> answer;

  explicit Asked(const std::string& curl, const std::string& url = "https://example.org/latest") {
    Loop loop;
    CurlClient client(loop, curl);
    client.head(url, [&](const Result<WebAnswer>& result) {
      answer = result;
      loop.stop();
    });
    CHECK_FALSE(answer);  // never from inside the call
    loop.run();
  }
  std::string error() const { return answer && !*answer ? answer->error().detail : ""; }
};

}  // namespace

TEST_CASE(
    "curl client: the settings of a request are quoted, and those of no web address refused") {
  const auto config = curl_config_of_head("https://example.org/a\"b\\c");
  REQUIRE(config);
  CHECK(config->find("url = \"https://example.org/a\\\"b\\\\c\"\n") != config->npos);
  CHECK(config->find("proto = \"=https\"\n") != config->npos);
  CHECK(curl_config_of_head("http://localhost:1/")->find("\"=http\"") != config->npos);
  CHECK_FALSE(curl_config_of_head("file:///etc/passwd"));
  CHECK_FALSE(curl_config_of_head("https://example.org/\nurl = \"file:///etc/passwd\""));
  CHECK_FALSE(curl_config_of_head("https://example.org/a b"));
  CHECK_FALSE(curl_config_of_head("https://" + std::string(CurlClient::max_url, 'x')));
}

TEST_CASE("curl client: the answer is the status and where it leads") {
  const Scratch directory;
  const Asked asked(
      program(directory, "cat >" + (directory / "in") + "\necho \"$@\" >" + (directory / "args") +
                             "\nprintf 'HTTP/2 302\\r\\n\\r\\n\\n302 https://x/v1\\n'"));
  REQUIRE(asked.answer);
  REQUIRE(*asked.answer);
  CHECK((*asked.answer)->status == 302);
  CHECK((*asked.answer)->location == "https://x/v1");
  std::ifstream arguments(directory / "args"), input(directory / "in");
  CHECK(std::string(std::istreambuf_iterator<char>(arguments), {}) == "--disable --config -\n");
  CHECK(std::string(std::istreambuf_iterator<char>(input), {}) ==
        *curl_config_of_head("https://example.org/latest"));
}

TEST_CASE("curl client: what curl says went wrong is the error") {
  const Scratch directory;
  CHECK(
      Asked(program(directory, "echo 'curl: (6) Could not resolve host: x' >&2\nexit 6")).error() ==
      "(6) Could not resolve host: x");
  CHECK(Asked(program(directory, "printf '\\n000 \\n'\nexit 28")).error() ==
        "curl has ended without an answer");
  CHECK(Asked(program(directory, "echo rubbish")).error() == "curl has ended without an answer");
  CHECK(Asked(program(directory, "kill -9 $$")).error() == "no answer in time");
  CHECK(Asked((directory / "none")).error().find("apt-get install curl") != std::string::npos);
  CHECK(Asked("curl", "ftp://example.org/").error() ==
        "no address of a web server: ftp://example.org/");
}

TEST_CASE("curl client: an answer without an end costs no memory, and the last line counts") {
  const Scratch directory;
  const Asked asked(
      program(directory, "head -c 3000000 /dev/zero | tr '\\0' x\nprintf '\\n200 \\n'"));
  REQUIRE(asked.answer);
  REQUIRE(*asked.answer);
  CHECK((*asked.answer)->status == 200);
}

TEST_CASE("curl client: a program that finds the pipe full waits until it is read") {
  const Scratch directory;
  // Far more than a pipe holds (64 kB), while nothing is read yet.
  const std::string curl =
      program(directory, "head -c 300000 /dev/zero | tr '\\0' x || exit 1\nprintf '\\n200 \\n'");
  Loop loop;
  CurlClient client(loop, curl);
  std::optional<Result<WebAnswer>> answer;
  client.head("https://example.org/", [&](const Result<WebAnswer>& result) {
    answer = result;
    loop.stop();
  });
  std::this_thread::sleep_for(300ms);
  loop.run();
  REQUIRE(answer);
  REQUIRE(*answer);
  CHECK((*answer)->status == 200);
}

TEST_CASE("curl client: the end waits for no answer, and leaves no process") {
  const Scratch directory;
  const std::string curl = program(directory, "exec sleep 60");
  Loop loop;
  {
    CurlClient client(loop, curl);
    client.head("https://example.org/", [](const Result<WebAnswer>&) { FAIL("an answer"); });
  }
  SystemClock clock(loop);
  std::unique_ptr<Timer> look;
  const auto has_child = [] {
    siginfo_t info;
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
  };
  look = clock.timer([&] { has_child() ? look->set(clock.now().mono + 10ms) : loop.stop(); });
  look->set(clock.now().mono);
  loop.run();
  CHECK_FALSE(has_child());
}
