#pragma once
// The way out for readings that are held back: the button `accept_readings`, which takes them as
// right. It is declared with the first one; what is held back now, and why, is told by the entity
// `held` (gateway/withheld.hpp).

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/effect.hpp"
#include "core/vocabulary.hpp"

namespace gridtap {

inline constexpr std::array<std::string_view, 2> held_keys = {accept_key, held_key};

class HeldReadings {
 public:
  // Reports a reading that is held back, and first of all the button that ends it.
  void hold(const Reading& reading, std::string_view reason, Effects& effects) {
    if (!std::exchange(declared_, true)) effects(Entity{"", find_spec(accept_key)});
    effects(Held{reading, reason});
  }

 private:
  bool declared_ = false;
};

// The answer to a press of the button while nothing is held back.
inline Rejected nothing_held(const Command& command) {
  return {command.channel, command.key, command.text, {Fault::refused, "nothing is held back"}};
}

}  // namespace gridtap
