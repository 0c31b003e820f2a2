#pragma once
// What is due next, and when: a binary heap of indexes ordered by time, in which the time of an
// index can be moved. Whoever waits for a thousand devices looks at those that are due, and at no
// other.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/value.hpp"

namespace gridtap::model {

class DueQueue {
 public:
  // Mono::max(): nothing is due. Indexes are small numbers without large gaps.
  void set(std::size_t index, Mono due) {
    if (index >= place_.size()) place_.resize(index + 1, absent);
    if (due == Mono::max()) return remove(index);
    if (place_[index] == absent) {
      place_[index] = static_cast<std::uint32_t>(heap_.size());
      heap_.push_back({due, static_cast<std::uint32_t>(index)});
    }
    const std::size_t at = place_[index];
    heap_[at].due = due;
    sink(rise(at));
  }
  // The same, where it makes the index due earlier.
  void hasten(std::size_t index, Mono due) {
    if (due < this->due(index)) set(index, due);
  }
  Mono due(std::size_t index) const {
    const bool waits = index < place_.size() && place_[index] != absent;
    return waits ? heap_[place_[index]].due : Mono::max();
  }
  Mono next() const { return heap_.empty() ? Mono::max() : heap_.front().due; }

  // Takes out what is due by `now` and appends it to `out`, in the order of the indexes.
  void take(Mono now, std::vector<std::size_t>& out) {
    const auto first = static_cast<std::ptrdiff_t>(out.size());
    while (next() <= now) {
      out.push_back(heap_.front().index);
      remove(heap_.front().index);
    }
    std::sort(out.begin() + first, out.end());
  }

 private:
  static constexpr std::uint32_t absent = std::numeric_limits<std::uint32_t>::max();
  struct Item {
    Mono due;
    std::uint32_t index;
  };

  void remove(std::size_t index) {
    const std::uint32_t at = place_[index];
    if (at == absent) return;
    exchange(at, heap_.size() - 1);
    heap_.pop_back();
    place_[index] = absent;
    if (at < heap_.size()) sink(rise(at));
  }
  std::size_t rise(std::size_t at) {
    while (at > 0 && heap_[at].due < heap_[(at - 1) / 2].due) {
      exchange(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
    return at;
  }
  void sink(std::size_t at) {
    for (;;) {
      std::size_t least = at;
      for (std::size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap_.size(); ++child) {
        if (heap_[child].due < heap_[least].due) least = child;
      }
      if (least == at) return;
      exchange(at, least);
      at = least;
    }
  }
  void exchange(std::size_t a, std::size_t b) {
    std::swap(heap_[a], heap_[b]);
    place_[heap_[a].index] = static_cast<std::uint32_t>(a);
    place_[heap_[b].index] = static_cast<std::uint32_t>(b);
  }

  std::vector<Item> heap_;
  std::vector<std::uint32_t> place_;  // of each index in the heap
};

}  // namespace gridtap::model
