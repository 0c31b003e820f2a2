// Logins as browsers, scripts and guessers try them.
#include "web/logins.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

using namespace gridtap;
using namespace gridtap::web;
using namespace std::chrono_literals;

namespace {

// No digest for a house; for a test, one that shows nothing of its text is enough.
std::string played_digest(std::string_view text) {
  return std::to_string(std::hash<std::string_view>{}(text));
}

struct Door {
  explicit Door(const std::string& password = "correct horse") : logins(secrets(password)) {}
  LoginSecrets secrets(const std::string& password) {
    return {played_digest, [this] { return "random" + std::to_string(++randoms); }, password,
            "script token"};
  }
  WebRequest asked(const std::vector<WebField>& fields = {}) const {
    return {"POST", "/api/login", {}, {}, fields, address, from_loopback, encrypted};
  }
  Logins::Outcome login(const std::string& password) {
    return logins.login(password, asked(), now);
  }
  int status(const std::string& password) { return login(password).status; }
  // The cookie as a browser sends it back.
  std::string log_in() {
    const std::string cookie = login("correct horse").cookie;
    return cookie.substr(0, cookie.find(';'));
  }
  bool knows(const std::string& cookie) const {
    const std::vector<WebField> fields{{"cookie", cookie}};
    return logins.knows(asked(fields), now);
  }
  bool knows_bearer(const std::string& text) const {
    const std::vector<WebField> fields{{"authorization", text}};
    return logins.knows(asked(fields), now);
  }
  void later(std::chrono::seconds time) {
    now.mono += time;
    if (now.wall) *now.wall += time;
  }

  Now now{Mono{1h}, Instant{1'800'000'000'000ms}};
  int randoms = 0;
  std::string address = "192.168.1.9";
  bool from_loopback = false, encrypted = false;
  Logins logins;
};

}  // namespace

TEST_CASE("logins: the right password gives a cookie that logs in") {
  Door door;
  CHECK_FALSE(door.knows(""));
  CHECK(door.login("correct horse").cookie ==
        "gridtap=random1; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict");
  CHECK(door.knows("gridtap=random1"));
  CHECK(door.knows("theme=dark; gridtap=random1 ;x=y"));
  CHECK_FALSE(door.knows("gridtap=random2"));
  CHECK_FALSE(door.knows("xgridtap=random1"));
  CHECK_FALSE(door.knows("gridtap="));
  CHECK_FALSE(door.knows("gridtap"));
  CHECK_FALSE(door.knows(";;;"));
}

TEST_CASE("logins: by TLS the cookie does not go out without it") {
  Door door;
  door.encrypted = true;
  CHECK(door.login("correct horse").cookie.ends_with("; Secure"));
}

TEST_CASE("logins: a wrong password gives nothing") {
  Door door;
  for (const char* wrong : {"", "correct", "correct horse ", "Correct horse"}) {
    const Logins::Outcome outcome = door.login(wrong);
    CHECK(outcome.status == 401);
    CHECK(outcome.cookie.empty());
  }
  CHECK(door.logins.wrong() == 4);
}

TEST_CASE("logins: without a password nobody can log in") {
  Door door("");
  CHECK(door.status("") == 401);
  CHECK(door.status("correct horse") == 401);
}

TEST_CASE("logins: a script has its token") {
  const Door door;
  CHECK(door.knows_bearer("Bearer script token"));
  CHECK_FALSE(door.knows_bearer("Bearer script toke"));
  CHECK_FALSE(door.knows_bearer("Bearer "));
  CHECK_FALSE(door.knows_bearer("Basic script token"));
  Door without;
  Logins none({played_digest, [] { return std::string("x"); }, "correct horse", ""});
  const std::vector<WebField> fields{{"authorization", "Bearer "}};
  CHECK_FALSE(none.knows(without.asked(fields), without.now));
}

TEST_CASE("logins: a stolen cookie is worth nothing after logout") {
  Door door;
  const std::string cookie = door.log_in();
  const std::vector<WebField> fields{{"cookie", cookie}};
  REQUIRE(door.knows(cookie));
  CHECK(door.logins.logout(door.asked(fields)).starts_with("gridtap=; Max-Age=0;"));
  CHECK_FALSE(door.knows(cookie));
}

TEST_CASE("logins: a session ends after 30 days, and the oldest of 17 at once") {
  Door door;
  const std::string first = door.log_in();
  door.later(30 * 24h - 1s);
  CHECK(door.knows(first));
  door.later(2s);
  CHECK_FALSE(door.knows(first));
  const std::string second = door.log_in();
  for (std::size_t n = 0; n + 1 < max_sessions; ++n) door.log_in();
  CHECK(door.knows(second));
  door.log_in();
  CHECK_FALSE(door.knows(second));
}

TEST_CASE("logins: sessions survive a restart, and only as digests") {
  Door door;
  const std::string cookie = door.log_in();
  const std::string state = door.logins.state();
  CHECK(state.find("random1") == std::string::npos);
  CHECK(state.find("correct") == std::string::npos);
  Door restarted;
  restarted.logins.restore(state);
  CHECK(restarted.knows(cookie));
  Door other("another password");
  other.logins.restore(state);
  CHECK_FALSE(other.knows(cookie));
  for (std::size_t n = 0; n < state.size(); ++n) {
    Door cut;
    cut.logins.restore(state.substr(0, n));
    CHECK_FALSE(cut.knows(cookie));
  }
}

TEST_CASE("logins: a session of before the clock was set ends with the process") {
  Door door;
  door.now.wall.reset();
  const std::string cookie = door.log_in();
  CHECK(door.knows(cookie));
  CHECK(door.logins.state().empty());
}

TEST_CASE("logins: who guesses waits, longer each time, and the right password then helps") {
  Door door;
  for (int n = 0; n < free_guesses; ++n) CHECK(door.status("guess") == 401);
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    const Logins::Outcome refused = door.login("correct horse");
    CHECK(refused.status == 429);
    CHECK(refused.wait == wait);
    door.later(wait);
    CHECK(door.status("guess") == 401);
  }
  door.later(60s);
  CHECK(door.status("correct horse") == 204);
  CHECK(door.status("guess") == 401);  // it begins anew
  CHECK(door.status("correct horse") == 204);
}

TEST_CASE("logins: another address does not wait, until guesses come from everywhere") {
  Door door;
  int told = 0;
  for (int n = 0; n < alarming_guesses; ++n) {
    door.address = "192.168.1." + std::to_string(n);
    const Logins::Outcome outcome = door.login("guess");
    CHECK(outcome.status == 401);
    told += outcome.begins_episode ? 1 : 0;
  }
  CHECK(told == 1);
  door.address = "192.168.1.200";
  CHECK(door.login("correct horse").wait == alarm_wait);
  door.later(alarm_wait);
  CHECK(door.status("correct horse") == 204);
}

TEST_CASE("logins: an episode of an address is told once") {
  Door door;
  int told = 0;
  for (int n = 0; n < 20; ++n) {
    told += door.login("guess").begins_episode ? 1 : 0;
    door.later(60s);
  }
  CHECK(told == 1);
}

TEST_CASE("logins: behind a proxy of this machine its clients count, not the proxy") {
  Door door;
  door.from_loopback = true;
  door.address = "127.0.0.1";
  const auto status = [&](const std::string& client, const std::string& password) {
    const std::vector<WebField> fields{{"x-forwarded-for", "10.0.0.1, " + client}};
    return door.logins.login(password, door.asked(fields), door.now).status;
  };
  for (int n = 0; n < free_guesses; ++n) CHECK(status("192.168.1.66", "guess") == 401);
  CHECK(status("192.168.1.66", "correct horse") == 429);
  CHECK(status("192.168.1.5", "correct horse") == 204);
}

TEST_CASE("logins: no more addresses are remembered than there is room for") {
  Door door;
  for (std::size_t n = 0; n < 3 * max_guessers; ++n) {
    door.address = std::to_string(n);
    door.login("guess");
    door.later(alarm_wait);
  }
  CHECK(door.status("correct horse") == 204);
}
