#pragma once
// What is not wrong in the settings of the history and yet worth a word: copies that die together
// with it, values of devices that are not there.

#include "core/setting.hpp"

namespace gridtap::app {

struct HouseConfig;

void warn_of_history(const Setting& root, const HouseConfig& house, Problems& warnings);

}  // namespace gridtap::app
