#include "app/device_names.hpp"

#include <algorithm>

#include "core/ids.hpp"
#include "core/section_problems.hpp"

namespace gridtap::app {

std::optional<std::string> device_name_problem(std::string_view id,
                                               const std::vector<std::string>& devices) {
  const bool known = id == gateway_device ||
                     std::any_of(devices.begin(), devices.end(), [&](const std::string& each) {
                       return id == each || id.starts_with(each + '_');
                     });
  if (known) return {};
  Words words(devices.begin(), devices.end());
  words.push_back(gateway_device);
  return "no device " + marked(id) + did_you_mean(id, words);
}

}  // namespace gridtap::app
