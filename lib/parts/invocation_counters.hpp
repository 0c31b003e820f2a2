#pragma once
// Frames that were recorded and are replayed, detected by the counter of their nonce (p1.md 9.4):
// it never comes back under one key. What is not higher than the last accepted one is an old frame,
// or the same once more. A meter that starts counting anew (it was reset, or exchanged and its
// title kept) is accepted after a while, and so is one that did so while the program was not
// running.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.hpp"
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

  // The last accepted ones: rows `accepted TITLE COUNTER`, the title as hex digits. After a restart
  // the very last frame is a replay, too. Rows that are none are passed over.
  void save(RecordWriter& record) const;
  void restore(const Record& record);

 private:
  struct Counter {
    std::string title, whole;  // the last accepted one
    std::uint32_t last = 0;
    std::uint32_t refused_last = 0;
    int refused = 0;
  };
  Counter* find(std::string_view title);
  Counter& make(std::string_view title);

  std::vector<Counter> counters_;
};

}  // namespace gridtap
