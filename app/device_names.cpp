#include "app/device_names.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/section_problems.hpp"

namespace gridtap::app {
namespace {

// How far into the pattern one may be after that text; a `*` takes any number of letters.
std::vector<bool> places_after(std::string_view text, std::string_view pattern) {
  std::vector<bool> at(pattern.size() + 1);
  const auto stand = [&](std::size_t place) {
    for (; !at[place]; ++place) {
      at[place] = true;
      if (place == pattern.size() || pattern[place] != '*') return;
    }
  };
  stand(0);
  for (const char letter : text) {
    const std::vector<bool> before = std::exchange(at, std::vector<bool>(pattern.size() + 1));
    for (std::size_t place = 0; place < pattern.size(); ++place) {
      if (!before[place]) continue;
      if (pattern[place] == '*') stand(place);
      if (pattern[place] == letter) stand(place + 1);
    }
  }
  return at;
}

bool fits(std::string_view name, std::string_view pattern) {
  return places_after(name, pattern).back();
}

// Some name does that begins so.
bool may_fit(std::string_view begin, std::string_view pattern) {
  const std::vector<bool> places = places_after(begin, pattern);
  return std::find(places.begin(), places.end(), true) != places.end();
}

}  // namespace

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

bool any_device_fits(std::string_view pattern, const std::vector<std::string>& devices) {
  if (pattern.starts_with('-')) pattern.remove_prefix(1);
  return fits(gateway_device, pattern) ||
         std::any_of(devices.begin(), devices.end(), [&](const std::string& each) {
           return fits(each, pattern) || may_fit(each + '_', pattern);
         });
}

}  // namespace gridtap::app
