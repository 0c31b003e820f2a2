#include "history/series.hpp"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

namespace gridtap::history {
namespace {

std::variant<HeldSlots, GrowthSlots> make(const SeriesHead& head) {
  if (head.kind == SeriesKind::growth) return GrowthSlots(head.exponent);
  return HeldSlots(head.kind, head.exponent);
}

}  // namespace

Series::Series(SeriesHead its_head)
    : head(std::move(its_head)), slots(make(head)), unwritten(head.kind) {}

Milliseconds Series::hold_from(Mono now) const {
  if (holds_until <= now) return Milliseconds{0};
  const bool is_long = holds_until - now > HeldSlots::longest_hold;
  return is_long ? HeldSlots::longest_hold : std::chrono::floor<Milliseconds>(holds_until - now);
}

void Series::take_gap(std::size_t& quarters) {
  GrowthSlots& total = *growth();
  if (!total.has_gap() || !unwritten.slots().empty()) return;
  const std::size_t most = std::min(quarters, Unwritten::max_slots);
  for (const Slot& each : total.take_gap(most)) unwritten.add(each);
  quarters -= most;
}

void Series::collect(Now now, bool with_running, std::size_t& gap_quarters) {
  std::optional<Slot> running;
  if (HeldSlots* const values = held()) {
    const Milliseconds hold = hold_from(now.mono);
    hold > Milliseconds{0} ? values->prolong(*now.wall, hold) : values->pass(*now.wall);
    if (with_running) running = values->running();
  }
  if (growth() != nullptr) take_gap(gap_quarters);
  std::visit(
      [&](auto& all) {
        while (const auto ended = all.take()) unwritten.add(*ended);
      },
      slots);
  if (GrowthSlots* const total = growth()) {
    running = with_running ? total->take_running() : total->take_over(*now.wall);
  }
  if (running) unwritten.add(*running);
}

std::vector<Slot> Series::pending(SlotTime begin, SlotTime end) const {
  std::map<SlotTime, Slot> all;  // a later one of the same time counts
  const auto take = [&](const Slot& slot) {
    if (slot.start >= begin && slot.start < end) all.insert_or_assign(slot.start, slot);
  };
  for (const Slot& each : unwritten.slots()) take(each);
  std::visit(
      [&take](auto rest) {
        if constexpr (std::is_same_v<decltype(rest), GrowthSlots>) rest.leave_out_gap();
        const auto running = rest.running();
        while (const auto ended = rest.take()) take(*ended);
        if (running && (running->value != 0 || running->covered > 0)) take(*running);
      },
      slots);
  std::vector<Slot> out;
  for (const auto& [start, each] : all) out.push_back(each);
  return out;
}

// What waits already may begin in that quarter-hour.
void Series::resume(const Slot& kept, bool goes_on) {
  std::visit([&](auto& all) { all.put_back(unwritten.slots()); }, slots);
  unwritten.clear();
  if (HeldSlots* const values = held()) return values->resume(kept);
  if (!growth()->resume(kept, read && goes_on)) read.reset();
}

void Series::move(Instant to, Milliseconds by) {
  std::visit([&](auto& all) { all.move(to, by); }, slots);
}

}  // namespace gridtap::history
