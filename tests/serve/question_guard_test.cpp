// Who is answered: no reflection, no loop between two programs, nothing for a flood.
#include "serve/question_guard.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::serve;
using namespace std::chrono_literals;
using Verdict = QuestionGuard::Verdict;

namespace {

constexpr Mono start{1h};

Datagram from(const std::string& address, std::string_view text = "help") {
  const auto parsed = parse_socket_address(address);
  REQUIRE(parsed);
  return {*parsed, false, as_bytes(text)};
}

}  // namespace

TEST_CASE("guard: this machine, the home network and the own link are answered") {
  QuestionGuard guard;
  for (const char* address : {"127.0.0.1:40000", "127.0.0.1:53", "[::1]:40000", "192.168.1.5:1024",
                              "10.0.0.9:40000", "[fe80::1]:40000", "[fd00::1]:40000"}) {
    CAPTURE(address);
    CHECK(guard.judge(from(address), start) == Verdict::answer);
  }
  Datagram neighbour = from("[2001:db8::7]:40000");
  neighbour.on_link = true;
  CHECK(guard.judge(neighbour, start) == Verdict::answer);
}

TEST_CASE("guard: the internet, and ports of services, get nothing") {
  QuestionGuard guard;
  for (const char* address :
       {"8.8.8.8:40000", "[2001:db8::7]:40000", "100.64.0.1:40000", "192.168.1.5:19",
        "192.168.1.5:53", "192.168.1.5:1023", "[fe80::1]:123"}) {
    CAPTURE(address);
    CHECK(guard.judge(from(address), start) == Verdict::foreign);
  }
  Datagram no_port = from("127.0.0.1:1");
  no_port.from.port = 0;
  CHECK(guard.judge(no_port, start) == Verdict::foreign);
}

TEST_CASE("guard: nothing to what asks nothing, nor to an answer of another such program") {
  QuestionGuard guard;
  for (const char* text :
       {"", " ", "\r\n", "error:", "error: unknown command", "  ERROR: x", "\nError: y"}) {
    CAPTURE(text);
    CHECK(guard.judge(from("127.0.0.1:40000", text), start) == Verdict::nothing_asked);
  }
  for (const char* text : {"error", "errors:", "x error:", "err"}) {
    CAPTURE(text);
    CHECK(guard.judge(from("127.0.0.1:40000", text), start) == Verdict::answer);
  }
}

TEST_CASE("guard: an address gets twenty answers in a second, from whatever port, then silence") {
  QuestionGuard guard;
  const auto judge = [&](const std::string& address, Mono now) {
    return guard.judge(from(address), now);
  };
  for (std::size_t n = 0; n < QuestionGuard::max_answers; ++n) {
    CHECK(judge("127.0.0.1:" + std::to_string(40000 + n), start) == Verdict::answer);
  }
  CHECK(judge("127.0.0.1:40000", start) == Verdict::too_many);
  CHECK(judge("127.0.0.1:41000", start + 999ms) == Verdict::too_many);
  CHECK(judge("127.0.0.2:40000", start + 999ms) == Verdict::answer);  // others are not harmed
  CHECK(judge("127.0.0.1:40000", start + 1s) == Verdict::answer);
}

TEST_CASE("guard: so many addresses are remembered and no more; who was there is served") {
  QuestionGuard guard;
  for (std::size_t n = 0; n < QuestionGuard::max_addresses; ++n) {
    const std::string host = "10.0." + std::to_string(n / 256) + '.' + std::to_string(n % 256);
    CHECK(guard.judge(from(host + ":40000"), start) == Verdict::answer);
  }
  CHECK(guard.judge(from("10.1.0.0:40000"), start) == Verdict::too_many);
  CHECK(guard.judge(from("10.0.0.0:40000"), start) == Verdict::answer);
  CHECK(guard.judge(from("10.1.0.0:40000"), start + 1s) == Verdict::answer);
}
