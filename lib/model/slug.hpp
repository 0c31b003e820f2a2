#pragma once
// A name as Home Assistant makes an id of it, by which two names are compared as people read them.

#include <string>
#include <string_view>

namespace gridtap::model {

// "House meter L1" is "house_meter_l1". Letters with marks lose them.
std::string slug(std::string_view text);

}  // namespace gridtap::model
