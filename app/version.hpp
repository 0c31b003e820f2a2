#pragma once
// Which gridtap this is, for a report: version, commit, compiler, and the libraries it was built
// with.

#include <string>
#include <string_view>

namespace gridtap::app {

// Two lines: "gridtap 0.1.0 (d43cbb6)" and "built by GCC 12.2.0 with Paho C++ 1.2.0, ...".
std::string version_text();

// Of the build, by app/version.cmake. The commit is empty where the source is no git checkout.
std::string_view built_commit();
std::string_view built_libraries();

}  // namespace gridtap::app
