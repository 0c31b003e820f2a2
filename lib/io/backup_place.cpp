#include "io/backup_place.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <sstream>
#include <system_error>

#include "io/read_file.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "gridtap-";

// Whether another file system begins there.
bool is_mounted(const fs::path& point) {
  struct stat here{}, above{};
  return ::stat(point.c_str(), &here) == 0 && ::stat((point / "..").c_str(), &above) == 0 &&
         (here.st_dev != above.st_dev || here.st_ino == above.st_ino);
}

bool is_in(const fs::path& path, const fs::path& directory) {
  const auto [end, rest] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

bool is_copy(const std::string& name) {
  constexpr std::size_t day = 10;  // 2026-11-30
  const bool fits = name.starts_with(prefix) && name.size() == prefix.size() + day;
  return fits && name.find_first_not_of("0123456789-", prefix.size()) == name.npos;
}

}  // namespace

std::string place_problem(const std::string& directory, std::string_view fstab) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    return directory +
           " is not there: is its disk mounted? Else make it once: sudo install -d -o "
           "gridtap -g gridtap " +
           directory;
  }
  const fs::path place = fs::canonical(directory, error);
  std::istringstream lines{std::string(fstab)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device, point;
    const bool is_entry = words >> device >> point && device.front() != '#';
    if (!is_entry || point == "/" || !is_in(place, point) || is_mounted(point)) continue;
    return directory + ": the disk of " + point + " is not mounted";
  }
  return {};
}

std::string place_problem(const std::string& directory) {
  const auto fstab = read_file("/etc/fstab");
  return place_problem(directory, fstab ? *fstab : "");
}

std::string copy_name(std::string_view day) { return std::string(prefix).append(day); }

// The days in their names are in the order of time.
std::vector<std::string> copies_in(const std::string& directory, const std::string& newest) {
  std::error_code error;
  std::vector<std::string> copies;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    if (is_copy(name) && name <= newest) copies.push_back(name);
  }
  std::sort(copies.begin(), copies.end(), std::greater<>());
  return copies;
}

// What its file was written at: a directory has no time that a stick of FAT keeps.
std::optional<Instant> made_at(const std::string& directory, const std::string& name) {
  struct ::stat what = {};
  const std::string file = directory + '/' + name + "/history.db";
  if (::stat(file.c_str(), &what) != 0) return {};
  return Instant(std::chrono::seconds(what.st_mtime));
}

// In some zones it is tomorrow already.
std::vector<std::string> copies_in(const std::string& directory) {
  const auto tomorrow = std::chrono::system_clock::now() + std::chrono::hours(24);
  std::string latest;
  append(latest, Timestamp{std::chrono::floor<std::chrono::milliseconds>(tomorrow)});
  const std::string newest = copy_name(latest.substr(0, std::string_view("2026-11-30").size()));
  auto copies = copies_in(directory, copy_name("9999-12-31"));
  std::stable_partition(copies.begin(), copies.end(),
                        [&](const std::string& name) { return name <= newest; });
  return copies;
}

}  // namespace gridtap::io
