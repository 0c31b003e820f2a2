#include "history/condition.hpp"

#include <utility>

namespace gridtap::history {
namespace {

HistoryState state_of(JournalFault fault) {
  if (fault == JournalFault::full) return HistoryState::full;
  return fault == JournalFault::damaged ? HistoryState::damaged : HistoryState::read_only;
}

}  // namespace

void Condition::failed(const JournalError& error) {
  fault_ = Trouble{state_of(error.fault), error.detail};
}

void Condition::not_copied(std::string why) {
  copy_ = Trouble{HistoryState::backup_failed, std::move(why)};
  mended_last_ = false;
}

void Condition::mended(std::string what, Mono now) {
  mended_ = Trouble{HistoryState::damaged, std::move(what)};
  mended_last_ = true;
  mended_until_ = now + mending_shown;
}

void Condition::pass(Mono now) {
  if (mended_ && mended_until_ <= now) mended_.reset();
}

const Condition::Trouble& Condition::shown() const {
  static const Trouble none;
  if (fault_) return *fault_;
  if (mended_ && (mended_last_ || !copy_)) return *mended_;
  return copy_ ? *copy_ : none;
}

HistoryState Condition::state() const { return shown().state; }

const std::string& Condition::text() const { return shown().text; }

}  // namespace gridtap::history
