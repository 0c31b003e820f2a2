#pragma once
// The quarter-hours of a register that only grows: energy, gas, water. What it grew by between two
// readings is shared among the quarter-hours between them by time, or as a livelier total of the
// same has grown, so that the increases of any span add up to the difference of the registers at
// its ends, exactly. Nothing is lost in a silence or a restart, for the register went on counting.
// Pure, exact integers.

#include <deque>
#include <optional>
#include <vector>

#include "history/live_shape.hpp"
#include "history/long_gap.hpp"

namespace gridtap::history {

class GrowthSlots {
 public:
  // What came in a longer gap is shared among the last of it.
  static constexpr std::chrono::days longest_share{3 * 366};
  // What came in a longer one is shared portion by portion: take_gap().
  static constexpr std::chrono::days longest_at_once{7};
  // That are not taken; what the oldest has grown by goes into the next.
  static constexpr std::size_t max_ended = 32 * 96;

  explicit GrowthSlots(int exponent) : exponent_(exponent) {}

  // The register as it was read at that time. `watched`: the device was there since the reading
  // before, and the register stood still or grew; else what came meanwhile counts, and is not
  // covered. A register that fell begins anew, and adds nothing. A time before that of the last
  // reading counts as that: what has ended stays.
  void total(Decimal total, Instant at, bool watched);
  // A total of the same that comes more often, and only says when the register grew.
  void live(Decimal total, Instant at);
  // Another register: the next reading has nothing to do with the one before. What is kept until
  // then has no register at its end.
  void forget();
  // Before the end, where the device was silent since the last reading: what follows in the next
  // run is not covered. Kept as a quarter-hour with nothing in it.
  void note_silence();
  // The clock was set forward by that much, to that time: what comes with the next reading came
  // since then.
  void move(Instant to, Milliseconds by);

  // What a run before has kept of its newest quarter-hour, which goes on. Where this one has
  // readings already, they follow it; `watched`, of the first of them, as in total(). False: they
  // hold nothing newer than what was kept, and may repeat it: the next one counts as the first.
  bool resume(const Slot& kept, bool watched);

  // Of the last reading; nothing without one.
  std::optional<Instant> read_at() const;
  bool is(Decimal total) const;  // the register as it was read last

  // The oldest of all are those of a long gap. While there are some, nothing else is taken: a file
  // that has all in the order of time can be resumed at any of them.
  bool has_gap() const { return gap_.has_value(); }
  std::vector<Slot> take_gap(std::size_t quarters);
  void leave_out_gap() { gap_.reset(); }
  // Those that have ended, the oldest first; each once. Where nothing was known and nothing came,
  // there is none.
  std::optional<Slot> take();
  // All that were taken, where they wait before resume().
  void put_back(const std::deque<Slot>& slots);
  // What has come so far of the running one.
  std::optional<Slot> running() const;
  // The same where it should be kept before the next reading: its time is over, or a register has
  // begun in it. Once, until more comes.
  std::optional<Slot> take_over(Instant now);
  // The same at any time: at the end.
  std::optional<Slot> take_running();

 private:
  struct Register {
    std::int64_t units;
    Instant at;
  };
  // The quarter-hour that was read in last.
  struct Running {
    SlotTime start;
    std::int64_t low;                  // the register at its begin, or the first in it
    std::optional<std::int64_t> high;  // the newest; nothing: another one has not been read yet
    std::int64_t grown = 0;
    Milliseconds watched{0};
    Slot slot() const;
    bool is_empty() const { return grown == 0 && watched == Milliseconds{0}; }
    void add(const Slot& more);
  };

  void count(const Register& next, bool watched);
  void begin(const Register& first);
  void grow(const Register& next, bool watched);
  std::int64_t part(const Register& next, Instant from, Instant time) const;
  void share_later(const Register& next, bool watched);
  void pass(Instant time, std::int64_t units, bool watched);
  void next_slot(SlotTime start);
  void end(const Slot& slot);
  bool says_no_more(const Slot& kept) const;
  void follow(GrowthSlots earlier);
  void end_gap();

  int exponent_;
  std::optional<Register> register_;
  std::optional<Register> first_;  // of this run
  bool is_another_ = false;        // than the one that was kept
  std::optional<Running> running_;
  bool has_begun_ = false;  // a register, in the running one, or it has ended
  bool after_silence_ = false;
  bool is_new_ = false;  // the running one has more than was kept or taken
  LiveShape shape_;
  std::optional<LongGap> gap_;  // before those that have ended
  std::deque<Slot> ended_;
};

}  // namespace gridtap::history
