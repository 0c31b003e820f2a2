// Any bytes as passwords, cookies, tokens and kept sessions, at any pace: only the password begins
// a session, only its cookie or the token is known, limits hold, and what is kept comes back.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "fuzz/must.hpp"
#include "web/json_fields.hpp"
#include "web/logins.hpp"

using namespace gridtap;

namespace {

constexpr std::string_view password = "correct horse", token = "script token";

// Tells texts apart, and is no shorter for a shorter text.
std::string played_digest(std::string_view text) {
  std::uint64_t sum = 14695981039346656037U;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211U;
  std::string digits = std::to_string(sum);
  return std::string(20 - digits.size(), '0') + digits;
}

web::LoginSecrets secrets(int& randoms) {
  return {played_digest, [&randoms] { return "random" + std::to_string(++randoms); },
          std::string(password), std::string(token)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = as_text({data, size});
  int randoms = 0;
  web::Logins logins(secrets(randoms));
  Now now{Mono{std::chrono::hours(1)}, Instant{std::chrono::hours(1)}};
  while (!rest.empty()) {
    const auto pace = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    now.mono += std::chrono::milliseconds(pace * 40);
    *now.wall += std::chrono::hours(pace % 8);
    const std::string text(line);
    const std::vector<WebField> fields{
        {"cookie", text}, {"authorization", text}, {"x-forwarded-for", text}};
    WebRequest request{};
    request.fields = fields;
    request.address = "192.168.1.9";
    request.from_loopback = pace % 2 == 0;
    const bool knows = logins.knows(request, now);
    must(!knows || text.find("gridtap=random") != text.npos || text == "Bearer script token");
    const auto body = web::parse_json_fields(line);
    const std::string_view tried =
        body && body->contains("password") ? body->find("password")->second : line;
    const auto outcome = logins.login(tried, request, now);
    must(outcome.status == 204 || outcome.status == 401 || outcome.status == 429);
    must((outcome.status == 204) == (tried == password && outcome.wait.count() == 0));
    must(outcome.status == 204 || outcome.cookie.empty());
    must(outcome.wait <= web::longest_guess_wait);
    if (pace == 0) must(!logins.logout(request).empty());
  }
  web::Logins again(secrets(randoms));
  again.restore(logins.state());
  must(again.state() == logins.state());
  again.restore(as_text({data, size}));
  return 0;
}
