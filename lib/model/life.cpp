#include "model/life.hpp"

namespace gridtap::model {
namespace {

using enum Life;

// An entity that is gone stays so: the same key is a new entity.
constexpr Life table[life_names.size()][life_events] = {
    // declaration  value  frame     time_up     emptied     replaced
    {declared, seen, missing, remembered, remembered, gone},  // remembered
    {declared, seen, declared, declared, declared, gone},     // declared
    {seen, seen, seen, seen, declared, gone},                 // seen
    {declared, seen, missing, gone, missing, gone},           // missing
    {gone, gone, gone, gone, gone, gone},                     // gone
};

}  // namespace

Life next_life(Life life, LifeEvent event) {
  return table[static_cast<std::size_t>(life)][static_cast<std::size_t>(event)];
}

}  // namespace gridtap::model
