#pragma once
// Which other program has a device open, as far as /proc tells an ordinary user.

#include <string>

namespace gridtap::io {

// "NAME (pid 123)", or empty where nobody is found.
std::string port_holder(const std::string& path);

}  // namespace gridtap::io
