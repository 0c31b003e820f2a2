#pragma once
// Room in the lists that a thousand devices have one of. A vector that doubles leaves up to half of
// its memory unused for ever; these lists grow while a device is first heard, and rarely after it.

#include <cstddef>
#include <vector>

namespace gridtap::model {

inline constexpr std::size_t room_step = 4;

// Room for one more, and for a few that may follow.
template <class Element>
void make_room(std::vector<Element>& list) {
  if (list.size() == list.capacity()) list.reserve(list.size() + room_step);
}

}  // namespace gridtap::model
