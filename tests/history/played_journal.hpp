#pragma once
// Slots by series, as a journal or a recorder has them.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/journal.hpp"

namespace gridtap::history {

using KeptSlots = std::map<std::string, std::vector<Slot>, std::less<>>;

inline std::vector<Slot> slots_of(const KeptSlots& kept, std::string_view series, SlotTime begin,
                                  SlotTime end) {
  std::vector<Slot> found;
  const auto all = kept.find(series);
  if (all == kept.end()) return found;
  for (const Slot& each : all->second) {
    if (each.start >= begin && each.start < end) found.push_back(each);
  }
  return found;
}

}  // namespace gridtap::history
