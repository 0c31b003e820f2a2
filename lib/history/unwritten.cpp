#include "history/unwritten.hpp"

namespace gridtap::history {

// One that is handed out already stays: the newer one is written after it.
void Unwritten::add(const Slot& slot) {
  const bool replaces = slots_.size() > handed_out_ && slots_.back().start == slot.start;
  if (replaces) slots_.pop_back();
  slots_.push_back(slot);
}

std::vector<Slot> Unwritten::hand_out() {
  handed_out_ = slots_.size();
  return {slots_.begin(), slots_.end()};
}

void Unwritten::written() {
  slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(handed_out_));
  handed_out_ = 0;
}

std::size_t Unwritten::trim() {
  std::size_t dropped = 0;
  for (; slots_.size() > max_slots; ++dropped) drop_oldest();
  return dropped;
}

// One that is being written is in the file soon.
void Unwritten::drop_oldest() {
  const Slot oldest = slots_.front();
  slots_.pop_front();
  if (handed_out_ > 0) {
    --handed_out_;
    return;
  }
  Slot& next = slots_.front();
  if (kind_ != SeriesKind::growth || next.start == oldest.start) return;
  next.value += oldest.value;
  next.low = oldest.low;
  next.covered = 0;
}

}  // namespace gridtap::history
