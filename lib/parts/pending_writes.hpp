#pragma once
// Commands on their way to a device: one at a time, written, then proved by what the device reads
// back. A device that acknowledges a write and keeps what it had is common; so only a proof counts,
// and it gets a few reads, because many devices show a new value late. Of those that wait for one
// and the same thing only the newest is left: a slider that is drawn along is one command.

#include <cstddef>
#include <deque>
#include <utility>

#include "core/value.hpp"

namespace gridtap {

template <class Write>
class PendingWrites {
 public:
  static constexpr std::size_t limit = 8;
  static constexpr int reads_of_proof = 3;

  // `replaces(older)`: the write makes one that waits superfluous; not the one under way. False:
  // too many wait already.
  template <class Replaces>
  [[nodiscard]] bool push(Write write, Replaces replaces) {
    for (std::size_t n = 1; n < waiting_.size(); ++n) {
      if (!replaces(waiting_[n])) continue;
      waiting_[n] = std::move(write);
      return true;
    }
    return push(std::move(write));
  }
  [[nodiscard]] bool push(Write write) {
    if (waiting_.size() >= limit) return false;
    waiting_.push_back(std::move(write));
    return true;
  }
  bool empty() const { return waiting_.empty(); }

  // REQUIRES of all below: !empty(). The one under way.
  Write& first() { return waiting_.front(); }
  const Write& first() const { return waiting_.front(); }
  // The device has acknowledged it: now it is read back.
  void acknowledged(Mono now) {
    acknowledged_ = true;
    reads_left_ = reads_of_proof;
    due_ = now;
  }
  bool is_acknowledged() const { return acknowledged_; }
  // What was read does not show it. Returns whether it is read once more, at that time.
  [[nodiscard]] bool read_again(Mono at) {
    due_ = at;
    return --reads_left_ > 0;
  }
  // It is over, proved or failed; the next one is due at once.
  Write take() {
    Write first = std::move(waiting_.front());
    waiting_.pop_front();
    acknowledged_ = false;
    due_ = Mono{};
    return first;
  }

  // When the first one has something to ask; never while its request is under way.
  Mono due() const { return empty() ? Mono::max() : due_; }
  void asked() { due_ = Mono::max(); }
  bool is_asked() const { return due_ == Mono::max(); }

 private:
  std::deque<Write> waiting_;
  bool acknowledged_ = false;
  int reads_left_ = 0;
  Mono due_{};
};

}  // namespace gridtap
