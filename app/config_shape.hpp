#pragma once
// Settings that are in the wrong level of the configuration: not indented below what they belong
// to, or in a list where names are wanted. YAML takes them as they are, and each would be a row of
// riddles further down.

#include "core/setting.hpp"

namespace gridtap::app {

// Says one problem for each such slip, where it was made, and moves the settings to where they
// belong, so that reading finds what else is wrong.
void repair_shape(Setting& root, Problems& problems);

}  // namespace gridtap::app
