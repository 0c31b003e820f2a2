#pragma once
// Which other program has a device open, as far as /proc shows it to an ordinary user.

#include <string>

namespace gridtap::io {

// Returns "NAME (pid 123)", or empty if no program is found.
std::string port_holder(const std::string& path);

}  // namespace gridtap::io
