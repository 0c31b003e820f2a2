#include "history/imported.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace gridtap::history {

namespace {

// Seconds more that are known: the last line before a silence holds on for about as long.
constexpr std::int32_t much_more = whole_quarter / 10;

// What it has seen: a switch that was ON for a part of the time both.
struct Span {
  std::int64_t low, high;
};
Span span_of_switch(const Slot& slot) {
  const bool is_both = slot.value > 0 && slot.value < slot.covered;
  return {is_both ? 0 : slot.value, is_both ? slot.covered : slot.value};
}
// Nothing: registers that are not known.
std::optional<Span> span_of(SeriesKind kind, const Slot& slot) {
  if (kind == SeriesKind::time_on) return span_of_switch(slot);
  if (kind == SeriesKind::mean) {
    return Span{slot.low.value_or(slot.value), slot.high.value_or(slot.value)};
  }
  if (!slot.low) return {};
  const std::int64_t end = slot.high.value_or(*slot.low + slot.value);
  return Span{std::min(*slot.low, end), std::max(*slot.low, end)};
}

// They overlap or touch. Of a measurement the lines have not seen all that there was.
bool can_be_one(SeriesKind kind, const Slot& old, const Slot& fresh) {
  const auto known = span_of(kind, old), seen = span_of(kind, fresh);
  if (!known || !seen) return false;
  const std::int64_t unseen = kind == SeriesKind::mean ? seen->high - seen->low : 0;
  return known->low - unseen <= seen->high && seen->low <= known->high + unseen;
}

// What was recorded has the smallest value, or the register at its begin. Switches never do.
bool may_be_share(SeriesKind kind, const Slot& old) {
  return kind != SeriesKind::time_on && !old.low;
}

std::optional<ImportSum::Contradiction> contradiction(const SeriesHead& head,
                                                      const std::optional<HourRows::Clash>& clash) {
  if (!clash) return {};
  return ImportSum::Contradiction{clash->place, head, clash->old, clash->fresh, false};
}

}  // namespace

void Origins::add(SlotTime start, FilePlace place) {
  if (all_.empty() || all_.back().start < start) all_.push_back({start, place});
}

FilePlace Origins::of(SlotTime start) const {
  const auto after =
      std::upper_bound(all_.begin(), all_.end(), start,
                       [](SlotTime time, const Origin& each) { return time < each.start; });
  if (all_.empty()) return {};
  return after == all_.begin() ? all_.front().place : std::prev(after)->place;
}

std::size_t leave_out(Imported& imported, const Period& taken) {
  std::size_t left_out = 0;
  for (SeriesSlots& each : imported.series) {
    left_out += std::erase_if(each.slots, [&](const Slot& slot) {
      return Instant(slot.start) < taken.begin || Instant(slot.start) >= taken.end;
    });
  }
  return left_out * static_cast<std::size_t>(imported.is_hours ? HourRows::length.count() : 1);
}

std::optional<SlotTime> first_since(const Imported& imported, Instant time) {
  std::optional<SlotTime> first;
  for (const SeriesSlots& each : imported.series) {
    const auto found =
        std::lower_bound(each.slots.begin(), each.slots.end(), time,
                         [](const Slot& slot, Instant than) { return slot.start < than; });
    if (found != each.slots.end()) first = std::min(first.value_or(found->start), found->start);
  }
  return first;
}

// A table has no registers.
Joined join(const Slot& old, const Slot& fresh) {
  const bool has_both = old.low && fresh.low && old.high && fresh.high;
  const bool is_same =
      old.value == fresh.value && (!has_both || (old.low == fresh.low && old.high == fresh.high));
  if (is_same) return Joined::old;
  if (old.covered != fresh.covered) {
    return old.covered > fresh.covered ? Joined::old : Joined::fresh;
  }
  return Joined::contradiction;
}

Joined join_sampled(SeriesKind kind, const Slot& old, const Slot& fresh) {
  if (!can_be_one(kind, old, fresh)) return join(old, fresh);
  // The same from the begin on, and then more: the last day file ended in it.
  const bool goes_on = kind == SeriesKind::growth && fresh.low == old.low && fresh.high >= old.high;
  const std::int32_t more = goes_on ? 0 : much_more;
  return fresh.covered > old.covered + more ? Joined::fresh : Joined::old;
}

Joined ImportSum::join_with(const SeriesHead& head, const Item& old, const Item& fresh) {
  if (!old.is_sampled && !fresh.is_sampled) return join(old.slot, fresh.slot);
  return join_sampled(head.kind, old.slot, fresh.slot);
}

std::optional<ImportSum::Contradiction> ImportSum::add(const Imported& imported) {
  for (const SeriesSlots& each : imported.series) {
    std::vector<Item> items;
    items.reserve(each.slots.size());
    for (const Slot& slot : each.slots) {
      items.push_back({slot, imported.origins.of(slot.start), imported.is_sampled});
    }
    const auto [at, is_new] = series_.try_emplace(each.head.name, each.head);
    auto found = imported.is_hours ? add_hours(at->second, items) : add(at->second, items);
    if (found) return found;
  }
  return {};
}

std::vector<ImportSum::Item>::iterator ImportSum::first_item(std::vector<Item>& items,
                                                             SlotTime time) {
  return std::lower_bound(items.begin(), items.end(), time,
                          [](const Item& each, SlotTime than) { return each.slot.start < than; });
}

// Files mostly follow each other: what is before them stays where it is.
std::optional<ImportSum::Contradiction> ImportSum::add(Fresh& fresh,
                                                       const std::vector<Item>& items) {
  if (items.empty()) return {};
  const auto first = first_item(fresh.items, items.front().slot.start);
  std::vector<Item> all;
  auto old = first;
  for (const Item& item : items) {
    for (; old != fresh.items.end() && old->slot.start < item.slot.start; ++old) {
      all.push_back(*old);
    }
    const bool is_there = old != fresh.items.end() && old->slot.start == item.slot.start;
    const Joined joined = is_there ? join_with(fresh.head, *old, item) : Joined::fresh;
    if (joined == Joined::contradiction) {
      return Contradiction{item.place, fresh.head, old->slot, item.slot, false};
    }
    all.push_back(joined == Joined::old ? *old : item);
    if (is_there) ++old;
  }
  all.insert(all.end(), old, fresh.items.end());
  fresh.items.erase(first, fresh.items.end());
  fresh.items.insert(fresh.items.end(), all.begin(), all.end());
  return {};
}

std::optional<ImportSum::Contradiction> ImportSum::add_hours(Fresh& fresh,
                                                             const std::vector<Item>& hours) {
  std::vector<HourRows::Row> rows;
  rows.reserve(hours.size());
  for (const Item& each : hours) rows.push_back({each.slot, each.place});
  return contradiction(fresh.head, fresh.hours.add(rows));
}

std::vector<ImportSum::Range> ImportSum::ranges() const {
  std::vector<Range> all;
  for (const auto& [name, fresh] : series_) {
    std::optional<Range> range;
    const auto reach = [&, series = name](SlotTime begin, SlotTime end) {
      if (!range) range = Range{series, begin, end};
      range->begin = std::min(range->begin, begin);
      range->end = std::max(range->end, end);
    };
    const auto& hours = fresh.hours.rows();
    if (!fresh.items.empty()) {
      reach(fresh.items.front().slot.start, fresh.items.back().slot.start + Quarters{1});
    }
    if (!hours.empty()) {
      reach(hours.front().whole.start, hours.back().whole.start + HourRows::length);
    }
    if (range) all.push_back(*std::move(range));
  }
  return all;
}

std::optional<ImportSum::Contradiction> ImportSum::meet(const std::string& series,
                                                        const std::vector<Slot>& old) {
  const auto its = series_.find(series);
  if (its == series_.end() || old.empty()) return {};
  Fresh& fresh = its->second;
  std::optional<Contradiction> found;
  auto at = old.begin();
  const auto first = first_item(fresh.items, old.front().start);
  const auto last = first_item(fresh.items, old.back().start + Quarters{1});
  const auto is_known = [&](const Item& item) {
    while (at != old.end() && at->start < item.slot.start) ++at;
    if (at == old.end() || at->start != item.slot.start) return false;
    const Joined joined = join_with(fresh.head, {*at, {}}, item);
    if (joined == Joined::contradiction && !found) {
      found =
          Contradiction{item.place, fresh.head, *at, item.slot, may_be_share(fresh.head.kind, *at)};
    }
    return joined == Joined::old;
  };
  fresh.items.erase(std::remove_if(first, last, is_known), last);
  if (!found) meet_hours(fresh, old);
  return found;
}

// Of a time of which files have something better, that counts (settle()).
void ImportSum::meet_hours(Fresh& fresh, const std::vector<Slot>& old) {
  if (fresh.hours.rows().empty()) return;
  auto item = first_item(fresh.items, old.front().start);
  for (const Slot& each : old) {
    while (item != fresh.items.end() && item->slot.start < each.start) ++item;
    if (item == fresh.items.end() || item->slot.start != each.start) fresh.hours.meet(each);
  }
}

std::optional<ImportSum::Contradiction> ImportSum::settle(ImportNotes& notes) {
  std::optional<Contradiction> found;
  for (auto& [name, fresh] : series_) {
    for (const Item& each : fresh.items) fresh.hours.meet(each.slot);
    const auto clash = fresh.hours.settle(notes);
    if (!found) found = contradiction(fresh.head, clash);
  }
  return found;
}

std::vector<SeriesSlots> ImportSum::take() {
  std::vector<SeriesSlots> all;
  for (auto& [name, fresh] : series_) {
    std::vector<Slot> slots = fresh.hours.shared();
    const auto of_hours = static_cast<std::ptrdiff_t>(slots.size());
    for (const Item& item : fresh.items) slots.push_back(item.slot);
    std::inplace_merge(slots.begin(), slots.begin() + of_hours, slots.end(),
                       [](const Slot& a, const Slot& b) { return a.start < b.start; });
    const auto is_same_time = [](const Slot& a, const Slot& b) { return a.start == b.start; };
    slots.erase(std::unique(slots.begin(), slots.end(), is_same_time), slots.end());
    if (!slots.empty()) all.push_back({fresh.head, std::move(slots)});
  }
  series_.clear();
  return all;
}

}  // namespace gridtap::history
