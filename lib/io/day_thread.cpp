#include "io/day_thread.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::io {

using std::chrono::steady_clock;

DayThread::DayThread(Loop& loop, Log& log, DayShelf shelf)
    : log_(log), shelf_(std::make_shared<DayShelf>(std::move(shelf))), background_(loop) {}

DayThread::~DayThread() { close({}); }

// The answer crosses from the thread to the loop in a place that both hold.
void DayThread::append(std::vector<DayPiece> pieces, std::string first_kept, OnAnswer on_answer) {
  auto answer = std::make_shared<DayAnswer>();
  background_.run(
      [shelf = shelf_, answer, pieces = std::move(pieces), day = std::move(first_kept)]() mutable {
        *answer = shelf->append(std::move(pieces));
        if (!answer->error && !day.empty()) shelf->forget(day);
      },
      [this, answer, on_answer = std::move(on_answer)] {
        if (!is_closed_) on_answer(std::move(*answer));
      });
}

void DayThread::close(std::vector<DayPiece> pieces) {
  if (std::exchange(is_closed_, true)) return;
  const auto end = steady_clock::now() + patience;
  const auto wait = [&] {
    const auto left = std::max(end - steady_clock::now(), steady_clock::duration{0});
    return background_.wait(std::chrono::ceil<std::chrono::milliseconds>(left));
  };
  bool is_done = wait();
  auto answer = std::make_shared<DayAnswer>();
  if (is_done && !pieces.empty()) {
    background_.run(
        [shelf = shelf_, answer, pieces = std::move(pieces)]() mutable {
          *answer = shelf->append(std::move(pieces));
        },
        [] {});
    is_done = wait();
  }
  if (is_done && !answer->error) return;
  log_.write(Level::warning, "gateway",
             is_done ? "day files: the last lines are lost: " + answer->error->detail
                     : "the disk of " + shelf_->directory() + " takes longer than " +
                           std::to_string(patience / std::chrono::seconds(1)) +
                           " s to write the day files: not waited for");
}

}  // namespace gridtap::io
