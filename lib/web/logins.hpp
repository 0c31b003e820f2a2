#pragma once
// Who is logged in: passwords, tokens of scripts and sessions of browsers, and how long those who
// guess have to wait. The clock and everything secret come in as arguments: only digests are kept,
// and only they can be stored.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.hpp"

namespace gridtap::web {

inline constexpr std::chrono::days session_life{30};
inline constexpr std::size_t max_sessions = 16;  // the oldest makes room
inline constexpr int free_guesses = 5;           // wrong ones of an address, before it has to wait
inline constexpr std::chrono::seconds first_guess_wait{1}, longest_guess_wait{60};
inline constexpr std::size_t max_guessers =
    256;                                     // addresses; the one that was heard longest ago goes
inline constexpr int alarming_guesses = 30;  // wrong ones from anywhere ...
inline constexpr std::chrono::minutes alarm_span{10};  // ... within this: every login has to wait
inline constexpr std::chrono::seconds alarm_wait{10};

struct LoginSecrets {
  std::function<std::string(std::string_view)> digest;  // SHA-256, in hex
  std::function<std::string()> random;                  // 128 random bits, in hex
  std::string password, token;                          // empty: there is none
};

class Logins {
 public:
  explicit Logins(LoginSecrets secrets);

  // By a cookie or a token of ours.
  bool knows(const WebRequest& request, Now now) const;

  struct Outcome {
    int status = 401;              // 204: logged in, 401: wrong, 429: not now
    std::string cookie = {};       // of 204: the value of Set-Cookie
    std::chrono::seconds wait{0};  // of 429
    bool begins_episode = false;   // of wrong ones, from this address or from anywhere: say it once
  };
  Outcome login(std::string_view password, const WebRequest& request, Now now);
  // The session ends, for whoever has the cookie. Returns the value of Set-Cookie.
  std::string logout(const WebRequest& request);

  std::uint64_t wrong() const { return wrong_; }
  std::string state() const;
  void restore(std::string_view text);

 private:
  struct Session {
    std::string digest;
    std::optional<Instant> begun;  // unknown where the clock was not set: it ends with the process
  };
  struct Guesser {
    int wrong = 0;
    Mono last{}, free_at{};
  };

  std::optional<std::chrono::seconds> must_wait(const std::string& address, Mono now) const;
  bool note_wrong(const std::string& address, Mono now);
  bool is_right(std::string_view password) const;
  std::string begin_session(bool encrypted, Now now);
  std::string digest_of_session(std::string_view cookie) const;
  std::vector<Session>::const_iterator session_of(const WebRequest& request) const;

  LoginSecrets secrets_;
  std::string password_digest_, token_digest_;
  std::vector<Session> sessions_;
  std::map<std::string, Guesser> guessers_;
  std::deque<Mono> recent_wrong_;
  std::uint64_t wrong_ = 0;
};

}  // namespace gridtap::web
