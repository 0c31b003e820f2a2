#include "serve/question_guard.hpp"

#include <algorithm>

namespace gridtap::serve {
namespace {

// Blanks in front do not count, nor does case.
bool asks_nothing(std::string_view text) {
  constexpr std::string_view error = "error:";
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return true;
  const std::string_view front = text.substr(begin, error.size());
  return std::equal(front.begin(), front.end(), error.begin(), error.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

bool is_near(const Datagram& datagram) {
  const IpAddress& from = datagram.from.address;
  return is_loopback(from) || is_private(from) || datagram.on_link;
}

}  // namespace

QuestionGuard::Verdict QuestionGuard::judge(const Datagram& datagram, Mono now) {
  if (asks_nothing(as_text(datagram.bytes))) return Verdict::nothing_asked;
  const bool service = datagram.from.port < first_free_port;
  if (!is_near(datagram) || datagram.from.port == 0 ||
      (service && !is_loopback(datagram.from.address))) {
    return Verdict::foreign;
  }
  return may_have_one_more(datagram.from.address, now) ? Verdict::answer : Verdict::too_many;
}

bool QuestionGuard::may_have_one_more(const IpAddress& address, Mono now) {
  std::erase_if(askers_, [&](const Asker& asker) { return now - asker.since >= span; });
  auto asker = std::find_if(askers_.begin(), askers_.end(),
                            [&](const Asker& each) { return each.address == address; });
  if (asker == askers_.end()) {
    if (askers_.size() == max_addresses) return false;
    asker = askers_.insert(askers_.end(), {address, now});
  }
  if (asker->answers == max_answers) return false;
  ++asker->answers;
  return true;
}

}  // namespace gridtap::serve
