#pragma once
// A journal that answers when the test says so, and counts.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/journal.hpp"
#include "history/played_journal.hpp"
#include "web/history_door.hpp"

namespace gridtap::web_test {

struct PlayedJournal final : Journal {
  void on_mended(std::function<void(const std::string&)>) override {}
  void open(OnOpened) override {}
  void write(std::vector<SeriesSlots>, OnDone) override {}
  void tidy(SlotTime, SlotTime, OnDone) override {}
  void back_up(std::string, OnDone) override {}
  void close() override {}
  void read(std::string series, SlotTime begin, SlotTime end, OnSlots on_slots) override {
    ++reads;
    waiting.push_back(
        [this, series = std::move(series), begin, end, on_slots = std::move(on_slots)] {
          if (!fault.empty()) {
            return on_slots(tl::unexpected(JournalError{JournalFault::damaged, fault}));
          }
          auto slots = history::slots_of(file, series, begin, end);
          if (slots.size() > max_slots) slots.resize(max_slots);
          on_slots(std::move(slots));
        });
  }
  // One answer. False: nothing was asked for.
  bool answer() {
    if (waiting.empty()) return false;
    const auto first = std::move(waiting.front());
    waiting.erase(waiting.begin());
    first();
    return true;
  }

  history::KeptSlots file;
  std::string fault;
  std::vector<std::function<void()>> waiting;
  int reads = 0;
};

}  // namespace gridtap::web_test
