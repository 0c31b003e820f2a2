#include "history/imported.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::history {

void ImportNotes::add(FilePlace place, std::string text) {
  if (++counts_[place.file] <= most_of_a_file) notes_.push_back({place, std::move(text)});
}

std::vector<ImportNote> ImportNotes::all() const {
  std::vector<ImportNote> all = notes_;
  for (const auto& [file, count] : counts_) {
    if (count <= most_of_a_file) continue;
    all.push_back({{file, 0}, std::to_string(count - most_of_a_file) + " more lines like these"});
  }
  std::stable_sort(all.begin(), all.end(), [](const ImportNote& a, const ImportNote& b) {
    return a.place.file < b.place.file;
  });
  return all;
}

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

std::optional<ImportSum::Contradiction> ImportSum::add(const Imported& imported) {
  for (const SeriesSlots& each : imported.series) {
    std::vector<Item> items;
    items.reserve(each.slots.size());
    for (const Slot& slot : each.slots) {
      items.push_back({slot, imported.origins.of(slot.start)});
    }
    const auto [at, is_new] = series_.try_emplace(each.head.name, Fresh{each.head});
    if (auto found = add(at->second, items)) return found;
  }
  return {};
}

std::optional<ImportSum::Contradiction> ImportSum::add(Fresh& fresh,
                                                       const std::vector<Item>& items) {
  std::vector<Item> all;
  all.reserve(fresh.items.size() + items.size());
  auto old = fresh.items.begin();
  for (const Item& item : items) {
    for (; old != fresh.items.end() && old->slot.start < item.slot.start; ++old) {
      all.push_back(*old);
    }
    const bool is_there = old != fresh.items.end() && old->slot.start == item.slot.start;
    const Joined joined = is_there ? join(old->slot, item.slot) : Joined::fresh;
    if (joined == Joined::contradiction) {
      return Contradiction{item.place, fresh.head, old->slot, item.slot};
    }
    all.push_back(joined == Joined::old ? *old : item);
    if (is_there) ++old;
  }
  all.insert(all.end(), old, fresh.items.end());
  fresh.items = std::move(all);
  return {};
}

std::vector<ImportSum::Range> ImportSum::ranges() const {
  std::vector<Range> all;
  for (const auto& [name, fresh] : series_) {
    if (fresh.items.empty()) continue;
    all.push_back(
        {name, fresh.items.front().slot.start, fresh.items.back().slot.start + Quarters{1}});
  }
  return all;
}

std::optional<ImportSum::Contradiction> ImportSum::meet(const std::string& series,
                                                        const std::vector<Slot>& old) {
  const auto found = series_.find(series);
  if (found == series_.end()) return {};
  Fresh& fresh = found->second;
  std::optional<Contradiction> contradiction;
  auto at = old.begin();
  std::erase_if(fresh.items, [&](const Item& item) {
    while (at != old.end() && at->start < item.slot.start) ++at;
    if (at == old.end() || at->start != item.slot.start) return false;
    const Joined joined = join(*at, item.slot);
    if (joined == Joined::contradiction && !contradiction) {
      contradiction = Contradiction{item.place, fresh.head, *at, item.slot};
    }
    return joined == Joined::old;
  });
  return contradiction;
}

std::vector<SeriesSlots> ImportSum::take() {
  std::vector<SeriesSlots> all;
  for (auto& [name, fresh] : series_) {
    if (fresh.items.empty()) continue;
    SeriesSlots& series = all.emplace_back(SeriesSlots{fresh.head, {}});
    for (const Item& item : fresh.items) series.slots.push_back(item.slot);
    fresh.items.clear();
  }
  return all;
}

}  // namespace gridtap::history
