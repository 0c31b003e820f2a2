#pragma once
// Which boot of the machine this is: times that only run on can be compared within one.

#include <string>

namespace gridtap::io {

// The kernel's id of this boot; empty where it tells none.
std::string boot_id();

}  // namespace gridtap::io
