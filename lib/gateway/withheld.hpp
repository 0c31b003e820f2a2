#pragma once
// What is held back now, and why, in plain English: the text of the entity `held`. Each reading is
// in it until one of its key is accepted.

#include <string>
#include <string_view>
#include <vector>

#include "core/effect.hpp"

namespace gridtap {

// What a reason of a held reading means, what ends it, and the setting that decides.
std::string held_text(std::string_view reason);

class Withheld {
 public:
  static constexpr std::size_t most_shown = 3;  // readings that are named
  static constexpr std::size_t most = 64;       // that are kept

  void hold(const Held& held);
  // It was accepted, or is another device's.
  void accept(const Reading& reading);
  void forget(std::string_view channel);

  // "none", or "energy_import_t1 0 kWh, energy_import_t2 0 kWh are withheld: ...". At most as long
  // as a state of Home Assistant.
  std::string text() const;

 private:
  struct Item {
    std::string channel, key, value, reason;
  };
  Item* find(std::string_view channel, std::string_view key);

  std::vector<Item> items_;
};

}  // namespace gridtap
