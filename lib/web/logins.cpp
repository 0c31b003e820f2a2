#include "web/logins.hpp"

#include <algorithm>
#include <utility>

#include "core/record.hpp"

namespace gridtap::web {
namespace {

constexpr std::string_view cookie_name = "gridtap=";
constexpr std::string_view bearer = "Bearer ";

// Digests of one length: the time says nothing of how much of them is right.
bool same_digest(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    difference |= static_cast<unsigned>(a[n]) ^ static_cast<unsigned>(b[n]);
  }
  return difference == 0;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// "a=1; gridtap=0123; b=2"
std::string_view cookie_of(const WebRequest& request) {
  std::string_view rest = request.field("cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view each = trimmed(rest.substr(0, end));
    if (each.starts_with(cookie_name)) return each.substr(cookie_name.size());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

// Behind a proxy of this machine, who asked the proxy: the last that it added.
std::string guesser_of(const WebRequest& request) {
  const std::string_view forwarded = request.field("x-forwarded-for");
  if (!request.from_loopback || forwarded.empty()) return std::string(request.address);
  const std::size_t comma = forwarded.rfind(',');
  const std::string_view last = comma == forwarded.npos ? forwarded : forwarded.substr(comma + 1);
  return std::string(trimmed(last).substr(0, 45));  // the longest address
}

std::string set_cookie(std::string_view value, std::chrono::seconds life, bool encrypted) {
  return std::string(cookie_name) + std::string(value) +
         "; Max-Age=" + std::to_string(life.count()) + "; Path=/; HttpOnly; SameSite=Strict" +
         (encrypted ? "; Secure" : "");
}

}  // namespace

Logins::Logins(LoginSecrets secrets) : secrets_(std::move(secrets)) {
  if (!secrets_.password.empty()) password_digest_ = secrets_.digest(secrets_.password);
  if (!secrets_.token.empty()) token_digest_ = secrets_.digest(secrets_.token);
  secrets_.password.clear();
  secrets_.token.clear();
}

bool Logins::knows(const WebRequest& request, Now now) const {
  const std::string_view authorization = request.field("authorization");
  if (authorization.starts_with(bearer) && !token_digest_.empty()) {
    return same_digest(secrets_.digest(authorization.substr(bearer.size())), token_digest_);
  }
  const auto found = session_of(request);
  if (found == sessions_.end()) return false;
  return !found->begun || !now.wall || *now.wall < *found->begun + session_life;
}

std::vector<Logins::Session>::const_iterator Logins::session_of(const WebRequest& request) const {
  const std::string_view cookie = cookie_of(request);
  if (cookie.empty()) return sessions_.end();
  const std::string digest = digest_of_session(cookie);
  return std::find_if(sessions_.begin(), sessions_.end(),
                      [&](const Session& each) { return same_digest(each.digest, digest); });
}

Logins::Outcome Logins::login(std::string_view password, const WebRequest& request, Now now) {
  const std::string address = guesser_of(request);
  if (const auto wait = must_wait(address, now.mono)) return {429, {}, *wait};
  if (!is_right(password)) return {401, {}, {}, note_wrong(address, now.mono)};
  guessers_.erase(address);
  return {204, begin_session(request.encrypted, now)};
}

bool Logins::is_right(std::string_view password) const {
  return !password_digest_.empty() && same_digest(secrets_.digest(password), password_digest_);
}

// Rounded up: who comes after that is heard.
std::optional<std::chrono::seconds> Logins::must_wait(const std::string& address, Mono now) const {
  Mono free_at = now;
  const auto found = guessers_.find(address);
  if (found != guessers_.end()) free_at = std::max(free_at, found->second.free_at);
  const bool alarmed = recent_wrong_.size() >= static_cast<std::size_t>(alarming_guesses) &&
                       now < recent_wrong_.front() + alarm_span;
  if (alarmed) free_at = std::max(free_at, recent_wrong_.back() + alarm_wait);
  if (free_at <= now) return {};
  return std::chrono::ceil<std::chrono::seconds>(free_at - now);
}

bool Logins::note_wrong(const std::string& address, Mono now) {
  ++wrong_;
  const bool was_alarmed = recent_wrong_.size() >= static_cast<std::size_t>(alarming_guesses) &&
                           now < recent_wrong_.front() + alarm_span;
  recent_wrong_.push_back(now);
  if (recent_wrong_.size() > static_cast<std::size_t>(alarming_guesses)) recent_wrong_.pop_front();
  const bool is_alarmed = recent_wrong_.size() == static_cast<std::size_t>(alarming_guesses) &&
                          now < recent_wrong_.front() + alarm_span;

  if (guessers_.size() >= max_guessers && !guessers_.contains(address)) {
    guessers_.erase(std::min_element(
        guessers_.begin(), guessers_.end(),
        [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  }
  Guesser& guesser = guessers_[address];
  guesser.last = now;
  ++guesser.wrong;
  if (guesser.wrong >= free_guesses) {
    const int doublings = std::min(guesser.wrong - free_guesses, 6);
    guesser.free_at = now + std::min(first_guess_wait * (1 << doublings), longest_guess_wait);
  }
  return guesser.wrong == free_guesses || (is_alarmed && !was_alarmed);
}

std::string Logins::begin_session(bool encrypted, Now now) {
  if (sessions_.size() >= max_sessions) sessions_.erase(sessions_.begin());
  const std::string cookie = secrets_.random();
  sessions_.push_back({digest_of_session(cookie), now.wall});
  return set_cookie(cookie, session_life, encrypted);
}

// With another password every session is over.
std::string Logins::digest_of_session(std::string_view cookie) const {
  return secrets_.digest(std::string(cookie) + ':' + password_digest_);
}

std::string Logins::logout(const WebRequest& request) {
  const auto found = session_of(request);
  if (found != sessions_.end()) sessions_.erase(found);
  return set_cookie("", std::chrono::seconds{0}, request.encrypted);
}

std::string Logins::state() const {
  RecordWriter record;
  for (const Session& each : sessions_) {
    if (each.begun) record.add("session", each.digest, each.begun->time_since_epoch().count());
  }
  return record.text();
}

void Logins::restore(std::string_view text) {
  const Record record(text);
  for (const RecordRow& row : record.rows()) {
    const auto digest = row.text(0);
    const auto begun = row.number<std::int64_t>(1);
    if (row.name != "session" || !digest || !begun || sessions_.size() >= max_sessions) continue;
    sessions_.push_back({std::string(*digest), Instant{std::chrono::milliseconds{*begun}}});
  }
}

}  // namespace gridtap::web
