// Gas of meters before DSMR 2 (Itron ACE4000): under medium 7 the last 24 hours, a line each, value
// first, those of today before those of yesterday:
//
//   0-3:96.1.0*255(39988776         )
//   7-0:23.1.0*255(04122.830*m3)(26-01-15 13:00:00)
//   7-0:23.1.0*255(04117.020*m3)(26-01-14 14:00:00)
//   7-0:24.4.0*255(0)
//
// The newest is the reading, the others stay raw. The id is on a channel that has nothing else.

#include <algorithm>

#include "adapters/p1/mbus.hpp"

namespace gridtap::p1 {
namespace {

constexpr unsigned gas_medium = 7;
constexpr int gas_type = 3;

}  // namespace

bool is_of_day_list(const Object& object) {
  if (object.a != gas_medium || object.b != 0 || object.f != 255) return false;
  return packed(object) == packed(gas_medium, 23, 1, 0) ||
         packed(object) == packed(gas_medium, 24, 4, 0);
}

void MBus::collect_day_list(const Context& in, const Object& object, Slot& list) {
  if (object.c == 24) {
    list.valve = &object;
    return;
  }
  std::string_view groups = object.groups;
  const auto value = take_group(groups), moment = take_group(groups);
  const auto read = moment ? parse_time(*moment) : std::nullopt;
  const auto number = value ? parse_number(*value) : std::nullopt;
  const std::optional<Instant> reference = in.time ? in.time : in.now.wall;
  Candidate candidate{&object, {}, number, false, false, 0};
  if (read) candidate.time = clock_.resolve(*read, reference);
  candidate.available = candidate.time && number && number->quantity != Quantity::none &&
                        MeterClock::is_sane(candidate.time->instant, reference);
  if (!candidate.available) return say_unknown(in, object, "");
  if (list.candidates.empty()) return list.candidates.push_back(candidate);
  Candidate& newest = list.candidates.front();
  const bool newer = candidate.time->instant > newest.time->instant;
  say_unknown(in, newer ? *newest.object : object, "");
  if (newer) newest = candidate;
}

void MBus::place_day_list(const Context& in, Slot& list) {
  const auto is_free = [](const Slot& slot) { return slot.type < 0 && slot.candidates.empty(); };
  auto slot = std::find_if(in.slots.begin(), in.slots.end(),
                           [&](const Slot& each) { return is_free(each) && !each.id.empty(); });
  if (slot == in.slots.end()) slot = std::find_if(in.slots.begin(), in.slots.end(), is_free);
  if (slot == in.slots.end()) return say_unknown(in, *list.candidates.front().object, "");
  slot->type = gas_type;
  slot->candidates = list.candidates;
  if (slot->valve == nullptr) slot->valve = list.valve;
}

}  // namespace gridtap::p1
