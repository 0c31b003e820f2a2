#pragma once
// The day files beside the loop: a card may stall for a minute, and no line notices.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/day_store.hpp"
#include "io/background.hpp"
#include "io/day_shelf.hpp"

namespace gridtap::io {

class DayThread final : public DayStore {
 public:
  static constexpr std::chrono::seconds patience{5};  // with a disk that stalls at the end

  // Loop and log outlive it.
  DayThread(Loop& loop, Log& log, DayShelf shelf);
  ~DayThread() override;  // as close({})

  void append(std::vector<DayPiece> pieces, std::string first_kept, OnAnswer on_answer) override;
  // Waits, with patience. The loop need not run. Nothing may be asked for after it.
  void close(std::vector<DayPiece> pieces) override;

 private:
  Log& log_;
  std::shared_ptr<DayShelf> shelf_;  // which the thread keeps where it is left behind
  Background background_;
  bool is_closed_ = false;
};

}  // namespace gridtap::io
