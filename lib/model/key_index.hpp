#pragma once
// Where the entity of a key is: a hash table of slot numbers with two bytes a cell, because a house
// has many small tables. The keys themselves stay with the entities.

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace gridtap::model {

class KeyIndex {
 public:
  static constexpr std::uint16_t none = std::numeric_limits<std::uint16_t>::max();

  // The slot whose key is `key`; `key_of(slot)` names that of a slot.
  template <class KeyOf>
  std::uint16_t find(std::string_view key, KeyOf key_of) const {
    if (cells_.empty()) return none;
    for (std::size_t at = home(key);; at = next(at)) {
      const std::uint16_t slot = cells_[at];
      if (slot == none || key_of(slot) == key) return slot;
    }
  }

  // REQUIRES: no slot has that key yet, and `slot` is not `none`.
  template <class KeyOf>
  void add(std::uint16_t slot, KeyOf key_of) {
    if (6 * (used_ + 1) > 5 * cells_.size()) grow(key_of);
    put(slot, key_of(slot));
    ++used_;
  }

  void clear() {
    cells_.clear();
    used_ = 0;
  }

 private:
  static constexpr std::size_t least = 8;

  std::size_t home(std::string_view key) const {
    return std::hash<std::string_view>{}(key) & (cells_.size() - 1);
  }
  std::size_t next(std::size_t at) const { return (at + 1) & (cells_.size() - 1); }

  void put(std::uint16_t slot, std::string_view key) {
    std::size_t at = home(key);
    while (cells_[at] != none) at = next(at);
    cells_[at] = slot;
  }
  template <class KeyOf>
  void grow(KeyOf key_of) {
    std::vector<std::uint16_t> before(std::max(least, 2 * cells_.size()), none);
    before.swap(cells_);
    for (const std::uint16_t slot : before) {
      if (slot != none) put(slot, key_of(slot));
    }
  }

  std::vector<std::uint16_t> cells_;  // a power of two
  std::size_t used_ = 0;
};

}  // namespace gridtap::model
