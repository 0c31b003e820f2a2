#pragma once
// What a unit consists of: its chain of models is walked once, remembered, and looked at with two
// reads after each reconnect: whether the marker and the last model lie where they were. It is
// walked again where they do not, once a day, and when a model has vanished. Asks for registers;
// does no I/O.

#include <chrono>
#include <optional>
#include <vector>

#include "adapters/sunspec/walker.hpp"
#include "core/value.hpp"

namespace gridtap::sunspec {

class Discovery {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr Time chain_life{86'400'000};  // then it is walked again

  // `base`: where to look; none: at the usual places.
  explicit Discovery(std::optional<std::uint16_t> base) : base_(base) {}

  // A new connection. `max_count`: registers of one request.
  void open(Mono now, std::uint16_t max_count);
  void walk(Mono now, std::uint16_t max_count);
  // A check that was broken off begins anew; a walk goes on where it was.
  void retry();
  // A model has vanished: the chain is too old after that time.
  void doubt(Mono now, Time after) { walked_at_ = now - chain_life + after; }

  bool walking() const { return state_ == State::walk; }
  bool over() const { return state_ == State::over; }
  bool too_old(Mono now) const { return now >= walked_at_ + chain_life; }

  // What to read next; nothing: over, or a walk has ended and waits for conclude().
  std::optional<modbus::Range> next() const;
  // The answer: registers, or that there are none. A check that fails becomes a walk.
  void take(std::vector<std::uint16_t> words, Mono now, std::uint16_t max_count);
  void refuse(Mono now, std::uint16_t max_count);

  enum class Found : std::uint8_t { nothing, the_same, another };
  // Ends a walk that has no next(): what it found compared to the walk before. Nothing: walk again.
  [[nodiscard]] Found conclude();
  const std::vector<FoundModel>& chain() const { return chain_; }
  bool too_long() const { return walker_ && walker_->too_long(); }

 private:
  enum class State : std::uint8_t { walk, check_marker, check_last, over };
  bool as_before(const std::vector<std::uint16_t>& words) const;

  std::optional<std::uint16_t> base_;
  State state_ = State::walk;
  std::optional<Walker> walker_;
  std::vector<FoundModel> chain_;
  std::uint16_t found_at_ = 0;
  bool whole_ = false;  // the chain did not break off
  Mono walked_at_{};
};

}  // namespace gridtap::sunspec
