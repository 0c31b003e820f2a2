#pragma once
// Whether a setting that names a device names one that can be there.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gridtap::app {

// What is wrong with an id; nothing where it is that of a configured device, of one behind it,
// which only its wire knows, or of the gateway.
std::optional<std::string> device_name_problem(std::string_view id,
                                               const std::vector<std::string>& devices);

// Whether one of those can have a name that fits, `*` for any text; a `-` in front is no part of
// it.
bool any_device_fits(std::string_view pattern, const std::vector<std::string>& devices);

}  // namespace gridtap::app
