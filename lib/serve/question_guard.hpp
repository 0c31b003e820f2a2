#pragma once
// Which datagrams are answered. UDP lets anyone write a sender that is not his: without this, small
// questions would become large answers to a third machine (reflection), and two programs that
// answer everything would talk to each other for ever.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/ports.hpp"

namespace gridtap::serve {

class QuestionGuard {
 public:
  static constexpr std::size_t max_answers = 20;  // to one address in each `span`, then silence
  static constexpr std::chrono::seconds span{1};
  // Remembered at a time; where there are more, the newcomers get no answer.
  static constexpr std::size_t max_addresses = 1024;
  static constexpr std::uint16_t first_free_port = 1024;  // below: services, not who asks

  enum class Verdict : std::uint8_t {
    answer,
    nothing_asked,  // empty, or an answer of another such program: `error:`
    foreign,        // of the internet, or of a port that no program asks from
    too_many,       // answers to this address, or addresses
  };
  Verdict judge(const Datagram& datagram, Mono now);

 private:
  struct Asker {
    IpAddress address;
    Mono since;
    std::size_t answers = 0;
  };
  bool may_have_one_more(const IpAddress& address, Mono now);

  std::vector<Asker> askers_;
};

}  // namespace gridtap::serve
