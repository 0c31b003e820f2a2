#include "history/rows.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::history {
namespace {

// The first quarter-hour that is not before the time.
SlotTime slot_after(Instant time) { return std::chrono::ceil<Quarters>(time); }

// In the order of time, each once: of two the fuller one, or else the later.
std::vector<Slot> joined(std::vector<Slot> slots, const std::vector<Slot>& pending) {
  if (pending.empty()) return slots;
  slots.insert(slots.end(), pending.begin(), pending.end());
  std::stable_sort(slots.begin(), slots.end(),
                   [](const Slot& a, const Slot& b) { return a.start < b.start; });
  std::vector<Slot> all;
  for (const Slot& each : slots) {
    const bool is_new = all.empty() || all.back().start != each.start;
    if (is_new) {
      all.push_back(each);
    } else if (each.covered >= all.back().covered) {
      all.back() = each;
    }
  }
  return all;
}

}  // namespace

Rows::Rows(Query query, const Zone& zone, std::size_t piece)
    : query_(std::move(query)),
      zone_(zone),
      piece_(piece),
      end_(slot_after(query_.range.end)),
      period_(period_of(query_.range.begin, query_.step, zone)) {
  for (const SeriesHead& each : query_.series) {
    feeds_.push_back({Sums(each.kind, query_.step, zone), slot_of(query_.range.begin)});
  }
  row_.points.resize(feeds_.size());
}

// Of the one that is behind.
std::optional<Rows::Wanted> Rows::wants() const {
  const auto behind =
      std::min_element(feeds_.begin(), feeds_.end(),
                       [](const Feed& a, const Feed& b) { return a.known_until < b.known_until; });
  const bool is_known = behind == feeds_.end() || behind->known_until >= end_ ||
                        Instant(behind->known_until) >= period_.end;
  if (is_known) return {};
  return Wanted{static_cast<std::size_t>(behind - feeds_.begin()), behind->known_until, end_};
}

void Rows::give(std::vector<Slot> slots, const std::vector<Slot>& pending) {
  const auto wanted = wants();
  if (!wanted) return;
  Feed& feed = feeds_[wanted->series];
  const bool all = slots.size() < piece_;
  const SlotTime until = all ? end_ : slots.back().start + Quarters{1};
  feed.known_until = std::max(until, wanted->begin + Quarters{1});
  take_slots(feed);  // all that are left: they are of the running period
  feed.slots = joined(std::move(slots), pending);
  std::erase_if(feed.slots, [&](const Slot& each) {
    return each.start < wanted->begin || each.start >= feed.known_until;
  });
  feed.taken = 0;
  take_slots(feed);
}

// Those of the running period go into its sum.
void Rows::take_slots(Feed& feed) const {
  while (feed.taken < feed.slots.size() && feed.slots[feed.taken].start < period_.end) {
    feed.sums.add(feed.slots[feed.taken++], period_);
  }
}

const Row* Rows::next() {
  if (period_.begin >= query_.range.end || wants()) return nullptr;
  row_.period = period_;
  for (std::size_t n = 0; n < feeds_.size(); ++n) {
    Feed& feed = feeds_[n];
    take_slots(feed);
    row_.points[n] = feed.sums.end();
    const bool is_total = query_.series[n].kind == SeriesKind::growth;
    if (row_.points[n] && row_.points[n]->covered == 0 && !is_total) row_.points[n].reset();
  }
  period_ = period_of(period_.end, query_.step, zone_);
  return &row_;
}

}  // namespace gridtap::history
