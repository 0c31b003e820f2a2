#pragma once
// What is not wrong in a configuration and yet worth a word: secrets that others can read, a port
// that is not there now, a directory that cannot be written. Files are looked at, never opened.

#include "core/setting.hpp"

namespace gridtap::app {

struct HouseConfig;

// Each file of a password or key that others than its owner and group can read.
Problems secret_warnings(const Setting& root);
// Serial ports and the state directory, as they are at this moment for this user; telegrams that
// are read without their checksum; what other machines can read.
Problems place_warnings(const Setting& root, const HouseConfig& house);

}  // namespace gridtap::app
