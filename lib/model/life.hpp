#pragma once
// The life of an entity, as one table (life.cpp):
//
//   remembered   an earlier run had it, and its device has not sent a frame yet
//   missing      frames came since, and it was in none of them
//   declared     an Entity effect of this run made it; it has no value yet
//   seen         it has had a value in this run
//   gone         given up, or of the device that was here before: the model drops it

#include <array>
#include <cstdint>
#include <string_view>

namespace gridtap::model {

enum class Life : std::uint8_t { remembered, declared, seen, missing, gone };
inline constexpr std::array<std::string_view, 5> life_names = {"remembered", "declared", "seen",
                                                               "missing", "gone"};

enum class LifeEvent : std::uint8_t {
  declaration,  // an Entity effect
  value,        // a Reading
  frame,        // the first good frame of its device in this run
  time_up,      // the wait for what is missing is over
  emptied,      // another device took the place of its own; this run declared it
  replaced,     // the same, of an entity that no effect of this run has declared
};
inline constexpr std::size_t life_events = 6;

// Returns the life after the event. What an event does not concern stays as it is.
Life next_life(Life life, LifeEvent event);

}  // namespace gridtap::model
