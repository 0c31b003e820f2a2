#pragma once
// Frames that were recorded and are replayed, detected by the counter of their nonce (p1.md 9.4):
// it never comes back under one key. What is not higher than the last accepted one is an old frame,
// or the same once more. A meter that starts counting anew is accepted after a while.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace gridtap {

class InvocationCounters {
 public:
  static constexpr int new_series = 30;         // refused in a row, with counters that rise
  static constexpr std::size_t max_titles = 4;  // meters on one line

  // `title`: of the meter; `whole`: the frame with its envelope. Why it is refused (replay), or
  // nothing. Nothing is accepted yet.
  std::optional<Error> judge(std::string_view title, std::uint32_t counter, std::string_view whole);
  void accept(std::string_view title, std::uint32_t counter, std::string_view whole);

 private:
  struct Counter {
    std::string title, whole;  // the last accepted one
    std::uint32_t last = 0;
    std::uint32_t refused_last = 0;
    int refused = 0;
  };
  Counter* find(std::string_view title);

  std::vector<Counter> counters_;
};

}  // namespace gridtap
