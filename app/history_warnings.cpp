#include "app/history_warnings.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "app/device_names.hpp"
#include "app/house_config.hpp"

namespace gridtap::app {
namespace {

namespace fs = std::filesystem;

Place place_of(const Setting& root, std::initializer_list<std::string_view> path) {
  const Setting* found = &root;
  for (const std::string_view key : path) {
    const auto member = std::find_if(found->members.begin(), found->members.end(),
                                     [&](const auto& each) { return each.key == key; });
    if (member == found->members.end()) return {};
    found = &member->value;
  }
  return found->place;
}

std::optional<dev_t> disk_of(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? std::optional(found.st_dev) : std::nullopt;
}

// As far as both are there, by what links lead to.
bool lies_in(const std::string& path, const std::string& directory) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(path + '/', error);
  const fs::path outer = fs::weakly_canonical(directory, error);
  const auto [end, rest] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end();
}

// One that dies takes both.
std::string copies_warning(const HistoryConfig& history, const std::string& state_dir) {
  const std::string& copies = history.copies->directory;
  const std::string remedy = ": give the copies a directory of their own, on another disk";
  if (lies_in(copies, history.directory)) {
    return copies + " lies in the directory of the history, and goes with it" + remedy;
  }
  if (lies_in(history.directory, copies)) {
    return "the history lies in " + copies + ", and goes with its copies" + remedy;
  }
  const auto of_copies = disk_of(copies);
  if (!of_copies) {
    return copies +
           ": no such directory: mount its disk, or make it once: sudo install -d -o gridtap -g "
           "gridtap " +
           copies;
  }
  const bool is_same = of_copies == disk_of(state_dir);
  return is_same ? "it lies on the same file system as the history: who loses the one loses the "
                   "other"
                 : "";
}

// The last part of the path is made by the program; of more a disk may be away. Empty: it is well.
std::string days_warning(const fs::path& directory) {
  std::error_code error;
  if (fs::exists(directory, error) || fs::exists(directory.parent_path(), error)) return {};
  return directory.string() +
         ": no such directory: mount its disk, or make it once: sudo install -d -o gridtap -g "
         "gridtap " +
         directory.string();
}

void warn_of_day_files(const Setting& root, const HistoryConfig& history, Problems& warnings) {
  const Place place = place_of(root, {"history", "day_files", "directory"});
  if (!history.day_files || place.line == 0) return;  // it is below that of the history
  std::string text = days_warning(history.day_files->directory);
  if (!text.empty()) {
    warnings.push_back({place, "history.day_files.directory", std::move(text)});
  }
}

}  // namespace

void warn_of_history(const Setting& root, const HouseConfig& house, Problems& warnings) {
  if (!house.history) return;
  if (house.history->copies) {
    const std::string text = copies_warning(*house.history, house.state_dir);
    if (!text.empty()) {
      warnings.push_back(
          {place_of(root, {"history", "backup", "directory"}), "history.backup.directory", text});
    }
  }
  warn_of_day_files(root, *house.history, warnings);
  std::vector<std::string> devices;
  for (const DeviceConfig& device : house.devices) devices.push_back(device.id);
  for (const std::string& pattern : house.history->series) {
    const std::string_view device = std::string_view(pattern).substr(0, pattern.find('/'));
    if (pattern.find('/') == pattern.npos || any_device_fits(device, devices)) continue;
    warnings.push_back({place_of(root, {"history", "series"}), "history.series",
                        pattern + ": no device of this configuration has such a name"});
  }
}

}  // namespace gridtap::app
