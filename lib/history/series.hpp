#pragma once
// One series while it is recorded: the quarter-hours of its kind, and those that wait for the file.

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "history/growth_slots.hpp"
#include "history/held_slots.hpp"
#include "history/unwritten.hpp"
#include "model/device.hpp"

namespace gridtap::history {

struct Series {
  explicit Series(SeriesHead its_head);

  GrowthSlots* growth() { return std::get_if<GrowthSlots>(&slots); }
  HeldSlots* held() { return std::get_if<HeldSlots>(&slots); }

  // For how long the value holds from then on.
  Milliseconds hold_from(Mono now) const;

  // Up to that time all is known; what has ended since goes to those that wait. Of a long gap at
  // most `gap_quarters`, less what was taken of them, and only when nothing waits.
  void collect(Now now, bool with_running, std::size_t& gap_quarters);
  // All that is not in the file, the running one too, in the order of time; without what of a long
  // gap is not made yet.
  std::vector<Slot> pending(SlotTime begin, SlotTime end) const;
  // What the file has of its newest quarter-hour. `goes_on`: the device was known until shortly
  // before the first reading that was recorded.
  void resume(const Slot& kept, bool goes_on);
  // The clock was set forward.
  void move(Instant to, Milliseconds by);

  void take_gap(std::size_t& quarters);

  SeriesHead head;
  bool is_refused = false;  // the file has another kind of that name
  std::variant<HeldSlots, GrowthSlots> slots;
  Unwritten unwritten;
  const model::Device* device = nullptr;  // null: its entity is gone
  std::uint16_t entity = 0;               // its slot
  std::optional<Mono> read = {};          // the newest reading that was recorded
  Mono holds_until{};                     // the value of it
};

}  // namespace gridtap::history
