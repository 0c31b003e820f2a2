#pragma once
// What the recorder has of the history beside the file: who reads the one needs the other.

#include <functional>
#include <string_view>
#include <vector>

#include "core/journal.hpp"

namespace gridtap::history {

// As it is now: all series, those included that have nothing in the file yet, and
// the slots of one that are not there or were not whole when they were written.
struct Kept {
  std::function<std::vector<SeriesHead>()> series;
  std::function<std::vector<Slot>(std::string_view series, SlotTime begin, SlotTime end)> pending;
};

}  // namespace gridtap::history
