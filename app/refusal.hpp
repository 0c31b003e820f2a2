#pragma once
// How a command ends that cannot do what was asked.

#include <string>

namespace gridtap::app {

// Prints why on standard error, in one line. Returns the status to end with.
int refuse(int status, const std::string& why);

}  // namespace gridtap::app
