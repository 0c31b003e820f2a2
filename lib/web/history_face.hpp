#pragma once
// Answers what is asked of the history. It is read in pieces, one request after the other, and rows
// are made a limited number at a time, so that no turn of the loop is long.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "history/rows.hpp"
#include "web/history_door.hpp"

namespace gridtap::web {

class HistoryFace {
 public:
  static constexpr std::size_t max_waiting = 4;          // requests, the one that is worked at too
  static constexpr std::size_t points_of_a_turn = 1024;  // about a millisecond
  static constexpr std::string_view retry_after = "2";   // seconds, of who is one too many

  enum class Form : std::uint8_t { columns, csv };

  // `shows`: whether a series may be seen; the others are as if they were not there.
  HistoryFace(HistoryDoor door, std::function<bool(std::string_view series)> shows,
              WebServer& server, Clock& clock);
  ~HistoryFace();
  HistoryFace(const HistoryFace&) = delete;
  HistoryFace& operator=(const HistoryFace&) = delete;

  // Answers now or later. `query`: as the address has it. In columns without a query at all: which
  // series there are.
  void ask(std::uint64_t number, std::string_view query, Form form);
  void forget(std::uint64_t number);  // who asked has gone

 private:
  class Job;

  std::vector<SeriesHead> series() const;
  void go_on();
  void read(const history::Rows::Wanted& wanted);
  void on_slots(std::uint64_t number, JournalResult<std::vector<Slot>> slots,
                const std::vector<Slot>& pending);
  void finish(WebReply reply);

  HistoryDoor door_;
  std::function<bool(std::string_view)> shows_;
  WebServer& server_;
  Clock& clock_;
  std::unique_ptr<Timer> timer_;
  std::deque<std::unique_ptr<Job>> jobs_;  // the first is worked at
  bool is_reading_ = false;                // an answer of the journal is on its way
  std::shared_ptr<char> alive_ = std::make_shared<char>();  // it may come after the end
};

}  // namespace gridtap::web
